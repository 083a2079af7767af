"""A video in, exactly one YouTube video out: describe, schedule, publish."""
