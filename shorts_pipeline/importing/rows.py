"""Rows: a published short as rows that are done, dated when it went public. Values only; save.py writes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from shorts_pipeline.database import (
    PrivacyStatus,
    Script,
    ScriptStatus,
    TopicStatus,
    Upload,
    UploadStatus,
    Video,
    VideoStatus,
)
from shorts_pipeline.importing.told import Told
from shorts_pipeline.resources.youtube import ExistingVideo
from shorts_pipeline.uploads.rows import Sender

TITLE_CHARACTERS: Final = 100


def topic_values(told: Told) -> dict[str, Any]:
    """What a topic says of its story, as far as its words tell."""
    about = told.understood
    return {
        "summary": about.summary,
        "categories": list(told.fit.categories),
        "keywords": list(about.keywords),
        "entities": [entity.as_json() for entity in about.entities],
    }


def topic_row(sender: Sender, source_id: UUID, told: Told, keys: Sequence[int]) -> dict[str, Any]:
    """A used topic, as `insert_rows` takes it; `keys` are its title's (topics/title_keys.py)."""
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


def script_row(
    sender: Sender, topic_id: UUID, version: int, video: ExistingVideo, told: Told, run_id: str, now: datetime
) -> Script:
    """A used script; where it is from, and the run that brought it, are in its `generation_config`."""
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


def video_row(sender: Sender, script_id: UUID, video: ExistingVideo) -> Video:
    """A published video without a file."""
    return Video(
        id=uuid4(),
        channel_id=sender.id,
        script_id=script_id,
        duration_seconds=float(video.seconds),
        status=VideoStatus.PUBLISHED,
        created_at=video.published_at,
    )


def upload_row(sender: Sender, video_id: UUID, video: ExistingVideo) -> Upload:
    """A finished upload."""
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
