"""Outcomes: how the channel's earlier stories did, found by meaning: their vectors are a collection of their own.

They are kept far longer than those by which repeats are found, and there are far fewer: a story has an outcome only
once its short has figures.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import PerformanceAge, Script, Topic, Upload, Video
from shorts_pipeline.topics.expected import Expected, expect, likeness
from shorts_pipeline.topics.past import TOLD_AT
from shorts_pipeline.topics.remember import open_vectors
from shorts_pipeline.topics.repair import embed_topics

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shorts_pipeline.resources.models.embedder import Embedder, Thresholds
    from shorts_pipeline.resources.vectors.store import VectorStore

COLLECTION = "outcomes"
# From when a story was told. Taste changes, and a channel with it: what did well before that says little.
REMEMBERED = timedelta(days=180)
# Whatever a channel has told, a few of its stories are somewhat like any other: only the nearest count.
NEAREST = 10
# After a week a short stands where it stays; a younger one counts by the first days it has.
OLDEST_AGE_DAYS = 7


@dataclass(frozen=True)
class Outcomes:
    """Where the channel's told stories stand at equal age, 0–1 by topic."""

    standings: Mapping[UUID, float]
    store: "VectorStore"
    channel_id: UUID
    thresholds: "Thresholds"

    def expected(self, vectors: "NDArray[np.float32]") -> list[Expected | None]:
        """For each row of `vectors`, shape (n, dimension), what to expect; None where nothing told is like it."""
        if not self.standings or not len(vectors):
            return [None] * len(vectors)
        hits = self.store.search_many(COLLECTION, vectors.tolist(), channel_id=self.channel_id, limit=NEAREST)
        return [self._expected([(hit.id, hit.score) for hit in own]) for own in hits]

    def _expected(self, near: Sequence[tuple[UUID, float]]) -> Expected | None:
        told = [(cosine, self.standings[id]) for id, cosine in near if id in self.standings]
        return expect([(likeness(cosine, self.thresholds), standing) for cosine, standing in told])


def open_outcomes(
    sessions: sessionmaker[Session], store: "VectorStore", embedder: "Embedder", channel_id: UUID, now: datetime
) -> Outcomes:
    """The channel's outcomes; what the collection lacks of them is embedded first."""
    standings = _standings(sessions, channel_id, now)
    missing = _missing(store, embedder, standings)
    embed_topics(sessions, store, embedder, channel_id, missing, COLLECTION)
    return Outcomes(standings, store, channel_id, embedder.thresholds)


def missing_outcomes(
    sessions: sessionmaker[Session], store: "VectorStore", embedder: "Embedder", channel_id: UUID, now: datetime
) -> Iterator[list[UUID]]:
    """Open the collection; ids of told topics with figures that have no vector, all at once."""
    return _missing(store, embedder, _standings(sessions, channel_id, now))


def forget_outcomes(store: "VectorStore", now: datetime) -> None:
    """Drop what is too old to say anything, of all channels; the collection is open."""
    store.drop_before(COLLECTION, now - REMEMBERED)


def _missing(store: "VectorStore", embedder: "Embedder", ids: Collection[UUID]) -> Iterator[list[UUID]]:
    open_vectors(store, embedder, COLLECTION)
    if missing := store.missing(COLLECTION, ids):
        yield sorted(missing)


def _standings(sessions: sessionmaker[Session], channel_id: UUID, now: datetime) -> dict[UUID, float]:
    """Percentiles / 100 of the remembered topics, by topic; the mean where one was told in several shorts."""
    newest_age = (
        select(Script.topic_id, PerformanceAge.percentile)
        .ext(distinct_on(Upload.id))
        .join(Topic, Topic.id == Script.topic_id)
        .join(Video, Video.script_id == Script.id)
        .join(Upload, Upload.video_id == Video.id)
        .join(PerformanceAge, PerformanceAge.upload_id == Upload.id)
        .where(
            Script.channel_id == channel_id,
            now - REMEMBERED <= TOLD_AT,
            PerformanceAge.age_days <= OLDEST_AGE_DAYS,
            PerformanceAge.percentile.is_not(None),
        )
        .order_by(Upload.id, PerformanceAge.age_days.desc())
        .subquery()
    )
    statement = select(newest_age.c.topic_id, func.avg(newest_age.c.percentile)).group_by(newest_age.c.topic_id)
    with sessions() as session:
        return {id: float(percentile) / 100 for id, percentile in session.execute(statement)}
