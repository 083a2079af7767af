"""Past: what the channel has told lately, as tellings with their vectors, and the quick memory in Redis.

The vector of a topic has the topic's id. A topic without one (a run killed between its commit and the vector store, or
a change of model) is embedded again here, so that nothing has to be written in both places at once.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import regex
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import Channel, Topic
from shorts_pipeline.topics.deduplicate import Telling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shorts_pipeline.resources.models.embedder import Embedder
    from shorts_pipeline.resources.vectors.store import VectorStore

COLLECTION = "topics"
REMEMBERED = timedelta(hours=24)
_NUMBER = regex.compile(r"\d+(?:\.\d+)?")
# A topic's own time: when its story was told, else when we made it.
TOLD_AT = func.coalesce(Topic.published_at, Topic.created_at)


@dataclass
class Past:
    """Known tellings and, row by row, their unit vectors."""

    tellings: list[Telling]
    vectors: "NDArray[np.float32]"

    def add(self, tellings: Sequence[Telling], vectors: "NDArray[np.float32]") -> None:
        """Take in what has just been told."""
        import numpy as np

        self.tellings = [*self.tellings, *tellings]
        self.vectors = np.concatenate([self.vectors, vectors])


def read_past(
    sessions: sessionmaker[Session], store: "VectorStore", embedder: "Embedder", channel_id: UUID, since: datetime
) -> Past:
    """Everything the channel has told since then; missing vectors are made and stored."""
    import numpy as np

    store.ensure(COLLECTION, model=embedder.model, dimension=embedder.dimension)
    with sessions() as session:
        known = tellings_since(session, channel_id, since)
    ids = [each.id for each in known]
    missing = store.missing(COLLECTION, ids) if ids else set()
    if missing:
        lost = [each for each in known if each.id in missing]
        remember_vectors(store, channel_id, lost, embedder.embed([each.title for each in lost]))
    stored = store.vectors(COLLECTION, ids) if ids else {}
    # Between the two questions a pruning run may have dropped some: they are too old to matter.
    kept = [each for each in known if each.id in stored]
    vectors = np.array([stored[each.id] for each in kept], dtype=np.float32).reshape(len(kept), embedder.dimension)
    return Past(kept, vectors)


def tellings_since(session: Session, channel_id: UUID, since: datetime) -> list[Telling]:
    """The channel's topics whose story was told since then, whatever became of them, the earliest first."""
    rows = session.execute(
        select(
            Topic.id,
            Topic.title_original,
            Topic.title_normalized,
            Topic.content_hash,
            Topic.language,
            TOLD_AT,
            Topic.entities,
            Topic.keywords,
        )
        .where(Topic.channel_id == channel_id, since <= TOLD_AT)
        .order_by(TOLD_AT, Topic.id)
    )
    return [
        telling(id, title, normalized, hashed, language, told_at, names_in(entities), keywords)
        for id, title, normalized, hashed, language, told_at, entities, keywords in rows
    ]


def telling(
    id: UUID,
    title: str,
    normalized: str,
    content_hash: str,
    language: str,
    told_at: datetime,
    names: Iterable[str],
    keywords: Iterable[str],
) -> Telling:
    """A telling of these columns."""
    return Telling(
        id=id,
        title=title,
        normalized=normalized,
        content_hash=content_hash,
        language=language,
        told_at=told_at,
        words=tuple(sorted(normalized.split())),
        numbers=frozenset(_NUMBER.findall(normalized)),
        names=frozenset(names),
        keywords=frozenset(word.casefold() for word in keywords),
    )


def names_in(entities: Iterable[dict[str, str]]) -> list[str]:
    """Names of a topic's entities."""
    return [entity["name"] for entity in entities if entity.get("name")]


def remember_vectors(
    store: "VectorStore", channel_id: UUID, tellings: Sequence[Telling], vectors: "Iterable[NDArray[np.float32]]"
) -> None:
    """Write the vectors of topics; writing them again changes nothing."""
    from shorts_pipeline.resources.vectors.store import Point

    points: list[Point] = [
        Point(each.id, channel_id, vector.tolist(), {"language": each.language}, each.told_at)
        for each, vector in zip(tellings, vectors, strict=True)
    ]
    if points:
        store.upsert(COLLECTION, points)


def longest_window(session: Session) -> timedelta:
    """The longest duplicate window of any channel: older vectors answer no question."""
    configs = session.scalars(select(Channel.topic_config)).all()
    return timedelta(hours=max((config.duplicates.window_hours for config in configs), default=72.0))


def seen_lately(redis: Redis | None, channel_id: UUID, hashes: Sequence[str]) -> list[str]:
    """Those of the hashes that Redis says the channel saw lately; all of them where Redis cannot say."""
    if redis is None or not hashes:
        return list(hashes)
    try:
        with redis.pipeline(transaction=False) as pipe:
            for each in hashes:
                pipe.sismember(_key(each), str(channel_id))
            answers = pipe.execute()
    except RedisError:
        return list(hashes)
    return [each for each, seen in zip(hashes, answers, strict=True) if seen]


def remember_hashes(redis: Redis | None, channel_id: UUID, hashes: Iterable[str]) -> None:
    """Tell Redis that the channel saw these."""
    if redis is None:
        return
    with suppress(RedisError), redis.pipeline(transaction=False) as pipe:
        for each in hashes:
            pipe.sadd(_key(each), str(channel_id))
            pipe.expire(_key(each), REMEMBERED)
        pipe.execute()


def _key(content_hash: str) -> str:
    return f"topic:hash:{content_hash}"
