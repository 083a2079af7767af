"""Channels as files."""
