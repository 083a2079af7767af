"""PostgreSQL, Redis, a YouTube sandbox and example feeds on this machine, for `shorts up`, the demo and tests."""
