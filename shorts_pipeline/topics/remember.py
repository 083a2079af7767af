"""Remember: the copies of what a channel has told: vectors of topics in the vector store, content hashes in Redis.

Written after the commit, so that a killed run leaves some unwritten: repair.py makes up for the vectors, what Redis
forgot costs only time. The vector of a topic has the topic's id.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError

from shorts_pipeline.topics.telling import Telling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shorts_pipeline.resources.models.embedder import Embedder
    from shorts_pipeline.resources.vectors.store import VectorStore

COLLECTION = "topics"
# Belongs to the collection as its model does: vectors of other texts are another collection, which repair.py fills.
EMBEDDED = "title and lead"
REMEMBERED = timedelta(hours=24)
# One command for a batch: hundreds of answers cost more to read than to find.
_SEEN = "local seen = {} for i, key in ipairs(KEYS) do seen[i] = redis.call('SISMEMBER', key, ARGV[1]) end return seen"
_REMEMBER = (
    "for _, key in ipairs(KEYS) do redis.call('SADD', key, ARGV[1]) redis.call('EXPIRE', key, ARGV[2]) end return 0"
)


def open_vectors(store: "VectorStore", embedder: "Embedder", collection: str = COLLECTION) -> None:
    """Open a collection of topics for this embedder, or make it."""
    store.ensure(collection, model=f"{embedder.model}, {EMBEDDED}", dimension=embedder.dimension)


def remember_vectors(
    store: "VectorStore",
    channel_id: UUID,
    tellings: Sequence[Telling],
    vectors: "Iterable[NDArray[np.float32]]",
    collection: str = COLLECTION,
) -> None:
    """Write the vectors of topics; writing them again changes nothing."""
    from shorts_pipeline.resources.vectors.store import Point

    points = [
        Point(each.id, channel_id, vector.tolist(), {"language": each.language}, each.told_at)
        for each, vector in zip(tellings, vectors, strict=True)
    ]
    if points:
        store.upsert(collection, points)


def seen_lately(redis: Redis | None, channel_id: UUID, hashes: Sequence[str]) -> list[str]:
    """Those of the hashes that Redis says the channel saw lately; all of them where Redis cannot say."""
    if redis is None or not hashes:
        return list(hashes)
    try:
        answers = redis.eval(_SEEN, len(hashes), *map(_key, hashes), str(channel_id))
    except RedisError:
        return list(hashes)
    return [each for each, seen in zip(hashes, answers, strict=True) if seen]


def remember_hashes(redis: Redis | None, channel_id: UUID, hashes: Collection[str]) -> None:
    """Tell Redis that the channel saw these."""
    if redis is None or not hashes:
        return
    with suppress(RedisError):
        seconds = int(REMEMBERED.total_seconds())
        redis.eval(_REMEMBER, len(hashes), *map(_key, hashes), str(channel_id), seconds)


def _key(content_hash: str) -> str:
    return f"topic:hash:{content_hash}"
