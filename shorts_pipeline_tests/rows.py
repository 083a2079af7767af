"""Small rows for tests: each function adds one row that satisfies every constraint, flushes and returns it.

Anything a test speaks of is given by name; everything else is filled in. Nothing here commits.
"""

import hashlib
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Base,
    Channel,
    ChannelSource,
    Persona,
    Script,
    ScriptStatus,
    Source,
    SourceRegion,
    SourceType,
    Topic,
    TopicStatus,
    TTSService,
    Upload,
    UploadStatus,
    Video,
    VideoStatus,
)

LONG_AGO = datetime(2026, 3, 1, tzinfo=UTC)
_numbers = count(1)
Row = TypeVar("Row", bound=Base)


def a_channel(session: Session, *, persona: dict[str, Any] | None = None, **over: Any) -> Channel:
    """An active Korean channel with its persona (`persona` overrides the persona's columns)."""
    number = next(_numbers)
    channel = _added(session, Channel(**{"name": f"Channel {number}", "slug": f"channel-{number}", **over}))
    speaker = {"name": "해설자", "voice_id": "ko", "tts_service": TTSService.OFFLINE, **(persona or {})}
    _added(session, Persona(channel_id=channel.id, **speaker))
    return channel


def a_source(session: Session, channel: Channel | None = None, **over: Any) -> Source:
    """An RSS source; with a `channel`, one that the channel listens to."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "name": f"Source {number}",
        "type": SourceType.RSS,
        "region": SourceRegion.DOMESTIC,
        "connection_config": {"url": f"https://news.example.com/{number}.xml"},
    }
    source = _added(session, Source(**defaults | over))
    if channel is not None:
        _added(session, ChannelSource(channel_id=channel.id, source_id=source.id))
    return source


def a_topic(session: Session, channel: Channel, **over: Any) -> Topic:
    """A pending topic with a title and a hash of its own; its source is made unless `source_id` is given."""
    number = next(_numbers)
    title = str(over.get("title_normalized") or over.get("title_original") or f"반도체 수출이 {number}달 연속 늘었다")
    defaults: dict[str, Any] = {
        "channel_id": channel.id,
        "title_original": title,
        "title_normalized": title,
        "summary": f"{title}. 전문가들은 이 흐름이 이어질 것으로 본다.",
        "source_url": f"https://news.example.com/stories/{number}",
        "content_hash": hashlib.sha256(title.encode()).hexdigest(),
        "published_at": LONG_AGO,
        "score_total": 60,
    }
    if "source_id" not in over:
        defaults["source_id"] = a_source(session).id
    return _added(session, Topic(**defaults | over))


def a_script(session: Session, topic: Topic, **over: Any) -> Script:
    """A generated script of a topic."""
    text = "이 소식, 들어 보셨나요? 반도체 수출이 크게 늘었습니다. 앞으로가 더 궁금합니다."
    defaults: dict[str, Any] = {"channel_id": topic.channel_id, "topic_id": topic.id, "script_text": text}
    return _added(session, Script(**defaults | over))


def a_video(session: Session, script: Script, **over: Any) -> Video:
    """A video row of a script, still `generating` unless told otherwise."""
    return _added(session, Video(**{"channel_id": script.channel_id, "script_id": script.id, **over}))


def an_upload(session: Session, video: Video, **over: Any) -> Upload:
    """A pending upload of a video."""
    return _added(session, Upload(**{"video_id": video.id, "title": f"Short {next(_numbers)}", **over}))


def a_published_upload(session: Session, channel: Channel, **over: Any) -> Upload:
    """A whole chain, topic to upload, that has been published (`youtube_video_id` and `published_at` set)."""
    topic = a_topic(session, channel, status=TopicStatus.USED)
    video = a_video(session, a_script(session, topic, status=ScriptStatus.USED), status=VideoStatus.PUBLISHED)
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "youtube_video_id": f"video{number:06d}",
        "upload_status": UploadStatus.PUBLISHED,
        "uploaded_at": LONG_AGO,
        "published_at": LONG_AGO,
    }
    return an_upload(session, video, **defaults | over)


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
