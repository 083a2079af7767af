"""One short through every room: `shorts demo`."""
