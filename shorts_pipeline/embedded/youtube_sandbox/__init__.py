"""A YouTube of one's own: the parts of the Data, Analytics and Reporting APIs that the pipeline uses.

Rehearse a channel without touching YouTube: the true Google client talks to it over HTTP, it keeps what it was
given on disk, makes up plausible figures that repeat, lives on a clock that can be moved, and fails when told to.
Only what YouTube does belongs here; nothing in here knows the pipeline.
"""

from shorts_pipeline.embedded.youtube_sandbox.server import RunningSandbox, serve

__all__ = ["RunningSandbox", "serve"]
