"""Repeated: stories that stand twice among a channel's topics although they should not, for the asset check.

Looks again, apart from the run that made them: the hash anew from the title, the meaning anew from the stored vectors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import Channel, ChannelStatus
from shorts_pipeline.topics.deduplicate import Telling, by_meaning
from shorts_pipeline.topics.past import COLLECTION, tellings_since
from shorts_pipeline.topics.titles import content_hash, normalize_title

if TYPE_CHECKING:
    from shorts_pipeline.database.documents.topic_config import DuplicateSettings
    from shorts_pipeline.resources.models.embedder import Embedder
    from shorts_pipeline.resources.vectors.store import VectorStore


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
        )
        desks = [
            (
                slug,
                config.duplicates,
                tellings_since(session, id, now - timedelta(hours=config.duplicates.window_hours)),
            )
            for id, slug, config in channels
        ]
    store.ensure(COLLECTION, model=embedder.model, dimension=embedder.dimension)
    found = []
    for slug, settings, tellings in desks:
        found += _by_hash(slug, tellings)
        found += _by_meaning(slug, tellings, settings, store, embedder)
    return found


def _by_hash(slug: str, tellings: Sequence[Telling]) -> list[Repeated]:
    found, seen = [], dict[str, str]()
    for each in tellings:
        hashed = content_hash(normalize_title(each.title))
        if hashed != each.content_hash:
            found.append(Repeated(slug, each.title, each.normalized, "the hash is not that of the title"))
        elif hashed in seen:
            found.append(Repeated(slug, seen[hashed], each.title, "same title"))
        seen.setdefault(hashed, each.title)
    return found


def _by_meaning(
    slug: str, tellings: Sequence[Telling], settings: "DuplicateSettings", store: "VectorStore", embedder: "Embedder"
) -> list[Repeated]:
    import numpy as np

    stored = store.vectors(COLLECTION, [each.id for each in tellings]) if tellings else {}
    kept = [each for each in tellings if each.id in stored]
    if not kept:
        return []
    vectors = np.array([stored[each.id] for each in kept], dtype=np.float32)
    nothing = np.zeros((0, vectors.shape[1]), dtype=np.float32)
    # In the order in which they were made, as when they were compared.
    ranked = [replace(each, rank=(float(index),)) for index, each in enumerate(kept)]
    repeats = by_meaning(ranked, vectors, [], nothing, settings, embedder.thresholds)[0].repeats
    title = {each.id: each.title for each in kept}
    return [Repeated(slug, title[match.leader], title[id], match.how.value) for id, match in repeats.items()]
