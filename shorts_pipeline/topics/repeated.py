"""Repeated: stories that stand twice among a channel's topics although they should not, for the asset check.

Looks again, apart from the run that made them: the hash anew from the title, the meaning anew from the stored vectors,
a batch of topics at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import Channel, ChannelStatus
from shorts_pipeline.topics.deduplicate import Telling, likeliest
from shorts_pipeline.topics.past import Past, tellings_since
from shorts_pipeline.topics.remember import COLLECTION, open_vectors
from shorts_pipeline.topics.titles import content_hash, normalize_title

if TYPE_CHECKING:
    from shorts_pipeline.database.documents.topic_config import DuplicateSettings
    from shorts_pipeline.resources.models.embedder import Embedder
    from shorts_pipeline.resources.vectors.store import VectorStore

BATCH = 500


@dataclass(frozen=True)
class Repeated:
    """Two topics of one channel that are one story, or one topic whose hash is not its title's."""

    channel: str
    first: str
    second: str
    how: str

    def __str__(self) -> str:
        return f"{self.channel}: {self.first} | {self.second} ({self.how})"


def repeated_topics(
    sessions: sessionmaker[Session], store: "VectorStore", embedder: "Embedder", now: datetime
) -> list[Repeated]:
    """Topics of active channels, within each one's window, that tell one story by hash or by meaning."""
    with sessions() as session:
        channels = session.execute(
            select(Channel.id, Channel.slug, Channel.topic_config).where(Channel.status == ChannelStatus.ACTIVE)
        ).all()
    open_vectors(store, embedder)
    found = []
    for id, slug, config in channels:
        window = timedelta(hours=config.duplicates.window_hours)
        past = Past(sessions, store, None, id, config.duplicates)
        pairs: dict[frozenset[UUID], Repeated] = {}
        for tellings in _batches(sessions, id, now - window):
            found += [
                Repeated(slug, each.title, each.normalized, "the hash is not that of the title")
                for each in tellings
                if content_hash(normalize_title(each.title)) != each.content_hash
            ]
            pairs |= _by_meaning(slug, past, tellings, config.duplicates, embedder)
        found += pairs.values()
    return found


def _batches(sessions: sessionmaker[Session], channel_id: UUID, since: datetime) -> Iterator[list[Telling]]:
    """The channel's topics told since then, some at a time."""
    last: tuple[datetime, UUID] | None = None
    while True:
        with sessions() as session:
            tellings = tellings_since(session, channel_id, since, after=last, limit=BATCH)
        if not tellings:
            return
        yield tellings
        last = tellings[-1].told_at, tellings[-1].id


def _by_meaning(
    slug: str, past: Past, tellings: Sequence[Telling], settings: "DuplicateSettings", embedder: "Embedder"
) -> dict[frozenset[UUID], Repeated]:
    """Each with the likeliest of its neighbours, once for both."""
    import numpy as np

    stored = past.store.vectors(COLLECTION, [each.id for each in tellings])
    kept = [each for each in tellings if each.id in stored]
    vectors = np.array([stored[each.id] for each in kept], dtype=np.float32)
    neighbours = past.neighbours(kept, vectors)
    found = {}
    for each in kept:
        others = {other.id: (other, cosine) for other, cosine in neighbours[each.id] if other.id != each.id}
        match = likeliest(each, list(others.values()), settings, embedder.thresholds)
        if match:
            first, second = sorted((each, others[match.leader][0]), key=lambda one: (one.told_at, one.id))
            found[frozenset((first.id, second.id))] = Repeated(slug, first.title, second.title, match.how.value)
    return found
