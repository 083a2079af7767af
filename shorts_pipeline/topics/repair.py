"""Repair: vectors that are missing: of a run killed between its commit and the vector store, of another model, or of
another text (titles alone, once).

Before a run asks what was told, so that nothing has to be written in both places at once. A few thousand ids at a time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import Topic
from shorts_pipeline.resources.vectors.batches import in_batches
from shorts_pipeline.topics.past import TOLD_AT, tellings_of
from shorts_pipeline.topics.remember import COLLECTION, open_vectors, remember_vectors

if TYPE_CHECKING:
    from shorts_pipeline.resources.models.embedder import Embedder
    from shorts_pipeline.resources.vectors.store import VectorStore

LOOKED_THROUGH, AT_ONCE = 2_000, 500


def repair_vectors(
    sessions: sessionmaker[Session],
    store: "VectorStore",
    embedder: "Embedder",
    channel_id: UUID,
    since: datetime,
    *,
    most: int | None = None,
    tell: Callable[[int], object] = lambda _: None,
) -> int:
    """Open the collection and embed what the channel has told since then and has no vector, `most` at most.

    Returns the number embedded; `tell` hears it batch by batch.
    """
    missing = missing_vectors(sessions, store, embedder, channel_id, since)
    return embed_topics(sessions, store, embedder, channel_id, missing, most=most, tell=tell)


def missing_vectors(
    sessions: sessionmaker[Session], store: "VectorStore", embedder: "Embedder", channel_id: UUID, since: datetime
) -> Iterator[list[UUID]]:
    """Open the collection; ids of what the channel has told since then and has no vector, some at a time."""
    open_vectors(store, embedder)
    for ids in _told_since(sessions, channel_id, since):
        if missing := store.missing(COLLECTION, ids):
            yield sorted(missing)


def embed_topics(
    sessions: sessionmaker[Session],
    store: "VectorStore",
    embedder: "Embedder",
    channel_id: UUID,
    found: Iterable[Sequence[UUID]],
    collection: str = COLLECTION,
    *,
    most: int | None = None,
    tell: Callable[[int], object] = lambda _: None,
) -> int:
    """Embed these topics of a channel into an open collection, `most` at most; returns how many.

    `tell` hears it batch by batch.
    """
    embedded = 0
    for ids in in_batches(found, AT_ONCE, most):
        with sessions() as session:
            tellings = list(tellings_of(session, ids).values())
        vectors = embedder.embed([each.embedded for each in tellings])
        remember_vectors(store, channel_id, tellings, vectors, collection)
        embedded += len(tellings)
        tell(len(tellings))
    return embedded


def _told_since(sessions: sessionmaker[Session], channel_id: UUID, since: datetime) -> Iterator[list[UUID]]:
    """Ids of the channel's topics told since then, some at a time, each time in a transaction of its own."""
    last: tuple[datetime, UUID] | None = None
    while True:
        statement = select(TOLD_AT, Topic.id).where(Topic.channel_id == channel_id, since <= TOLD_AT)
        if last is not None:
            statement = statement.where(tuple_(TOLD_AT, Topic.id) > last)
        with sessions() as session:
            rows = session.execute(statement.order_by(TOLD_AT, Topic.id).limit(LOOKED_THROUGH)).all()
        if not rows:
            return
        yield [id for _, id in rows]
        last = rows[-1][0], rows[-1][1]
