"""Snapshots: a Pacific day's figures per upload, from YouTube into `performance_days`.

Repeatable in any order: a newer pull replaces what an older one said, a figure that is not reported stays NULL, and
one that was reported is not forgotten because a later answer leaves it out. No totals here (projection.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import ChannelStatus, JobType, PerformanceDay, Upload, Video
from shorts_pipeline.operations.attempts import reason_of
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.performance.channel import channel_of
from shorts_pipeline.performance.days import pacific_day
from shorts_pipeline.performance.projection import project
from shorts_pipeline.resources.youtube import DailyMetrics

MOST_VIDEOS_A_CALL = 200


class DailyFigures(Protocol):
    """The part of YouTube that snapshots need."""

    def daily_metrics(self, day: date, video_ids: Sequence[str]) -> list[DailyMetrics]: ...


@dataclass(frozen=True)
class Measurable:
    """An upload that YouTube can be asked about."""

    upload_id: UUID
    video_id: str
    since: date


@dataclass(frozen=True)
class Snapshots:
    """What one pull of one channel did. `reported` counts video days with figures, `asked` all."""

    channel: str
    days: int = 0
    calls: int = 0
    videos: int = 0
    asked: int = 0
    reported: int = 0
    skipped: str | None = None

    def as_metadata(self) -> dict[str, Any]:
        """Plain numbers for the UI and the job log."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class Pulled:
    """What a run over several channels did: results, and reasons where a channel failed."""

    done: dict[str, Snapshots] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def as_metadata(self) -> dict[str, Any]:
        """Sums over the channels that were pulled."""
        results = self.done.values()
        sums = {name: sum(getattr(one, name) for one in results) for name in ("calls", "videos", "asked", "reported")}
        return {"channels": len(self.done), **sums, "failed": sorted(self.failed)}


def pull_snapshots(
    sessions: sessionmaker[Session],
    youtube: DailyFigures,
    *,
    channel: str,
    days: Sequence[date],
    clock: Clock,
    run_id: str | None = None,
) -> Snapshots:
    """Pull every day of `days` for the channel's uploads: one call a day and 200 videos. `channel` is its slug."""
    with sessions() as session:
        found = channel_of(session, channel)
        if found.status is not ChannelStatus.ACTIVE:
            return Snapshots(channel, skipped=f"the channel is {found.status}")
        uploads = measurable(session, found.id)
    metadata = {"run_id": run_id, "days": [day.isoformat() for day in days]}
    with logged(sessions, JobType.SYNC_ANALYTICS, clock=clock, channel_id=found.id, metadata=metadata) as job:
        result = _pull_days(sessions, youtube, channel, uploads, sorted(set(days)), clock, run_id)
        project(sessions, channel_id=found.id)
        job.result = result.as_metadata()
    return result


def pull_channels(
    sessions: sessionmaker[Session],
    connect: Callable[[str], DailyFigures],
    wanted: Mapping[str, Sequence[date]],
    *,
    clock: Clock,
    run_id: str | None = None,
) -> Pulled:
    """Pull several channels, one after another; a channel that fails does not stop the others."""
    pulled = Pulled()
    for slug, days in wanted.items():
        try:
            pulled.done[slug] = pull_snapshots(
                sessions, connect(slug), channel=slug, days=days, clock=clock, run_id=run_id
            )
        except Exception as error:
            pulled.failed[slug] = reason_of(error)
    return pulled


def measurable(session: Session, channel_id: UUID) -> list[Measurable]:
    """The channel's uploads that have a video on YouTube, in id order."""
    rows = session.execute(
        select(Upload.id, Upload.youtube_video_id, func.coalesce(Upload.uploaded_at, Upload.created_at))
        .join(Video, Video.id == Upload.video_id)
        .where(Video.channel_id == channel_id, Upload.youtube_video_id.is_not(None))
        .order_by(Upload.id)
    )
    return [Measurable(upload_id, str(video_id), pacific_day(at)) for upload_id, video_id, at in rows]


def save_day(
    session: Session,
    day: date,
    uploads: Sequence[Measurable],
    figures: Iterable[DailyMetrics],
    *,
    pulled_at: datetime,
    run_id: str | None,
) -> int:
    """One statement for a day's answer, rows in id order (concurrent writers in shuffled order deadlock).

    Every upload asked about gets a row: one without figures says that the day was asked for. Returns how many had any.
    """
    said = {one.video_id: one for one in figures}
    rows = [
        {"upload_id": upload.upload_id, "day": day, "pulled_at": pulled_at, "run_id": run_id}
        | _figures(said.get(upload.video_id) or DailyMetrics(upload.video_id))
        for upload in sorted(uploads, key=lambda upload: upload.upload_id)
    ]
    if not rows:
        return 0
    statement = insert(PerformanceDay).values(rows)
    new = statement.excluded
    metrics = {name: func.coalesce(new[name], getattr(PerformanceDay, name)) for name in _figures(DailyMetrics(""))}
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[PerformanceDay.upload_id, PerformanceDay.day],
            set_={**metrics, "pulled_at": new.pulled_at, "run_id": new.run_id},
            where=PerformanceDay.pulled_at <= new.pulled_at,
        )
    )
    return sum(upload.video_id in said for upload in uploads)


def _pull_days(
    sessions: sessionmaker[Session],
    youtube: DailyFigures,
    channel: str,
    uploads: Sequence[Measurable],
    days: Sequence[date],
    clock: Clock,
    run_id: str | None,
) -> Snapshots:
    calls = asked = reported = 0
    for day in days:
        there = [upload for upload in uploads if upload.since <= day]
        for begin in range(0, len(there), MOST_VIDEOS_A_CALL):
            batch = there[begin : begin + MOST_VIDEOS_A_CALL]
            pulled_at = clock.now()
            figures = youtube.daily_metrics(day, [upload.video_id for upload in batch])
            with sessions.begin() as session:
                reported += save_day(session, day, batch, figures, pulled_at=pulled_at, run_id=run_id)
            calls, asked = calls + 1, asked + len(batch)
    return Snapshots(channel, days=len(days), calls=calls, videos=len(uploads), asked=asked, reported=reported)


def _figures(metrics: DailyMetrics) -> dict[str, Any]:
    return {name: value for name, value in asdict(metrics).items() if name != "video_id"}
