"""The models of this process."""

from functools import lru_cache

import dagster as dg

from shorts_pipeline.resources.models.embedder import Embedder, SentenceTransformerEmbedder
from shorts_pipeline.settings import Settings
from shorts_pipeline.settings import settings as read_settings


@lru_cache
def _embedder(model: str) -> Embedder:
    return SentenceTransformerEmbedder(model)


class ModelsResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The embedder that the settings name, loaded once a process."""

    embedding_model: str

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "ModelsResource":
        return cls(embedding_model=(settings or read_settings()).embedding_model)

    @property
    def embedder(self) -> Embedder:
        return _embedder(self.embedding_model)
