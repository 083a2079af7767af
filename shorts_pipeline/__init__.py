"""Runs many YouTube Shorts channels from configuration alone."""
