"""Retrieve: what of the channel's own past to write with.

Four views: similar pieces, opinions, examples, and hooks of videos that performed. Likeness in meaning comes from
the vector store, likeness in words from PostgreSQL full text; the two are weighed, then made diverse (maximal
marginal relevance, Carbonell and Goldstein 1998).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import (
    ChunkPosition,
    ContentChunk,
    Performance,
    RetrievalView,
    Script,
    ScriptRetrieval,
    Upload,
    Video,
)
from shorts_pipeline.database.documents.content_config import RetrievalSettings
from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.resources.vectors import Hit, VectorStore, Where
from shorts_pipeline.scripts.brief import Retrieved, Story
from shorts_pipeline.scripts.source_text import without_asides

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLLECTION = "script_chunks"
# Candidates a view looks at for each one it keeps.
DEPTH = 5
MOST_PERFORMERS = 200
_WHERE: dict[RetrievalView, Where] = {
    RetrievalView.SIMILAR: Where(),
    RetrievalView.OPINION: Where(equals={"is_opinion": True}),
    RetrievalView.EXAMPLE: Where(equals={"is_example": True}),
}


@dataclass(frozen=True)
class Question:
    """What to look for: the story as one vector and as words, in one channel."""

    channel_id: UUID
    vector: Sequence[float]
    words: tuple[str, ...]


def retrieve(
    sessions: sessionmaker[Session],
    store: VectorStore,
    embedder: Embedder,
    *,
    channel_id: UUID,
    story: Story,
    settings: RetrievalSettings,
) -> list[Retrieved]:
    """At most `settings.chunks` pieces of the channel's past, view by view, each piece once."""
    if settings.chunks == 0:
        return []
    # The headline alone: embedding costs by length, and it is what a story is about.
    vector = embedder.embed([without_asides(story.title)])[0].tolist()
    question = Question(channel_id, vector, story.keywords)
    found: list[Retrieved] = []
    # The narrow views first: what is a hook or an opinion as well as similar counts as what is rarer.
    for view, wanted in reversed(shares(settings.chunks).items()):
        taken = {each.chunk_id for each in found}
        candidates = _candidates(sessions, store, question, view, wanted * DEPTH + len(taken), settings)
        fresh = [each for each in candidates if each.chunk_id not in taken]
        found += _diverse(store, fresh, wanted, settings.diversity)
    return found


def shares(chunks: int) -> dict[RetrievalView, int]:
    """How many pieces each view may bring: half are similar ones, the rest is shared."""
    similar = (chunks + 1) // 2
    rest = [RetrievalView.HOOK, RetrievalView.OPINION, RetrievalView.EXAMPLE]
    each, more = divmod(chunks - similar, len(rest))
    return {RetrievalView.SIMILAR: similar} | {view: each + (number < more) for number, view in enumerate(rest)}


def keep(session: Session, script_id: UUID, retrieved: Iterable[Retrieved]) -> None:
    """Store what a script was written with, so that it can be explained. Pieces deleted meanwhile are left out."""
    listed = list(retrieved)
    there = set(session.scalars(select(ContentChunk.id).where(ContentChunk.id.in_([r.chunk_id for r in listed]))))
    session.add_all(
        ScriptRetrieval(script_id=script_id, chunk_id=r.chunk_id, view=r.view, rank=r.rank, score=r.score)
        for r in listed
        if r.chunk_id in there
    )


def _candidates(
    sessions: sessionmaker[Session],
    store: VectorStore,
    question: Question,
    view: RetrievalView,
    limit: int,
    settings: RetrievalSettings,
) -> list[Retrieved]:
    if limit <= 0:
        return []
    with sessions() as session:
        by_words = _by_words(session, question, view, limit)
        performers = list(session.scalars(_performing_hooks(question.channel_id))) if view is RetrievalView.HOOK else []
    if view is RetrievalView.HOOK:
        by_meaning = _compared(store, question, performers)[:limit]
    else:
        by_meaning = _searched(store, question, view, limit)
    cosines = {hit.id: hit.score for hit in by_meaning}
    cosines |= {hit.id: hit.score for hit in _compared(store, question, by_words.keys() - cosines.keys())}
    with sessions() as session:
        texts = _texts(session, question.channel_id, cosines)
    scores = hybrid(cosines, by_words, settings)
    ranked = sorted(texts, key=lambda chunk_id: (-scores[chunk_id], str(chunk_id)))
    return [Retrieved(each, texts[each], view, 0, scores[each], cosines[each]) for each in ranked]


def hybrid(
    cosines: Mapping[UUID, float], ranks: Mapping[UUID, float], settings: RetrievalSettings
) -> dict[UUID, float]:
    """Weighed score in [0, 1]. Cosines are spread over the candidates first: models compress them (0.8 to 0.95)."""
    if not cosines:
        return {}
    low, high = min(cosines.values()), max(cosines.values())
    spread = (high - low) or 1.0
    best = max(ranks.values(), default=0.0) or 1.0
    return {
        chunk_id: settings.semantic_weight * ((cosine - low) / spread if high > low else 1.0)
        + settings.keyword_weight * ranks.get(chunk_id, 0.0) / best
        for chunk_id, cosine in cosines.items()
    }


def _searched(store: VectorStore, question: Question, view: RetrievalView, limit: int) -> list[Hit]:
    return store.search(COLLECTION, question.vector, channel_id=question.channel_id, limit=limit, where=_WHERE[view])


def _compared(store: VectorStore, question: Question, ids: Iterable[UUID]) -> list[Hit]:
    """Cosine of the question with pieces that are known by id, nearest first."""
    found = store.vectors(COLLECTION, list(ids))
    hits = [Hit(id, sum(a * b for a, b in zip(question.vector, v, strict=True)), {}) for id, v in found.items()]
    return sorted(hits, key=lambda hit: (-hit.score, str(hit.id)))


def _by_words(session: Session, question: Question, view: RetrievalView, limit: int) -> dict[UUID, float]:
    """Chunk id → full-text rank, of pieces that share a keyword with the story."""
    words = [word.replace('"', " ").strip() for word in question.words]
    query = func.websearch_to_tsquery("simple", " or ".join(f'"{word}"' for word in words if word))
    document = func.to_tsvector("simple", func.array_to_string(ContentChunk.keywords, " "))
    rank = func.ts_rank(document, query, 1).label("rank")
    statement = (
        select(ContentChunk.id, rank)
        .where(ContentChunk.channel_id == question.channel_id, document.op("@@")(query), *_filters(question, view))
        .order_by(rank.desc(), ContentChunk.id)
        .limit(limit)
    )
    return dict(session.execute(statement).all())


def _filters(question: Question, view: RetrievalView) -> list[ColumnElement[bool]]:
    if view is RetrievalView.OPINION:
        return [ContentChunk.is_opinion.is_(True)]
    if view is RetrievalView.EXAMPLE:
        return [ContentChunk.is_example.is_(True)]
    if view is RetrievalView.HOOK:
        return [ContentChunk.id.in_(_performing_hooks(question.channel_id))]
    return []


def _performing_hooks(channel_id: UUID) -> Select[UUID]:
    """Hooks of the channel's high performers, most seen first."""
    return (
        select(ContentChunk.id)
        .join(Script, Script.id == ContentChunk.script_id)
        .join(Video, Video.script_id == Script.id)
        .join(Upload, Upload.video_id == Video.id)
        .join(Performance, Performance.upload_id == Upload.id)
        .where(
            ContentChunk.channel_id == channel_id,
            ContentChunk.chunk_position == ChunkPosition.HOOK,
            Performance.is_high_performer.is_(True),
        )
        .order_by(Performance.views.desc())
        .limit(MOST_PERFORMERS)
    )


def _texts(session: Session, channel_id: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Texts of the pieces that the table still has."""
    statement = select(ContentChunk.id, ContentChunk.chunk_text).where(
        ContentChunk.id.in_(list(ids)), ContentChunk.channel_id == channel_id
    )
    return dict(session.execute(statement).all())


def _diverse(store: VectorStore, candidates: Sequence[Retrieved], wanted: int, diversity: float) -> list[Retrieved]:
    """The best by maximal marginal relevance: λ · score − (1 − λ) · likeness to what is taken already."""
    if wanted <= 0 or not candidates:
        return []
    import numpy as np

    vectors = store.vectors(COLLECTION, [each.chunk_id for each in candidates])
    pool = [each for each in candidates if each.chunk_id in vectors]
    matrix: NDArray[np.float64] = np.array([vectors[each.chunk_id] for each in pool])
    likeness = matrix @ matrix.T if len(pool) else matrix
    taken: list[int] = []
    while len(taken) < min(wanted, len(pool)):
        rest = [number for number in range(len(pool)) if number not in taken]
        nearest = {n: max((float(likeness[n, t]) for t in taken), default=0.0) for n in rest}
        taken.append(max(rest, key=lambda n: (diversity * pool[n].score - (1 - diversity) * nearest[n], -n)))
    return [replace(pool[number], rank=rank) for rank, number in enumerate(taken, start=1)]
