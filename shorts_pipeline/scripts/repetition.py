"""Repetition: how much of a draft the channel has told before. YouTube punishes channels that repeat.

The vector store finds the earlier scripts that are near; sentence by sentence their words are compared. Meaning alone
does not tell a sequel from the same script again, the words do.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import ContentChunk
from shorts_pipeline.language import sentences, tokens
from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.resources.vectors import VectorStore
from shorts_pipeline.scripts.brief import Draft, Retrieved
from shorts_pipeline.scripts.retrieve import COLLECTION

# Measured on labelled scripts (bench/judge.py): retold ones from .63, others of the same subject up to .47.
TOO_SIMILAR = 0.55
# Headlines against chunks: same matter from 0.90, other matters up to 0.83.
RELATED_MARGIN = -0.04
# Pieces near a draft whose scripts are read again.
_NEAREST = 8
# A shorter sentence ("Why?") is in every script.
_FEWEST_WORDS = 2


def similarity(
    sessions: sessionmaker[Session],
    store: VectorStore,
    embedder: Embedder,
    draft: Draft,
    channel_id: UUID,
    found: Sequence[Retrieved],
    language: str,
) -> float:
    """How much of a draft the channel's nearest earlier script told, in [0, 1].

    Where something was retrieved and none of it is even about the same matter, nothing was: embedding a whole script
    is dear.
    """
    nearest = max((each.cosine for each in found), default=None)
    if nearest is not None and nearest < related(embedder):
        return 0.0
    told = " ".join(told_by(draft))
    if not told or store.count(COLLECTION, channel_id) == 0:
        return 0.0
    hits = store.search(COLLECTION, embedder.embed([told])[0].tolist(), channel_id=channel_id, limit=_NEAREST)
    with sessions() as session:
        earlier = _scripts_of(session, channel_id, [hit.id for hit in hits])
    return told_before(draft, earlier, language)


def told_before(draft: Draft, earlier: Collection[str], language: str) -> float:
    """The share of a draft's words that stand in like sentences of one earlier script, in [0, 1].

    For each sentence that of the best sentence there, weighed by length; the persona's phrases are left out.
    """
    told = [words for each in told_by(draft) if len(words := frozenset(tokens(each, language))) >= _FEWEST_WORDS]
    return round(max((_share(told, text, language) for text in earlier), default=0.0), 3)


def told_by(draft: Draft) -> list[str]:
    """What a draft says of its own, without the persona's phrases."""
    return [sentence for sentence in draft.sentences if sentence not in draft.own]


def related(embedder: Embedder) -> float:
    """The cosine of a headline with an earlier piece from which both are about one matter."""
    return embedder.thresholds.same_language + RELATED_MARGIN


def _share(told: Sequence[frozenset[str]], text: str, language: str) -> float:
    earlier = [frozenset(tokens(each, language)) for each in sentences(text, language)]
    found = sum(max((len(words & each) for each in earlier), default=0) for words in told)
    return found / max(sum(map(len, told)), 1)


def _scripts_of(session: Session, channel_id: UUID, chunks: Collection[UUID]) -> list[str]:
    """The whole texts of the scripts that these pieces come from."""
    scripts = select(ContentChunk.script_id).where(ContentChunk.id.in_(chunks))
    rows = session.execute(
        select(ContentChunk.script_id, ContentChunk.chunk_text)
        .where(ContentChunk.channel_id == channel_id, ContentChunk.script_id.in_(scripts))
        .order_by(ContentChunk.script_id, ContentChunk.chunk_index)
    )
    texts: dict[UUID, list[str]] = {}
    for script_id, text in rows:
        texts.setdefault(script_id, []).append(text)
    return ["\n".join(each) for each in texts.values()]
