"""Trace: one short's whole way, from the feed items that told the story to its views: every row, run and decision.

Read only, a fixed number of queries, and nothing secret: an upload's session address is never shown.
"""

from sqlalchemy.orm import Session

from shorts_pipeline.operations.trace.named import topic_named
from shorts_pipeline.operations.trace.node import Node
from shorts_pipeline.operations.trace.rows import read
from shorts_pipeline.operations.trace.telling import told

__all__ = ["Node", "trace"]


def trace(session: Session, reference: str) -> Node:
    """The way of what `reference` names: the id (or its first eight letters) of a video, upload, script or topic,
    YouTube's id of the video, or its address.

    Raises `ConfigurationError` where nothing or more than one has that name.
    """
    return told(read(session, topic_named(session, reference)))
