"""Save: published shorts as rows that are done: a used topic, a used script, a published video and its upload.

Nothing of them waits for anybody: no review, no slot, no file (`video_path` is NULL). Rows are dated when the short was
published, so that whatever asks for the newest finds what is new. Two shorts of one title are two scripts of one topic.
Functions take a session and never commit.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    ImportedFrom,
    PrivacyStatus,
    ReviewQueue,
    ReviewType,
    Script,
    ScriptStatus,
    Source,
    SourceRegion,
    SourceType,
    Topic,
    TopicStatus,
    Upload,
    UploadStatus,
    Video,
    VideoStatus,
)
from shorts_pipeline.database.insert_rows import insert_rows
from shorts_pipeline.importing.told import Told
from shorts_pipeline.resources.youtube import ExistingVideo
from shorts_pipeline.review.decisions import reject
from shorts_pipeline.review.queue import OPEN
from shorts_pipeline.review.states import move
from shorts_pipeline.topics.past import by_hash
from shorts_pipeline.topics.title_keys import period_of, title_keys
from shorts_pipeline.uploads.rows import Sender

SOURCE: Final = "imported from YouTube"
RULE: Final = "rule:import"
TITLE_CHARACTERS: Final = 100
_SLUG = re.compile(r"(?P<upload>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[0-9a-f]{16}\.mp4")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('import', 0))")


@dataclass(frozen=True)
class Saved:
    """Shorts that were saved, by their YouTube ids, and how many of them told a topic that was there already."""

    ids: tuple[str, ...] = ()
    joined: int = 0


def source_of(session: Session) -> Source:
    """The source that imported topics are of, for all channels: never read, there is nobody to ask."""
    session.execute(
        insert(Source)
        .values(
            id=uuid4(),
            name=SOURCE,
            type=SourceType.API,
            region=SourceRegion.GLOBAL,
            connection_config={"url": "https://imported.invalid/"},
            is_active=False,
        )
        .on_conflict_do_nothing(index_elements=["name"])
    )
    return session.scalars(select(Source).where(Source.name == SOURCE)).one()


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
        script = _script(sender, topic_id, version, video, story, run_id, now)
        row = _video(sender, script.id, video)
        session.add(script)
        session.flush()
        session.add(row)
        session.flush()
        session.add(_upload(sender, row.id, video))
    session.flush()
    return Saved(tuple(video.id for video, _ in new), len(new) - len(made))


def _topics(session: Session, sender: Sender, told: Sequence[Told]) -> tuple[dict[str, UUID], set[UUID]]:
    """Content hash → topic, and which of them are new. Never a second one of the same title."""
    source_id = source_of(session).id
    keys = title_keys([each.bands for each in told], sender.id, [period_of(each.short.at) for each in told])
    rows = [_topic(sender, source_id, each, own) for each, own in zip(told, keys, strict=True)]
    inserted = insert_rows(
        session, Topic, rows, on_conflict="(channel_id, content_hash) DO NOTHING", returning="topics.id"
    )
    found = by_hash(session, sender.id, [each.headline.content_hash for each in told])
    return found, {id for (id,) in inserted}


def topic_values(told: Told) -> dict[str, Any]:
    """What a topic says of its story, as far as its words tell."""
    about = told.understood
    return {
        "summary": about.summary,
        "categories": list(told.fit.categories),
        "keywords": list(about.keywords),
        "entities": [entity.as_json() for entity in about.entities],
    }


def _topic(sender: Sender, source_id: UUID, told: Told, keys: Sequence[int]) -> dict[str, Any]:
    line, at = told.headline, told.short.at
    return {
        "id": uuid4(),
        "channel_id": sender.id,
        "source_id": source_id,
        "title_original": line.title,
        "title_normalized": line.normalized,
        "source_url": told.short.url,
        "language": line.language,
        "status": TopicStatus.USED,
        "published_at": at,
        "content_hash": line.content_hash,
        "title_keys": list(keys),
        "score_source": 0.0,
        "score_freshness": 0.0,
        "score_trend": 0.0,
        "score_relevance": 0.0,
        "score_total": 0,
        "score_parts": {},
        "created_at": at,
        "updated_at": at,
        **topic_values(told),
    }


def script_values(told: Told) -> dict[str, Any]:
    """What a script says of its words."""
    words = told.words
    return {
        "script_text": words.text,
        "generation_model": words.source.value,
        "quality_score_style": words.style,
        "quality_score_hook": words.hook,
        "word_count": len(words.text.split()),
    }


def _script(
    sender: Sender, topic_id: UUID, version: int, video: ExistingVideo, told: Told, run_id: str, now: datetime
) -> Script:
    config: Mapping[str, Any] = {
        "youtube_video_id": video.id,
        "run_id": run_id,
        "imported_at": now.isoformat(),
        "views": video.views or 0,
        **told.words.details,
    }
    return Script(
        id=uuid4(),
        channel_id=sender.id,
        topic_id=topic_id,
        script_version=version,
        generation_config=dict(config),
        estimated_duration=float(video.seconds),
        status=ScriptStatus.USED,
        created_at=video.published_at,
        **script_values(told),
    )


def _video(sender: Sender, script_id: UUID, video: ExistingVideo) -> Video:
    return Video(
        id=uuid4(),
        channel_id=sender.id,
        script_id=script_id,
        duration_seconds=float(video.seconds),
        status=VideoStatus.PUBLISHED,
        created_at=video.published_at,
    )


def _upload(sender: Sender, video_id: UUID, video: ExistingVideo) -> Upload:
    at = video.published_at
    return Upload(
        video_id=video_id,
        youtube_video_id=video.id,
        youtube_url=sender.address(video.id),
        title=video.title[:TITLE_CHARACTERS],
        description=video.description,
        tags=list(video.tags),
        category_id=video.category_id,
        privacy_status=PrivacyStatus.PUBLIC,
        upload_status=UploadStatus.PUBLISHED,
        # YouTube does not say when its bytes came: figures are asked for from the day it went public.
        uploaded_at=at,
        published_at=at,
        # Thumbnail and playlists are as somebody left them: neither is this program's to change.
        thumbnail_set_at=at,
        playlist_added_at=at,
        created_at=at,
    )


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
