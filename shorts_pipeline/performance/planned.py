"""What the schedules ask for: pure functions from channels, partitions and time to runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shorts_pipeline.performance.days import TRAILING_DAYS, trailing_days
from shorts_pipeline.performance.partition_days import key_range


@dataclass(frozen=True)
class DayRange:
    """One run: a channel's days from `first_key` to `last_key`, once for `run_key`."""

    run_key: str
    first_key: str
    last_key: str


def trailing_ranges(
    channels: Iterable[str], *, now: datetime, first: date, count: int = TRAILING_DAYS
) -> list[DayRange]:
    """The last `count` days of every channel, cut at the first day that has a partition; one run a channel."""
    days: Sequence[date] = [day for day in trailing_days(now, count) if day >= first]
    if not days:
        return []
    name = "snapshots" if count == TRAILING_DAYS else f"snapshots of {count} days"
    return [DayRange(f"{name} {slug} {max(days)}", *key_range(slug, days)) for slug in channels]
