"""Videos as the Data API shows them: the parts of a record, as of now."""

from collections.abc import Collection
from typing import Any

from shorts_pipeline.embedded.youtube_sandbox import figures
from shorts_pipeline.embedded.youtube_sandbox.answers import instant
from shorts_pipeline.embedded.youtube_sandbox.records import VideoRecord
from shorts_pipeline.embedded.youtube_sandbox.world import World


def video(
    world: World, record: VideoRecord, parts: Collection[str], *, owner: bool = True, most_high: int | None = None
) -> dict[str, Any]:
    """A video resource. File and processing details are for its owner; a player's size needs a height to fit."""
    makers = {
        "snippet": _snippet,
        "status": _status,
        "contentDetails": _content_details,
        "statistics": _statistics,
    }
    if owner:
        makers |= {"processingDetails": _processing_details, "fileDetails": _file_details}
    document: dict[str, Any] = {"kind": "youtube#video", "etag": record.sha256[:27], "id": record.id}
    shown = {part: makers[part](world, record) for part in parts if part in makers}
    if "player" in parts:
        shown["player"] = _player(record, most_high)
    if "liveStreamingDetails" in parts and record.live:
        shown["liveStreamingDetails"] = {"scheduledStartTime": instant(record.uploaded_at)}
    return document | shown


def shown(record: VideoRecord, world: World) -> figures.Shown | None:
    """The video as its audience meets it; None while it has none."""
    since = record.public_since(world.clock.now())
    if since is None:
        return None
    language = record.audio_language or record.language
    return figures.Shown(record.id, record.channel, language, record.duration, since, record.title)


def _snippet(world: World, record: VideoRecord) -> dict[str, Any]:
    channel = world.store.channels[record.channel]
    snippet: dict[str, Any] = {
        "publishedAt": instant(record.public_since(world.clock.now()) or record.uploaded_at),
        "channelId": channel.id,
        "channelTitle": channel.name,
        "title": record.title,
        "description": record.description,
        "categoryId": record.category_id,
        "liveBroadcastContent": record.live if record.live in {"live", "upcoming"} else "none",
    }
    optional = {
        "tags": record.tags,
        "defaultLanguage": record.language,
        "defaultAudioLanguage": record.audio_language,
    }
    if record.thumbnail:
        snippet["thumbnails"] = {"default": {"url": f"https://i.ytimg.com/vi/{record.id}/default.jpg"}}
    return snippet | {name: value for name, value in optional.items() if value}


def _status(world: World, record: VideoRecord) -> dict[str, Any]:
    now = world.clock.now()
    status: dict[str, Any] = {
        "uploadStatus": record.upload_status(now),
        "privacyStatus": record.privacy_now(now),
        "license": "youtube",
        "embeddable": True,
        "publicStatsViewable": True,
        "madeForKids": bool(record.made_for_kids),
        "containsSyntheticMedia": record.synthetic,
    }
    if record.made_for_kids is not None:
        status["selfDeclaredMadeForKids"] = record.made_for_kids
    if record.publish_at is not None and record.publish_at > now:
        status["publishAt"] = instant(record.publish_at)
    if record.processing(now) == "failed":
        status["failureReason"] = record.order.failure_reason
    if record.processing(now) == "terminated":
        status["rejectionReason"] = record.order.rejection_reason
    return status


def _processing_details(world: World, record: VideoRecord) -> dict[str, Any]:
    state = record.processing(world.clock.now())
    details: dict[str, Any] = {"processingStatus": state, "fileDetailsAvailability": "available"}
    if state == "failed":
        details["processingFailureReason"] = "transcodeFailed"
    return details


def _file_details(_: World, record: VideoRecord) -> dict[str, Any]:
    return {
        "fileName": record.slug,
        "fileSize": str(record.size),
        "fileType": "video",
        "durationMs": str(round(record.duration * 1000)),
    }


def _content_details(_: World, record: VideoRecord) -> dict[str, Any]:
    # Tracks that YouTube made itself do not count there.
    captioned = any(track.kind == "standard" and not track.draft for track in record.captions)
    return {
        "duration": duration(round(record.duration)),
        "dimension": "2d",
        "definition": "hd",
        "caption": str(captioned).lower(),
    }


def duration(seconds: int) -> str:
    """ISO 8601 as YouTube writes it: `PT1H2M3S`, `PT58S`; a stream that is on has `P0D`."""
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if value]
    return f"PT{''.join(parts)}" if parts else "P0D"


def _player(record: VideoRecord, most_high: int | None) -> dict[str, Any]:
    address = f"//www.youtube.com/embed/{record.id}"
    player: dict[str, Any] = {"embedHtml": f'<iframe src="{address}"></iframe>'}
    if most_high:
        size = {"embedHeight": most_high, "embedWidth": round(most_high * record.width / record.height)}
        player |= {name: str(value) for name, value in size.items()}
    return player


def _statistics(world: World, record: VideoRecord) -> dict[str, Any]:
    audience = shown(record, world)
    day = figures.total(audience, world.clock.now()) if audience else figures.Day()
    counts = {"viewCount": day.views, "likeCount": day.likes, "favoriteCount": 0, "commentCount": day.comments}
    return {name: str(count) for name, count in counts.items()}
