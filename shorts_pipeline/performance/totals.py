"""Totals: what each upload came to, which did well by the channel's own rule, and the channel at equal age."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Channel, ChannelStatus, JobType, Performance, Upload, Video
from shorts_pipeline.database.documents.operation_config import HighPerformerRule
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.performance.ages import Ages, measure_ages
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
    """A channel's uploads in numbers: lifetime totals, and `ages` at equal age."""

    channel: str
    uploads: int = 0
    views: int = 0
    watch_time_seconds: int = 0
    subscribers_gained: int = 0
    high_performers: int = 0
    best: tuple[Best, ...] = ()
    ages: Ages = field(default_factory=Ages)
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
            **self.ages.as_metadata(),
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
    """Project the totals of a channel (by slug) again, mark its high performers, compare its uploads at equal age."""
    with sessions() as session:
        found = channel_by_slug(session, channel)
    if found.status is not ChannelStatus.ACTIVE:
        return Totals(channel, skipped=f"the channel is {found.status}")
    with logged(sessions, JobType.SYNC_ANALYTICS, clock=clock, channel_id=found.id, metadata={"run_id": run_id}) as job:
        project(sessions, channel_id=found.id)
        with sessions.begin() as session:
            mark_high_performers(session, found)
            ages = measure_ages(session, found.id, now=clock.now())
        with sessions() as session:
            totals = _totals(session, found, ages)
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


def _totals(session: Session, channel: Channel, ages: Ages) -> Totals:
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
        ages=ages,
    )


def _uploads_of(channel_id: UUID) -> Any:
    return select(Upload.id).join(Video, Video.id == Upload.video_id).where(Video.channel_id == channel_id)
