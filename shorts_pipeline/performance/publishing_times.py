"""Publishing times: the channel's best hours, into their table and, for a day, into Redis."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import (
    Channel,
    ChannelStatus,
    JobType,
    PublishingTime,
    WeekdayClass,
)
from shorts_pipeline.database.publishing_time import BAND_HOURS, CONFIDENT
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.performance.bands import Band, Published, golden_bands, measured_bands, weekday_and_band
from shorts_pipeline.performance.reported import reported_runs

# Views of the first week, so that an old upload is not better for its age.
EQUAL_AGE_DAYS = 7
CACHED_FOR = timedelta(days=1)


@dataclass(frozen=True)
class PublishingTimes:
    """The channel's week in bands, best first. `measured` is False while golden hours stand in.

    `by_weekday`: how many of the samples went public on (weekday, first hour of the band); Monday is 0.
    """

    channel: str
    bands: tuple[Band, ...] = ()
    samples: int = 0
    measured: bool = False
    timezone: str = ""
    by_weekday: Mapping[tuple[int, int], int] = field(default_factory=dict)
    skipped: str | None = None

    def as_metadata(self) -> dict[str, Any]:
        """The best band and how far to trust it."""
        if self.skipped is not None:
            return {"skipped": self.skipped}
        best = self.bands[0]
        return {
            "samples": self.samples,
            "measured": self.measured,
            "best": f"{best.weekday} {best.hour:02d}–{best.hour + BAND_HOURS:02d} {self.timezone}",
            "confidence": best.confidence,
            "confident_bands": sum(band.confidence >= CONFIDENT for band in self.bands),
        }

    def as_cached(self, computed_at: datetime) -> str:
        """What Redis holds under `analytics:time:{channel_id}`."""
        bands = [
            {
                "weekday": band.weekday.value,
                "hour_band": band.hour,
                "score": band.score,
                "confidence": band.confidence,
                "samples": band.samples,
            }
            for band in self.bands
        ]
        return json.dumps({"computed_at": computed_at.isoformat(), "measured": self.measured, "bands": bands})


def find_times(
    sessions: sessionmaker[Session], redis: Redis, *, channel: str, clock: Clock, run_id: str | None = None
) -> PublishingTimes:
    """Work out the channel's bands, replace its rows and its cache. `channel` is its slug."""
    with sessions() as session:
        found = channel_by_slug(session, channel)
    if found.status is not ChannelStatus.ACTIVE:
        return PublishingTimes(channel, skipped=f"the channel is {found.status}")
    now = clock.now()
    with logged(sessions, JobType.SYNC_ANALYTICS, clock=clock, channel_id=found.id, metadata={"run_id": run_id}) as job:
        with sessions.begin() as session:
            times = _times(found, published_at_equal_age(session, found, now=now))
            save_times(session, found.id, times.bands, now=now)
        # A cache that is down makes the next reader ask the table.
        with suppress(RedisError):
            redis.set(f"analytics:time:{found.id}", times.as_cached(now), ex=CACHED_FOR)
        job.result = times.as_metadata()
    return times


def published_at_equal_age(session: Session, channel: Channel, *, now: datetime) -> list[Published]:
    """What each of the channel's uploads came to in its first week, once that week is fully reported."""
    zone = ZoneInfo(channel.operation_config.timezone)
    return [
        Published(
            run.published_at.astimezone(zone), round(week.views), week.engaged / week.views if week.views else 0.0
        )
        for run in reported_runs(session, channel.id, now=now)
        if (week := run.at(EQUAL_AGE_DAYS)) is not None
    ]


def save_times(session: Session, channel_id: UUID, bands: Sequence[Band], *, now: datetime) -> None:
    """Replace the channel's rows: one statement, every band of both kinds of day."""
    statement = insert(PublishingTime).values(
        [
            {
                "channel_id": channel_id,
                "weekday": band.weekday,
                "hour_band": band.hour,
                "score": band.score,
                "confidence": band.confidence,
                "samples": band.samples,
                "computed_at": now,
            }
            for band in sorted(bands, key=lambda band: (list(WeekdayClass).index(band.weekday), band.hour))
        ]
    )
    columns = ("score", "confidence", "samples", "computed_at")
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["channel_id", "weekday", "hour_band"],
            set_={name: statement.excluded[name] for name in columns},
        )
    )


def _times(channel: Channel, published: Sequence[Published]) -> PublishingTimes:
    config = channel.operation_config
    measured = measured_bands(published)
    bands = measured or golden_bands(config.uploads.golden_hours)
    by_weekday = dict(Counter(weekday_and_band(one.at) for one in published))
    return PublishingTimes(channel.slug, tuple(bands), len(published), bool(measured), config.timezone, by_weekday)
