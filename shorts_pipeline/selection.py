"""What a person asked one run to work on; by default, everything that needs it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Selection:
    """`limit` rows at most, `only` these rows, `dry_run` says what would be done, `force` takes parked rows too."""

    limit: int | None = None
    only: tuple[UUID, ...] = ()
    dry_run: bool = False
    force: bool = False
