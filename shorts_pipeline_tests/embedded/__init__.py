"""The servers of this machine, tested by starting and killing them."""
