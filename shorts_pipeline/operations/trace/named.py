"""Named: which topic a reference means: by an id, the beginning of one, YouTube's id or an address of YouTube's."""

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Script, Topic, Upload, Video
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.operations.trace.node import SHORTEST_PREFIX

_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "studio.youtube.com"}
_BEFORE_THE_ID = {"shorts", "embed", "live", "video"}


def topic_named(session: Session, reference: str) -> UUID:
    """The one topic that the reference means. Raises `ConfigurationError`."""
    name = youtube_id(reference.strip())
    found: set[UUID] = set(session.scalars(_by_youtube_id(name)))
    if not found and len(name) >= SHORTEST_PREFIX:
        found = {topic for query in _by_id(name.lower()) for topic in session.scalars(query)}
    if len(found) == 1:
        return found.pop()
    if found:
        raise ConfigurationError(f"{reference} is the start of several ids; write more of it")
    raise ConfigurationError(
        f"no video, upload, script or topic {reference}; `shorts trace` takes an id, YouTube's id or its address"
    )


def youtube_id(reference: str) -> str:
    """YouTube's id out of an address (`…/shorts/ID`, `…/watch?v=ID`, `youtu.be/ID`, `sandbox:ID`); else what it was."""
    if reference.startswith("sandbox:"):
        return reference.removeprefix("sandbox:")
    address = urlsplit(reference if "://" in reference else f"https://{reference}")
    parts = [part for part in address.path.split("/") if part]
    if address.hostname == "youtu.be" and parts:
        return parts[0]
    if address.hostname not in _HOSTS:
        return reference
    if watched := parse_qs(address.query).get("v"):
        return watched[0]
    return parts[1] if len(parts) > 1 and parts[0] in _BEFORE_THE_ID else reference


def _by_youtube_id(name: str) -> Any:
    way = select(Script.topic_id).join(Video, Video.script_id == Script.id).join(Upload, Upload.video_id == Video.id)
    return way.where(Upload.youtube_video_id == name)


def _by_id(name: str) -> list[Any]:
    def named(column: Any) -> Any:
        return cast(column, String).startswith(name, autoescape=True)

    videos = select(Script.topic_id).join(Video, Video.script_id == Script.id)
    return [
        select(Topic.id).where(named(Topic.id)),
        select(Script.topic_id).where(named(Script.id)),
        videos.where(named(Video.id)),
        videos.join(Upload, Upload.video_id == Video.id).where(named(Upload.id)),
    ]
