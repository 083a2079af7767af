"""What the schedules ask for: pure functions from channels, partitions and time to runs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, ChannelStatus
from shorts_pipeline.performance.days import TRAILING_DAYS, trailing_days
from shorts_pipeline.performance.partition_days import key_range


@dataclass(frozen=True)
class DayRange:
    """One run: a channel's days from `first_key` to `last_key`, once for `run_key`."""

    run_key: str
    first_key: str
    last_key: str


def active_channels(session: Session, partitions: Collection[str]) -> list[str]:
    """Slugs of the active channels that have a partition: one unknown key would fail the whole tick."""
    slugs = session.scalars(select(Channel.slug).where(Channel.status == ChannelStatus.ACTIVE).order_by(Channel.slug))
    return [slug for slug in slugs if slug in partitions]


def trailing_ranges(
    channels: Iterable[str], *, now: datetime, first: date, count: int = TRAILING_DAYS
) -> list[DayRange]:
    """The last `count` days of every channel, cut at the first day that has a partition; one run a channel."""
    days: Sequence[date] = [day for day in trailing_days(now, count) if day >= first]
    if not days:
        return []
    name = "snapshots" if count == TRAILING_DAYS else f"snapshots of {count} days"
    return [DayRange(f"{name} {slug} {max(days)}", *key_range(slug, days)) for slug in channels]
