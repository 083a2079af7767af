"""Reindex: vectors and words that a channel's pieces lack: of another model, of a lost store, of an older version.

A batch at a time, each finished before the next begins: a run that was killed loses one batch, and the next one looks
only for what is missing still.
"""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.types import Uuid

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import ContentChunk
from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.resources.vectors import VectorStore
from shorts_pipeline.resources.vectors.batches import in_batches
from shorts_pipeline.scripts.bm25 import content_words, fill_words, recount_words
from shorts_pipeline.scripts.points import open_collection, payload, write_points
from shorts_pipeline.scripts.retrieve import COLLECTION

LOOKED_THROUGH, EMBEDDED_AT_ONCE, FILLED_AT_ONCE = 2_000, 64, 500


def missing_points(
    sessions: sessionmaker[Session], store: VectorStore, embedder: Embedder, channel_id: UUID
) -> Iterator[list[UUID]]:
    """Ids of the channel's pieces that have no vector of the present model, some at a time."""
    open_collection(store, embedder)
    for ids in _all_pieces(sessions, channel_id):
        if missing := store.missing(COLLECTION, ids):
            yield sorted(missing)


def embed_missing(
    sessions: sessionmaker[Session],
    store: VectorStore,
    embedder: Embedder,
    channel_id: UUID,
    *,
    clock: Clock,
    most: int | None = None,
    tell: Callable[[int], object] = lambda _: None,
) -> int:
    """Embed pieces that have no vector of the present model, `most` at most; `tell` hears how many, batch by batch."""
    embedded = 0
    for ids in in_batches(missing_points(sessions, store, embedder, channel_id), EMBEDDED_AT_ONCE, most):
        with sessions() as session:
            rows = session.scalars(select(ContentChunk).where(_among(ids))).all()
        pieces = [(row.id, row.chunk_text, payload(row.script_id, row)) for row in rows]
        write_points(store, embedder, channel_id, pieces, clock.now())
        embedded += len(pieces)
        tell(len(pieces))
    return embedded


def fill_missing_words(sessions: sessionmaker[Session], channel_id: UUID, language: str) -> int:
    """Give pieces of before there was a search by words theirs; how many."""
    filled = 0
    while True:
        with sessions() as session:
            rows = session.execute(
                select(ContentChunk.id, ContentChunk.chunk_text)
                .where(ContentChunk.channel_id == channel_id, ContentChunk.tokens.is_(None))
                .order_by(ContentChunk.id)
                .limit(FILLED_AT_ONCE)
            ).all()
        if not rows:
            return filled
        words = {id: content_words(written, language) for id, written in rows}
        with sessions.begin() as session:
            fill_words(session, words)
        filled += len(rows)


def mend_words(sessions: sessionmaker[Session], channel_id: UUID, language: str) -> int:
    """Give pieces without words theirs and count the channel's words anew; how many had none."""
    filled = fill_missing_words(sessions, channel_id, language)
    with sessions.begin() as session:
        recount_words(session, channel_id)
    return filled


def _all_pieces(sessions: sessionmaker[Session], channel_id: UUID) -> Iterator[list[UUID]]:
    """Ids of the channel's pieces, some at a time, each time in a transaction of its own."""
    last = None
    while True:
        statement = select(ContentChunk.id).where(ContentChunk.channel_id == channel_id)
        if last is not None:
            statement = statement.where(ContentChunk.id > last)
        with sessions() as session:
            ids = list(session.scalars(statement.order_by(ContentChunk.id).limit(LOOKED_THROUGH)))
        if not ids:
            return
        yield ids
        last = ids[-1]


def _among(ids: Sequence[UUID]) -> ColumnElement[bool]:
    return ContentChunk.id == any_(literal(list(ids), ARRAY(Uuid)))
