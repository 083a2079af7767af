"""The contract of a vector store. No store's own code here."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from shorts_pipeline.errors import PipelineError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Payload = Mapping[str, str | int | float | bool]

# Below this many points of one channel a search compares them all: an index with a channel filter
# found 1 of 10 with 1,000 channels in one collection, and comparing 20,000 takes milliseconds.
EXACT_UP_TO = 20_000


@dataclass(frozen=True)
class Point:
    """A row's vector. `id` is the row's id, `at` the time by which old points are dropped."""

    id: UUID
    channel_id: UUID
    vector: Sequence[float]
    payload: Payload
    at: datetime


@dataclass(frozen=True)
class Hit:
    """A point found: its cosine with the question, in [-1, 1]."""

    id: UUID
    score: float
    payload: Payload


@dataclass(frozen=True)
class Where:
    """What a hit's payload must say: equal values, least numbers, not older than `since`."""

    equals: Payload = field(default_factory=dict)
    at_least: Mapping[str, float] = field(default_factory=dict)
    since: datetime | None = None


EVERYTHING = Where()


@dataclass(frozen=True)
class Asked:
    """One of several things looked for at once: the nearest `limit` points for which `where` holds."""

    limit: int
    where: Where = EVERYTHING


class NotEnsured(PipelineError):
    """A collection was used before `ensure` said which model's vectors it holds."""


class VectorStore(Protocol):
    """Collections of points of many channels. A collection holds vectors of one model and never mixes two:
    under another model it is another, empty one, and `missing` says what to embed again."""

    def ensure(self, collection: str, *, model: str, dimension: int) -> None:
        """Make the collection for this model, or open it. Safe to repeat and to run twice at once."""

    def upsert(self, collection: str, points: Sequence[Point]) -> None:
        """Write points; one with a known id is replaced."""

    def search(
        self,
        collection: str,
        vector: Sequence[float],
        *,
        channel_id: UUID,
        limit: int,
        where: Where = EVERYTHING,
    ) -> list[Hit]:
        """The channel's nearest points, nearest first. Recall@10 is at least .95 of an exact search."""

    def search_many(
        self,
        collection: str,
        vectors: Sequence[Sequence[float]],
        *,
        channel_id: UUID,
        limit: int,
        where: Where = EVERYTHING,
    ) -> list[list[Hit]]:
        """`search` for each vector, in their order, in one question to the store."""

    def search_each(
        self, collection: str, vector: Sequence[float], *, channel_id: UUID, asked: Sequence[Asked]
    ) -> list[list[Hit]]:
        """`search` for each that is asked, in their order, in one question to the store."""

    def vectors(self, collection: str, ids: Collection[UUID]) -> "dict[UUID, NDArray[np.float32]]":
        """The vectors of those ids that the collection has."""

    def missing(self, collection: str, ids: Collection[UUID]) -> set[UUID]:
        """Those of `ids` that have no point under the current model."""

    def delete(self, collection: str, ids: Collection[UUID]) -> None:
        """Remove points; unknown ids are no error."""

    def drop_before(self, collection: str, at: datetime) -> None:
        """Remove points older than `at`."""

    def count(self, collection: str, channel_id: UUID | None = None) -> int:
        """How many points there are, of one channel or of all."""


def stored_name(collection: str, model: str) -> str:
    """The name a collection has in the store: the model belongs to it, so that two never mix."""
    return f"{collection}__{hashlib.sha256(model.encode()).hexdigest()[:10]}"
