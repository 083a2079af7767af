"""The command line: `shorts …`. Thin: each command opens what it needs and calls one function."""
