"""Candidates: which topics become scripts next, and how many a channel needs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    ContentChunk,
    ImportedFrom,
    Script,
    ScriptStatus,
    Topic,
    TopicStatus,
    Upload,
    Video,
    VideoStatus,
)

# Scripts are written ahead for this many days of uploads: a person may take a day to decide.
DAYS_AHEAD = 2
_UNUSED = (ScriptStatus.GENERATED, ScriptStatus.IN_REVIEW, ScriptStatus.APPROVED)
_SENT = (VideoStatus.UPLOADING, VideoStatus.UPLOADED)
_ON_THE_WAY = (VideoStatus.GENERATING, VideoStatus.GENERATED, VideoStatus.IN_REVIEW, VideoStatus.APPROVED)


def topics_to_write(channel_id: UUID, now: datetime, language: str | None) -> Select[UUID]:
    """Approved topics that have no script and are not past their time, best score first.

    `language`: only stories in it, for a writer that cannot translate; None: all.
    """
    statement = (
        select(Topic.id)
        .where(
            Topic.channel_id == channel_id,
            Topic.status == TopicStatus.APPROVED,
            or_(Topic.expires_at.is_(None), Topic.expires_at > now),
        )
        .order_by(Topic.score_total.desc(), Topic.published_at.desc().nulls_last(), Topic.id)
    )
    return statement if language is None else statement.where(Topic.language == language)


def topics_asked_for(channel_id: UUID, ids: Sequence[UUID], since: datetime) -> Select[UUID]:
    """The channel's topics that a person named, by their own id or by a script's.

    Left out: those whose script is in use already, and those written `since` (by the database's clock): once each.
    """
    done = or_(Script.status == ScriptStatus.USED, Script.created_at >= since)
    used = exists().where(Script.topic_id == Topic.id, done)
    named = or_(Topic.id.in_(ids), Topic.id.in_(select(Script.topic_id).where(Script.id.in_(ids))))
    writable = Topic.status.in_((TopicStatus.APPROVED, TopicStatus.USED))
    return select(Topic.id).where(Topic.channel_id == channel_id, named, writable, ~used).order_by(Topic.id)


def still_needed(session: Session, channel_id: UUID, target_a_day: int, now: datetime) -> int:
    """How many more scripts the channel needs: its uploads of `DAYS_AHEAD` days, less what is under way to them.

    Under way is a script not yet a video, a video not yet sent, and one that was sent ahead of its time.
    """
    scripts = select(func.count()).where(Script.channel_id == channel_id, Script.status.in_(_UNUSED))
    videos = select(func.count()).where(Video.channel_id == channel_id, Video.status.in_(_ON_THE_WAY))
    ahead = (
        select(func.count())
        .select_from(Upload)
        .join(Video, Video.id == Upload.video_id)
        .where(Video.channel_id == channel_id, Video.status.in_(_SENT), Upload.scheduled_at > now)
    )
    under_way = sum(session.scalar(counted) or 0 for counted in (scripts, videos, ahead))
    return max(target_a_day * DAYS_AHEAD - under_way, 0)


def scripts_to_chunk(channel_id: UUID) -> Select[UUID]:
    """Scripts that may be learned from and have no chunks yet, oldest first.

    Of an imported short whose words nobody knows there is only a title: nothing to learn from.
    """
    chunked = exists().where(ContentChunk.script_id == Script.id)
    in_use = Script.status.in_((ScriptStatus.APPROVED, ScriptStatus.USED))
    known = Script.generation_model.is_distinct_from(ImportedFrom.TITLE.value)
    return (
        select(Script.id)
        .where(Script.channel_id == channel_id, in_use, known, ~chunked)
        .order_by(Script.created_at, Script.id)
    )
