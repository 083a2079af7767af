"""Index: approved scripts into pieces with vectors and words, and what earlier pieces lack (reindex.py)."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from redis import Redis
from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import ChunkPosition, ContentChunk, ImportedFrom, JobType, Script
from shorts_pipeline.errors import Rejected
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.operations.work import Save, work_through
from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.resources.vectors import VectorStore
from shorts_pipeline.scripts.bm25 import content_words, count_words
from shorts_pipeline.scripts.candidates import scripts_to_chunk
from shorts_pipeline.scripts.chunk import Chunk, chunks
from shorts_pipeline.scripts.material import Newsroom, newsroom
from shorts_pipeline.scripts.points import open_collection, payload, point_id, write_points
from shorts_pipeline.scripts.reindex import embed_missing, fill_missing_words
from shorts_pipeline.scripts.results import ChunkedScripts
from shorts_pipeline.selection import Selection

STAGE = "content_chunks"
LEASE = timedelta(minutes=5)
# Chunks embedded anew in one run at most; the next run goes on.
MOST_AGAIN = 5_000
NOTHING = Selection()


@dataclass(frozen=True)
class Shelf:
    """What chunking one channel's scripts takes."""

    sessions: sessionmaker[Session]
    store: VectorStore
    embedder: Embedder
    room: Newsroom
    clock: Clock


def chunk_scripts(
    sessions: sessionmaker[Session],
    store: VectorStore,
    embedder: Embedder,
    *,
    channel: str,
    clock: Clock,
    owner: str,
    selection: Selection = NOTHING,
    redis: Redis | None = None,
) -> ChunkedScripts:
    """Cut the channel's approved scripts into chunks and embed them; chunks without a vector get one."""
    with sessions() as session:
        room = newsroom(session, channel)
    if not room.active:
        return ChunkedScripts(channel, note="the channel is not active")
    candidates = scripts_to_chunk(room.id)
    if selection.only:
        candidates = candidates.where(Script.id.in_(selection.only))
    if selection.dry_run:
        with sessions() as session:
            waiting = session.scalar(select(func.count()).select_from(candidates.order_by(None).subquery())) or 0
        return ChunkedScripts(channel, planned=waiting)
    shelf = Shelf(sessions, store, embedder, room, clock)
    return _run(shelf, candidates, owner, selection, redis)


def _run(
    shelf: Shelf, candidates: Select[UUID], owner: str, selection: Selection, redis: Redis | None
) -> ChunkedScripts:
    open_collection(shelf.store, shelf.embedder)
    room, clock = shelf.room, shelf.clock
    details = {"run_id": owner, "partition": room.slug, "step": STAGE}
    with logged(
        shelf.sessions, JobType.GENERATE_SCRIPT, clock=clock, channel_id=room.id, metadata=details, redis=redis
    ) as job:
        worked = work_through(
            shelf.sessions,
            stage=STAGE,
            candidates=candidates,
            owner=owner,
            clock=clock,
            lease=LEASE,
            limit=selection.limit,
            do=lambda script_id: _chunk_one(shelf, script_id),
            force=selection.force,
        )
        again = embed_missing(shelf.sessions, shelf.store, shelf.embedder, room.id, clock=clock, most=MOST_AGAIN)
        fill_missing_words(shelf.sessions, room.id, room.content.language)
        counts = (len(worked.done), sum(worked.done), again)
        done = ChunkedScripts(room.slug, *counts, tuple(worked.failed), embedder=shelf.embedder.model)
        job.result = done.as_metadata()
        worked.raise_if_all_failed()
    return done


def _chunk_one(shelf: Shelf, script_id: UUID) -> Save[int]:
    with shelf.sessions() as session:
        written = select(Script.script_text, Script.generation_config, Script.generation_model)
        text, config, model = session.execute(written.where(Script.id == script_id)).one()
    cut = chunks(text, shelf.room.content.language, config.get("kinds"))
    if model == ImportedFrom.DESCRIPTION:
        # What stands under a video is not how it began: it is no hook to learn from.
        cut = [replace(each, position=ChunkPosition.BODY) for each in cut]
    if not cut:
        raise Rejected("the script has no sentence")
    # Vectors first: one without its row is found by nobody, a row without its vector would be.
    pieces = [(point_id(script_id, each.index), each.text, payload(script_id, each)) for each in cut]
    write_points(shelf.store, shelf.embedder, shelf.room.id, pieces, shelf.clock.now())
    rows = [_row(shelf, script_id, chunk) for chunk in cut]

    def save(session: Session) -> int:
        added = insert(ContentChunk).values(rows).on_conflict_do_nothing().returning(ContentChunk.id)
        count_words(session, session.scalars(added).all())
        return len(rows)

    return save


def _row(shelf: Shelf, script_id: UUID, chunk: Chunk) -> dict[str, object]:
    identity = point_id(script_id, chunk.index)
    return {
        "id": identity,
        "script_id": script_id,
        "channel_id": shelf.room.id,
        "chunk_index": chunk.index,
        "chunk_text": chunk.text,
        "chunk_position": chunk.position,
        "is_opinion": chunk.is_opinion,
        "is_example": chunk.is_example,
        "is_analogy": chunk.is_analogy,
        "keywords": list(chunk.keywords),
        "tokens": content_words(chunk.text, shelf.room.content.language),
        "vector_id": str(identity),
    }
