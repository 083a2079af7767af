"""What the demo made, counted in the tables: nothing here is remembered from the run itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Base,
    Channel,
    ChannelSource,
    ItemJudgement,
    JobLog,
    Performance,
    Script,
    SourceItem,
    Topic,
    TopicSighting,
    Upload,
    Video,
)
from shorts_pipeline.database.enums import JudgementOutcome
from shorts_pipeline.sources.places import heard


@dataclass(frozen=True)
class MadeVideo:
    """One short: what it is called, its file under the media folder, its length, YouTube's id, who watched."""

    title: str
    path: str | None
    seconds: float
    youtube_id: str | None
    views: int


@dataclass(frozen=True)
class ChannelReport:
    """A channel's numbers."""

    slug: str
    name: str
    items: int
    topics: int
    duplicates: int
    scripts: int
    videos: tuple[MadeVideo, ...]

    @property
    def views(self) -> int:
        return sum(video.views for video in self.videos)


def report(session: Session, slugs: Sequence[str]) -> list[ChannelReport]:
    """The channels' numbers, in the order asked for."""
    channels = {channel.slug: channel for channel in session.scalars(select(Channel).where(Channel.slug.in_(slugs)))}
    return [_report(session, channels[slug]) for slug in slugs]


def count_rows(session: Session) -> dict[str, int]:
    """Rows of every table. The job log is left out: it has a row for each run, whatever the run made."""
    tables = [table for table in Base.metadata.sorted_tables if table is not JobLog.__table__]
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def new_rows(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """The tables that grew, and by how much."""
    return {name: rows - before.get(name, 0) for name, rows in after.items() if rows != before.get(name, 0)}


def _report(session: Session, channel: Channel) -> ChannelReport:
    def count(statement: Select[int]) -> int:
        return session.scalar(statement) or 0

    listened = (
        select(func.count(SourceItem.id))
        .join(ChannelSource, ChannelSource.source_id == SourceItem.source_id)
        .where(ChannelSource.channel_id == channel.id, ChannelSource.enabled, heard())
    )
    duplicates = select(func.count()).where(
        ItemJudgement.channel_id == channel.id, ItemJudgement.outcome == JudgementOutcome.DUPLICATE
    )
    videos = (
        select(
            func.coalesce(Upload.title, Topic.title_original),
            Video.video_path,
            Video.duration_seconds,
            Upload.youtube_video_id,
            Performance.views,
        )
        .join(Script, Script.id == Video.script_id)
        .join(Topic, Topic.id == Script.topic_id)
        .outerjoin(Upload, Upload.video_id == Video.id)
        .outerjoin(Performance, Performance.upload_id == Upload.id)
        .where(Video.channel_id == channel.id)
        .order_by(Upload.scheduled_at, Video.created_at)
    )
    return ChannelReport(
        slug=channel.slug,
        name=channel.name,
        items=count(listened),
        topics=count(select(func.count(Topic.id)).where(Topic.channel_id == channel.id)),
        duplicates=count(duplicates),
        scripts=count(select(func.count(Script.id)).where(Script.channel_id == channel.id)),
        videos=tuple(
            MadeVideo(title, path, seconds or 0.0, youtube_id, views or 0)
            for title, path, seconds, youtube_id, views in session.execute(videos)
        ),
    )


def told_twice(session: Session) -> int:
    """Stories that more than one source told: what deduplication brought together."""
    sources = select(TopicSighting.topic_id).group_by(TopicSighting.topic_id)
    several = sources.having(func.count(TopicSighting.source_id.distinct()) > 1).subquery()
    return session.scalar(select(func.count()).select_from(several)) or 0
