"""A channel as a file: read, apply, diff."""
