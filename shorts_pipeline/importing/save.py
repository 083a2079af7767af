"""Save: published shorts as rows that are done: a used topic, a used script, a published video and its upload.

Nothing of them waits for anybody: no review, no slot, no file (`video_path` is NULL). Two shorts of one title are two
scripts of one topic. Functions take a session and never commit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    ImportedFrom,
    ReviewQueue,
    ReviewType,
    Script,
    Source,
    SourceRegion,
    Topic,
    TopicStatus,
    Upload,
    Video,
)
from shorts_pipeline.database.insert_rows import insert_rows
from shorts_pipeline.importing.rows import script_row, topic_row, upload_row, video_row
from shorts_pipeline.importing.told import Told
from shorts_pipeline.resources.youtube import ExistingVideo
from shorts_pipeline.review.decisions import reject
from shorts_pipeline.review.queue import OPEN
from shorts_pipeline.review.states import move
from shorts_pipeline.sources.unread import unread_source
from shorts_pipeline.topics.past import by_hash
from shorts_pipeline.topics.title_keys import period_of, title_keys
from shorts_pipeline.uploads.rows import Sender

SOURCE: Final = "imported from YouTube"
RULE: Final = "rule:import"
_SLUG = re.compile(r"(?P<upload>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[0-9a-f]{16}\.mp4")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('import', 0))")


@dataclass(frozen=True)
class Saved:
    """Shorts that were saved, by their YouTube ids, and how many of them told a topic that was there already."""

    ids: tuple[str, ...] = ()
    joined: int = 0


def source_of(session: Session) -> Source:
    """The source that imported topics are of, for all channels: never read, there is nobody to ask."""
    return unread_source(session, SOURCE, SourceRegion.GLOBAL)


def known(session: Session, ids: Sequence[str]) -> dict[str, tuple[UUID, bool]]:
    """Those of the YouTube ids that an upload has: whose it is, and whether it was imported."""
    rows = session.execute(
        select(Upload.youtube_video_id, Video.channel_id, Script.generation_model)
        .join(Video, Video.id == Upload.video_id)
        .join(Script, Script.id == Video.script_id)
        .where(Upload.youtube_video_id.in_(ids))
    )
    imported = {each.value for each in ImportedFrom}
    return {str(id): (channel_id, model in imported) for id, channel_id, model in rows}


def sent_from_here(session: Session, videos: Sequence[ExistingVideo]) -> set[str]:
    """YouTube ids of those that an upload of ours was sent as, whether its row knows it yet or not (rows.Sending.slug).

    A sender that was killed finds its video again by that name: brought in, it would stand in its way.
    """
    sent = {video.id: UUID(match["upload"]) for video in videos if (match := _SLUG.fullmatch(video.file_name or ""))}
    ours = set(session.scalars(select(Upload.id).where(Upload.id.in_(sent.values()))))
    return {video_id for video_id, upload_id in sent.items() if upload_id in ours}


def save(
    session: Session, sender: Sender, told: Sequence[tuple[ExistingVideo, Told]], *, run_id: str, now: datetime
) -> Saved:
    """Write these shorts; those that another import wrote meanwhile are left out."""
    session.execute(_LOCK)
    there = known(session, [video.id for video, _ in told])
    new = [(video, story) for video, story in told if video.id not in there]
    if not new:
        return Saved()
    topics, made = _topics(session, sender, [story for _, story in new])
    _settle(session, set(topics.values()) - made, now)
    versions = _versions(session, topics.values())
    for video, story in new:
        topic_id = topics[story.headline.content_hash]
        versions[topic_id] = version = versions.get(topic_id, 0) + 1
        script = script_row(sender, topic_id, version, video, story, run_id, now)
        row = video_row(sender, script.id, video)
        session.add(script)
        session.flush()
        session.add(row)
        session.flush()
        session.add(upload_row(sender, row.id, video))
    session.flush()
    return Saved(tuple(video.id for video, _ in new), len(new) - len(made))


def _topics(session: Session, sender: Sender, told: Sequence[Told]) -> tuple[dict[str, UUID], set[UUID]]:
    """Content hash → topic, and which of them are new. Never a second one of the same title."""
    source_id = source_of(session).id
    keys = title_keys([each.bands for each in told], sender.id, [period_of(each.short.at) for each in told])
    rows = [topic_row(sender, source_id, each, own) for each, own in zip(told, keys, strict=True)]
    inserted = insert_rows(
        session, Topic, rows, on_conflict="(channel_id, content_hash) DO NOTHING", returning="topics.id"
    )
    found = by_hash(session, sender.id, [each.headline.content_hash for each in told])
    return found, {id for (id,) in inserted}


def _versions(session: Session, topics: Any) -> dict[UUID, int]:
    counted = (
        select(Script.topic_id, func.max(Script.script_version))
        .where(Script.topic_id.in_(list(topics)))
        .group_by(Script.topic_id)
    )
    return {topic_id: int(version or 0) for topic_id, version in session.execute(counted)}


def _settle(session: Session, topics: set[UUID], now: datetime) -> None:
    """Topics of a feed that turn out to have been told on YouTube wait no longer: they would be told twice."""
    rows = session.execute(
        select(Topic.id, Topic.status, ReviewQueue.id, ReviewQueue.status)
        .outerjoin(ReviewQueue, (ReviewQueue.review_type == ReviewType.TOPIC) & (ReviewQueue.target_id == Topic.id))
        .where(Topic.id.in_(topics), Topic.status.in_((TopicStatus.PENDING, TopicStatus.APPROVED)))
        .order_by(Topic.id)
        .with_for_update(of=Topic)
    ).all()
    for topic_id, status, review_id, review_status in rows:
        if status is TopicStatus.APPROVED:
            move(session, Topic, topic_id, source=status, to=TopicStatus.USED)
        elif review_id is not None and review_status in OPEN:
            reject(session, review_id, by=RULE, now=now, notes="the channel has told it on YouTube already")
        else:
            move(session, Topic, topic_id, source=status, to=TopicStatus.REJECTED)
