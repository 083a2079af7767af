"""Moved to shorts_pipeline/selection.py."""

from shorts_pipeline.selection import Selection

__all__ = ["Selection"]
