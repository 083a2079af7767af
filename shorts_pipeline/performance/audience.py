"""Audience: where a short's views come from and who they are, once a week under a budget.

Both add up over the videos of a call, so they cost a call each and video. They are asked about the whole time from the
day of publication to the newest day that is nearly whole, and stored in that day's row of `performance_days`: a row
with `traffic_sources` is one that was asked. `demographics` of a small audience are withheld and stay NULL. The
newest of each is what `performances` shows.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Integer, func, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Channel, JobLog, JobType, PerformanceDay
from shorts_pipeline.database.only_one import only_one
from shorts_pipeline.operations.job_log import Job, logged
from shorts_pipeline.performance.channel import idle
from shorts_pipeline.performance.days import PACIFIC, pacific_day
from shorts_pipeline.performance.projection import project_audience

STEP = "performance_audience"
CALLS_A_VIDEO = 2
# The figures of a day are nearly whole after 72 hours.
NEARLY_WHOLE = timedelta(days=3)
WEEK = timedelta(days=7)

_WORTH_ASKING = text("""
SELECT u.id, u.youtube_video_id, coalesce(u.uploaded_at, u.created_at) AS since, newest.day
FROM uploads u
JOIN videos v ON v.id = u.video_id AND v.channel_id = :channel_id
JOIN LATERAL (
    SELECT max(d.day) FILTER (WHERE d.day <= :last) AS day,
           max(d.day) FILTER (WHERE d.traffic_sources IS NOT NULL) AS asked
    FROM performance_days d WHERE d.upload_id = u.id
) newest ON newest.day IS NOT NULL AND (newest.asked IS NULL OR newest.asked <= :week_before)
JOIN LATERAL (
    SELECT sum(d.views) AS views FROM performance_days d
    WHERE d.upload_id = u.id AND d.day <= newest.day AND (newest.asked IS NULL OR d.day > newest.asked)
) since_then ON since_then.views > 0
WHERE u.youtube_video_id IS NOT NULL AND u.removed_at IS NULL
ORDER BY since_then.views DESC, since DESC, u.id
LIMIT :videos
""")


class TellsAudience(Protocol):
    """The part of YouTube that knows a video's audience."""

    def traffic(self, video_id: str, first: date, last: date) -> dict[str, int]: ...

    def audience(self, video_id: str, first: date, last: date) -> dict[str, float]: ...


class Connect(Protocol):
    """Opens a channel's YouTube by its slug."""

    def __call__(self, slug: str, /) -> TellsAudience: ...


@dataclass(frozen=True)
class Candidate:
    """A video worth asking about: the days that are asked for, the last of which has a row."""

    upload_id: UUID
    video_id: str
    first: date
    last: date


@dataclass
class Audience:
    """What one run did. `withheld` counts videos whose audience is too small to be told; `left` what the week has."""

    channel: str
    videos: int = 0
    calls: int = 0
    withheld: int = 0
    left: int = 0
    skipped: str | None = None

    def as_metadata(self) -> dict[str, Any]:
        """Plain numbers for the UI and the job log."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def ask_audience(
    sessions: sessionmaker[Session], connect: Connect, *, channel: str, clock: Clock, run_id: str | None = None
) -> Audience:
    """Ask about the videos with most new views, as far as the week's budget goes; none of them twice a week.

    One run at a time for a channel: two would spend one budget twice.
    """
    with sessions() as session:
        found = channel_by_slug(session, channel)
    if reason := idle(found):
        return Audience(channel, skipped=reason)
    with only_one(sessions, f"audience:{found.id}") as mine:
        if not mine:
            return Audience(channel, skipped="another run is asking for this channel")
        return _asked(sessions, connect, found, clock, run_id)


def _asked(
    sessions: sessionmaker[Session], connect: Connect, channel: Channel, clock: Clock, run_id: str | None
) -> Audience:
    now = clock.now()
    with sessions() as session:
        left = calls_left(session, channel, now)
        chosen = worth_asking(session, channel.id, now, most=left // CALLS_A_VIDEO)
    result = Audience(channel.slug, left=left)
    metadata = {"run_id": run_id, "step": STEP}
    with logged(sessions, JobType.SYNC_ANALYTICS, clock=clock, channel_id=channel.id, metadata=metadata) as job:
        if chosen:
            _ask(sessions, connect(channel.slug), channel.id, chosen, result, job)
        job.result = result.as_metadata()
    return result


def calls_left(session: Session, channel: Channel, now: datetime) -> int:
    """What the week's budget has left; a week begins on Monday, Pacific. What failed has cost its calls too."""
    today = pacific_day(now)
    monday = datetime.combine(today - timedelta(days=today.weekday()), time.min, tzinfo=PACIFIC)
    spent = session.scalars(
        select(func.coalesce(func.sum(JobLog.result["calls"].astext.cast(Integer)), 0)).where(
            JobLog.channel_id == channel.id,
            JobLog.job_type == JobType.SYNC_ANALYTICS,
            JobLog.run_metadata["step"].astext == STEP,
            JobLog.started_at >= monday,
        )
    ).one()
    return max(channel.operation_config.budget.audience_calls_a_week - int(spent), 0)


def worth_asking(session: Session, channel_id: UUID, now: datetime, *, most: int) -> list[Candidate]:
    """Videos seen since they were last asked about, a week ago or more: most new views first, then the newest."""
    last = pacific_day(now - NEARLY_WHOLE) - timedelta(days=1)
    asked = {"channel_id": channel_id, "last": last, "week_before": last - WEEK, "videos": most}
    return [
        Candidate(upload_id, video_id, min(pacific_day(since), day), day)
        for upload_id, video_id, since, day in session.execute(_WORTH_ASKING, asked)
    ]


def _ask(
    sessions: sessionmaker[Session],
    youtube: TellsAudience,
    channel_id: UUID,
    chosen: Sequence[Candidate],
    result: Audience,
    job: Job,
) -> None:
    """Two calls and a statement a video; what was answered before a call fails is kept."""
    answered: list[UUID] = []
    try:
        for one in chosen:
            _spend(result, job)
            traffic = youtube.traffic(one.video_id, one.first, one.last)
            _spend(result, job)
            audience = youtube.audience(one.video_id, one.first, one.last)
            with sessions.begin() as session:
                save_audience(session, one, traffic, audience)
            answered.append(one.upload_id)
            result.videos, result.withheld = result.videos + 1, result.withheld + (not audience)
    finally:
        project_audience(sessions, channel_id=channel_id, uploads=answered)


def save_audience(session: Session, one: Candidate, traffic: dict[str, int], audience: dict[str, float]) -> None:
    """Into the row of the last day asked for."""
    session.execute(
        update(PerformanceDay)
        .where(PerformanceDay.upload_id == one.upload_id, PerformanceDay.day == one.last)
        .values(traffic_sources=traffic, demographics=audience or None)
    )


def _spend(result: Audience, job: Job) -> None:
    result.calls, result.left = result.calls + 1, result.left - 1
    job.result = result.as_metadata()
