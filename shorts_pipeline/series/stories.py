"""Stories: a channel's topics as this room sees them, with what they came to. Only reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from sqlalchemy import Date, Subquery, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Performance,
    PerformanceDay,
    Script,
    Topic,
    TopicStatus,
    Upload,
    Video,
)

# Views of the first week, so that an old episode is not better for its age; figures are up to three days late.
EQUAL_AGE_DAYS = 7
FIGURES_LATE = timedelta(days=3)
# Older topics that never joined a series are not looked at again.
MOST_UNMATCHED = 500
STILL_TOLD = (TopicStatus.PENDING, TopicStatus.APPROVED, TopicStatus.USED)


@dataclass(frozen=True)
class Story:
    """A topic; `views` is None until it has figures, `week_views` until its first week is fully reported."""

    id: UUID
    title: str
    keywords: tuple[str, ...]
    categories: tuple[str, ...]
    series_id: UUID | None
    published_at: datetime | None = None
    views: int | None = None
    engagement: float = 0.0
    week_views: int | None = None
    high_performer: bool = False
    summary: str = ""

    @property
    def told(self) -> str:
        """The title and what stands under it."""
        return f"{self.title}. {self.summary}" if self.summary else self.title


def read_stories(session: Session, channel_id: UUID, *, now: datetime) -> list[Story]:
    """Topics with figures or a series, and the newest without; in the order they were published or made."""
    figures = _figures(channel_id, now)
    newest = (
        select(Topic.id)
        .where(Topic.channel_id == channel_id, Topic.series_id.is_(None), Topic.status.in_(STILL_TOLD))
        .order_by(Topic.created_at.desc())
        .limit(MOST_UNMATCHED)
    )
    rows = session.execute(
        select(Topic, *(column for column in figures.c if column.name != "topic_id"))
        .outerjoin(figures, figures.c.topic_id == Topic.id)
        .where(
            Topic.channel_id == channel_id,
            or_(figures.c.topic_id.is_not(None), Topic.series_id.is_not(None), Topic.id.in_(newest)),
        )
        .order_by(func.coalesce(figures.c.published_at, Topic.created_at), Topic.id)
    )
    return [
        Story(
            id=topic.id,
            title=topic.title_translated or topic.title_original,
            keywords=tuple(topic.keywords),
            categories=tuple(topic.categories),
            series_id=topic.series_id,
            published_at=published_at,
            views=None if views is None else int(views),
            engagement=float(engagement or 0),
            week_views=None if week_views is None else int(week_views),
            high_performer=bool(high_performer),
            summary=topic.summary or "",
        )
        for topic, published_at, views, engagement, high_performer, week_views in rows
    ]


def did_well(stories: Sequence[Story]) -> list[Story]:
    """The high performers by the channel's own rule, and whatever is in the better half by views."""
    published = [story for story in stories if story.views]
    if not published:
        return []
    middle = median(story.views or 0 for story in published)
    return [story for story in published if story.high_performer or (story.views or 0) >= middle]


def _figures(channel_id: UUID, now: datetime) -> Subquery:
    """One row a topic that was published: its best video's figures."""
    first_day = cast(func.timezone("America/Los_Angeles", Upload.published_at), Date)
    week = (
        select(func.sum(PerformanceDay.views))
        .where(PerformanceDay.upload_id == Upload.id, PerformanceDay.day < first_day + EQUAL_AGE_DAYS)
        .correlate(Upload)
        .scalar_subquery()
    )
    whole_week = Upload.published_at <= now - timedelta(days=EQUAL_AGE_DAYS) - FIGURES_LATE
    return (
        select(
            Script.topic_id,
            Upload.published_at,
            Performance.views,
            Performance.engagement_rate.label("engagement"),
            Performance.is_high_performer.label("high_performer"),
            case((whole_week, week)).label("week_views"),
        )
        .ext(distinct_on(Script.topic_id))
        .join(Video, Video.script_id == Script.id)
        .join(Upload, Upload.video_id == Video.id)
        .join(Performance, Performance.upload_id == Upload.id)
        .where(Script.channel_id == channel_id, Upload.published_at.is_not(None))
        .order_by(Script.topic_id, Performance.views.desc(), Upload.id)
        .subquery("figures")
    )
