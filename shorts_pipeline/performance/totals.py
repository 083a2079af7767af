"""Totals: what each upload came to, which did well by the channel's own rule, and views by age."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Channel, ChannelStatus, JobType, Performance, PerformanceDay, Upload, Video
from shorts_pipeline.database.documents.operation_config import HighPerformerRule
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.performance.channel import channel_of
from shorts_pipeline.performance.days import pacific_day
from shorts_pipeline.performance.projection import project

BEST_SHOWN = 5


@dataclass(frozen=True)
class Best:
    """One of the channel's best uploads."""

    title: str
    url: str | None
    views: int
    engagement_rate: float
    watched: float


@dataclass(frozen=True)
class Totals:
    """A channel's uploads in numbers. `views_by_age`: mean views on the day of publication, the day after, …."""

    channel: str
    uploads: int = 0
    views: int = 0
    watch_time_seconds: int = 0
    subscribers_gained: int = 0
    high_performers: int = 0
    best: tuple[Best, ...] = ()
    views_by_age: tuple[float, ...] = ()
    skipped: str | None = None

    def as_metadata(self) -> dict[str, Any]:
        """Numbers and a preview table for the UI."""
        if self.skipped is not None:
            return {"skipped": self.skipped}
        return {
            "uploads": self.uploads,
            "views": self.views,
            "watch_hours": round(self.watch_time_seconds / 3600, 1),
            "subscribers_gained": self.subscribers_gained,
            "high_performers": self.high_performers,
        }

    def best_as_markdown(self) -> str:
        """The best uploads as a table."""
        rows = [
            f"| {one.title.replace('|', '/')} | {one.views:,} | {one.engagement_rate:.1%} | {one.watched:.0f} % |"
            for one in self.best
        ]
        return "\n".join(["| short | views | engagement | watched |", "|---|---|---|---|", *rows])


def is_high(rule: HighPerformerRule) -> ColumnElement[bool]:
    """The channel's rule as a condition on `performances`; all three parts must hold."""
    return and_(
        Performance.views >= rule.least_views,
        Performance.engagement_rate >= rule.least_engagement,
        Performance.avg_view_percentage >= rule.least_watched * 100,
    )


def measure(sessions: sessionmaker[Session], *, channel: str, clock: Clock, run_id: str | None = None) -> Totals:
    """Project the channel's totals again and mark its high performers. `channel` is its slug."""
    with sessions() as session:
        found = channel_of(session, channel)
    if found.status is not ChannelStatus.ACTIVE:
        return Totals(channel, skipped=f"the channel is {found.status}")
    with logged(sessions, JobType.SYNC_ANALYTICS, clock=clock, channel_id=found.id, metadata={"run_id": run_id}) as job:
        project(sessions, channel_id=found.id)
        with sessions.begin() as session:
            mark_high_performers(session, found)
        with sessions() as session:
            totals = _totals(session, found)
        job.result = totals.as_metadata()
    return totals


def mark_high_performers(session: Session, channel: Channel) -> None:
    """Set `is_high_performer` where the channel's rule now says otherwise."""
    rule = is_high(channel.operation_config.high_performer)
    session.execute(
        update(Performance)
        .where(Performance.upload_id.in_(_uploads_of(channel.id)), Performance.is_high_performer.is_distinct_from(rule))
        .values(is_high_performer=rule)
        .execution_options(synchronize_session=False)
    )


def _totals(session: Session, channel: Channel) -> Totals:
    mine = Performance.upload_id.in_(_uploads_of(channel.id))
    count, views, seconds, gained, high = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Performance.views), 0),
            func.coalesce(func.sum(Performance.watch_time_seconds), 0),
            func.coalesce(func.sum(Performance.subscribers_gained), 0),
            func.count().filter(Performance.is_high_performer),
        ).where(mine)
    ).one()
    best = session.execute(
        select(
            Upload.title,
            Upload.youtube_url,
            Performance.views,
            Performance.engagement_rate,
            Performance.avg_view_percentage,
        )
        .join(Upload, Upload.id == Performance.upload_id)
        .where(mine)
        .order_by(Performance.views.desc(), Performance.upload_id)
        .limit(BEST_SHOWN)
    )
    return Totals(
        channel=channel.slug,
        uploads=count,
        views=int(views),
        watch_time_seconds=int(seconds),
        subscribers_gained=int(gained),
        high_performers=high,
        best=tuple(Best(title, url, seen, rate, watched) for title, url, seen, rate, watched in best),
        views_by_age=_views_by_age(session, channel.id),
    )


def _views_by_age(session: Session, channel_id: UUID) -> tuple[float, ...]:
    rows = session.execute(
        select(Upload.published_at, PerformanceDay.day, PerformanceDay.views)
        .join(Upload, Upload.id == PerformanceDay.upload_id)
        .where(
            PerformanceDay.upload_id.in_(_uploads_of(channel_id)),
            PerformanceDay.views.is_not(None),
            Upload.published_at.is_not(None),
        )
    )
    by_age: dict[int, list[int]] = {}
    for published_at, day, views in rows:
        assert published_at is not None
        assert views is not None
        by_age.setdefault((day - pacific_day(published_at)).days, []).append(views)
    return _means(by_age)


def _means(by_age: dict[int, list[int]]) -> tuple[float, ...]:
    ages: Sequence[int] = range(max(by_age, default=-1) + 1)
    return tuple(sum(by_age.get(age, [0])) / len(by_age.get(age, [0])) for age in ages)


def _uploads_of(channel_id: UUID) -> Any:
    return select(Upload.id).join(Video, Video.id == Upload.video_id).where(Video.channel_id == channel_id)
