"""The vector store: one small interface, two stores behind it.

pgvector is the embedded default, Qdrant the server for production; both pass the same contract tests.
"""

from shorts_pipeline.resources.vectors.resource import VectorsResource
from shorts_pipeline.resources.vectors.store import Asked, Hit, Payload, Point, VectorStore, Where

__all__ = ["Asked", "Hit", "Payload", "Point", "VectorStore", "VectorsResource", "Where"]
