"""Importing: what a channel published before it came here, as topics, scripts, videos and uploads that are done."""
