"""The vector store of this process: Qdrant where it is named, else pgvector in the application's database."""

from functools import lru_cache

import dagster as dg

from shorts_pipeline.resources.postgres import database_address
from shorts_pipeline.resources.vectors.store import VectorStore
from shorts_pipeline.settings import Settings
from shorts_pipeline.settings import settings as read_settings

TIME_LIMIT = 30


@lru_cache
def _store(database_url: str, qdrant_url: str) -> VectorStore:
    if qdrant_url:
        from qdrant_client import QdrantClient

        from shorts_pipeline.resources.vectors.qdrant import QdrantStore

        key = read_settings().qdrant_api_key
        client = QdrantClient(url=qdrant_url, api_key=key.get_secret_value() if key else None, timeout=TIME_LIMIT)
        return QdrantStore(client)
    from shorts_pipeline.database import make_engine
    from shorts_pipeline.resources.vectors.pgvector import PgVectorStore

    return PgVectorStore(make_engine(database_address(database_url)))


class VectorsResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The vector store. What is not given is read from the settings at each use: configuration is shown and stored."""

    database_url: str | None = None
    qdrant_url: str | None = None

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "VectorsResource":
        if settings is None:
            return cls()
        return cls(database_url=settings.database_url or "", qdrant_url=settings.qdrant_url or "")

    @property
    def store(self) -> VectorStore:
        found = read_settings()
        database_url = found.database_url if self.database_url is None else self.database_url
        qdrant_url = found.qdrant_url if self.qdrant_url is None else self.qdrant_url
        return _store(database_url or "", qdrant_url or "")
