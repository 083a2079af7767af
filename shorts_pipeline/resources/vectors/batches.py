"""Batches: ids that lack a vector, as many at a time as are embedded at once."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID


def in_batches(found: Iterable[Sequence[UUID]], size: int, most: int | None = None) -> Iterator[Sequence[UUID]]:
    """The ids of all that is found, at most `size` in a batch and `most` in all; more is not looked for."""
    left = most
    if left == 0:
        return
    for ids in found:
        for start in range(0, len(ids), size):
            batch = ids[start : start + size][:left]
            yield batch
            if left is not None and not (left := left - len(batch)):
                return
