from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest

from shorts_pipeline.resources.vectors.batches import in_batches

IDS = [UUID(int=number) for number in range(7)]
FOUND = [IDS[:5], [], IDS[5:]]


@pytest.mark.parametrize(
    ("most", "sizes"), [(None, [2, 2, 1, 2]), (7, [2, 2, 1, 2]), (4, [2, 2]), (5, [2, 2, 1]), (1, [1]), (0, [])]
)
def test_ids_come_in_order_in_batches_and_never_more_than_asked_for(most: int | None, sizes: list[int]):
    batches = list(in_batches(FOUND, 2, most))
    assert [len(batch) for batch in batches] == sizes
    assert [id for batch in batches for id in batch] == IDS[: sum(sizes)]


def test_what_is_not_needed_is_not_looked_for():
    def found() -> Iterator[Sequence[UUID]]:
        yield IDS[:2]
        yield IDS[2:4]
        raise AssertionError("looked for more than was asked")

    assert len(list(in_batches(found(), 2, 3))) == 2
