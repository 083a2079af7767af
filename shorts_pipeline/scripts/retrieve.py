"""Retrieve: what of the channel's own past to write with.

Four views: similar pieces, opinions, examples, and hooks of videos that performed. Likeness in meaning comes from
the vector store, likeness in words from BM25 in PostgreSQL; the two are weighed, then made diverse (maximal
marginal relevance, Carbonell and Goldstein 1998).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.types import Uuid

from shorts_pipeline.database import (
    ChunkPosition,
    ContentChunk,
    Performance,
    RetrievalView,
    ScriptRetrieval,
    Upload,
    Video,
)
from shorts_pipeline.database.documents.content_config import RetrievalSettings
from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.resources.vectors import Asked, VectorStore, Where
from shorts_pipeline.scripts.bm25 import content_words, ranked_by_words
from shorts_pipeline.scripts.brief import Retrieved, Story
from shorts_pipeline.scripts.source_text import without_asides

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLLECTION = "script_chunks"
# Candidates a view looks at for each one it keeps.
DEPTH = 5
# Of the channel's best hooks, the most seen.
MOST_PERFORMERS = 50
_WHERE = {
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


@dataclass(frozen=True)
class Piece:
    """A candidate: its text, its vector, and the vector's cosine with the question."""

    text: str
    vector: "NDArray[np.float32]"
    cosine: float


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
    title = without_asides(story.title)
    words = content_words(" ".join((title, *story.keywords)), story.language)
    question = Question(channel_id, embedder.embed([title])[0].tolist(), tuple(dict.fromkeys(words)))
    return find(sessions, store, question, settings)


def find(
    sessions: sessionmaker[Session], store: VectorStore, question: Question, settings: RetrievalSettings
) -> list[Retrieved]:
    """What answers a question: two questions to the store and three to the database, however many views there are."""
    wanted = shares(settings.chunks)
    depths = _depths(wanted)
    nearest = _nearest(store, question, depths)
    with sessions() as session:
        hooks = _performing_hooks(session, question.channel_id) if wanted[RetrievalView.HOOK] else []
        by_words = ranked_by_words(session, question.channel_id, question.words, depths, hooks)
        candidates = {id for found in (*nearest.values(), *by_words.values(), hooks) for id in found}
        texts = _texts(session, question.channel_id, candidates)
    pieces = _pieces(store, question, texts)
    known_hooks = sorted((-pieces[id].cosine, id) for id in hooks if id in pieces)
    nearest[RetrievalView.HOOK] = [id for _, id in known_hooks[: depths[RetrievalView.HOOK]]]
    found: list[Retrieved] = []
    # The narrow views first: what is a hook or an opinion as well as similar counts as what is rarer.
    for view, most in reversed(wanted.items()):
        taken = {each.chunk_id for each in found}
        of_view = {id: pieces[id].cosine for id in (*by_words[view], *nearest[view]) if id in pieces}
        scores = hybrid(of_view, by_words[view], settings)
        ranked = sorted((-score, id) for id, score in scores.items() if id not in taken)
        pool = [Retrieved(id, pieces[id].text, view, 0, -score, of_view[id]) for score, id in ranked]
        found += _diverse(pool, pieces, most, settings.diversity)
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


def _depths(wanted: dict[RetrievalView, int]) -> dict[RetrievalView, int]:
    """How many candidates each view looks at: more for the later ones, since the earlier ones take some away."""
    depths, taken = {}, 0
    for view, most in reversed(wanted.items()):
        depths[view] = most * DEPTH + taken if most else 0
        taken += most
    return depths


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


def _nearest(
    store: VectorStore, question: Question, depths: Mapping[RetrievalView, int]
) -> dict[RetrievalView, list[UUID]]:
    """For each view that the store can tell the pieces nearest to the question."""
    views = [view for view in _WHERE if depths[view]]
    asked = [Asked(depths[view], _WHERE[view]) for view in views]
    hits = store.search_each(COLLECTION, question.vector, channel_id=question.channel_id, asked=asked)
    nearest: dict[RetrievalView, list[UUID]] = {view: [] for view in RetrievalView}
    return nearest | {view: [hit.id for hit in own] for view, own in zip(views, hits, strict=True)}


def _texts(session: Session, channel_id: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Texts of the pieces that the table still has."""
    among = ContentChunk.id == any_(literal(list(ids), ARRAY(Uuid)))
    statement = select(ContentChunk.id, ContentChunk.chunk_text).where(among, ContentChunk.channel_id == channel_id)
    return dict(session.execute(statement).all())


def _pieces(store: VectorStore, question: Question, texts: Mapping[UUID, str]) -> dict[UUID, Piece]:
    """Those that have a vector, with it."""
    import numpy as np

    asked = np.asarray(question.vector, dtype=np.float32)
    vectors = store.vectors(COLLECTION, texts.keys()) if texts else {}
    return {id: Piece(texts[id], vector, float(vector @ asked)) for id, vector in vectors.items()}


def _performing_hooks(session: Session, channel_id: UUID) -> list[UUID]:
    """Hooks of the channel's high performers, most seen first."""
    statement = (
        select(ContentChunk.id)
        .join(Video, Video.script_id == ContentChunk.script_id)
        .join(Upload, Upload.video_id == Video.id)
        .join(Performance, Performance.upload_id == Upload.id)
        .where(
            Video.channel_id == channel_id,
            ContentChunk.chunk_position == ChunkPosition.HOOK,
            Performance.is_high_performer.is_(True),
        )
        .order_by(Performance.views.desc(), ContentChunk.id)
        .limit(MOST_PERFORMERS)
    )
    return list(dict.fromkeys(session.scalars(statement)))


def _diverse(
    candidates: Sequence[Retrieved], pieces: Mapping[UUID, Piece], wanted: int, diversity: float
) -> list[Retrieved]:
    """The best by maximal marginal relevance: λ · score − (1 − λ) · likeness to what is taken already."""
    if wanted <= 0 or not candidates:
        return []
    import numpy as np

    vectors = np.array([pieces[each.chunk_id].vector for each in candidates])
    worth = diversity * np.array([each.score for each in candidates])
    nearest = np.zeros(len(candidates))
    taken: list[int] = []
    while len(taken) < min(wanted, len(candidates)):
        best = int((worth - (1 - diversity) * nearest).argmax())
        likeness = vectors @ vectors[best]
        nearest = np.maximum(nearest, likeness) if taken else likeness
        worth[best] = -np.inf
        taken.append(best)
    return [replace(candidates[number], rank=rank) for rank, number in enumerate(taken, start=1)]
