"""A script in, a checked video out: narrate, subtitle, illustrate, compose, verify."""
