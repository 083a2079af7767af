"""Existing videos: a channel that was there before, put into the sandbox: `POST /_sandbox/videos`.

What a person uploaded by hand, years ago: any length, any privacy, live, deleted since, with captions. Their figures
are made up as those of any other video, from the day they went public.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from shorts_pipeline.embedded.youtube_sandbox.records import CaptionRecord, VideoRecord, digest
from shorts_pipeline.embedded.youtube_sandbox.world import World

_BYTES_A_SECOND = 250_000


class Track(BaseModel):
    """A caption track as it is asked for; `text` is SubRip."""

    model_config = ConfigDict(extra="forbid")

    text: str
    language: str = "ko"
    kind: str = "standard"
    draft: bool = False


class Existing(BaseModel):
    """A video as it is asked for; `published_at` is when it went public or, where it is not, was uploaded."""

    model_config = ConfigDict(extra="forbid")

    title: str
    published_at: datetime
    description: str = ""
    tags: list[str] = Field(default_factory=list)
    category_id: str = "22"
    language: str | None = None
    privacy: str = "public"
    duration: float = 45.0
    width: int = 1080
    height: int = 1920
    live: str | None = None
    deleted: bool = False
    file_name: str | None = None
    captions: list[Track] = Field(default_factory=list)


class Seeds(BaseModel):
    """A channel's existing videos."""

    model_config = ConfigDict(extra="forbid")

    channel: str
    videos: list[Existing]


def put(world: World, seeds: Seeds) -> list[str]:
    """Put the videos into the channel, which is made if it is new; their ids, in order."""
    if seeds.videos:
        world.store.channel(seeds.channel, min(each.published_at for each in seeds.videos))
    return [_put(world, seeds.channel, each) for each in seeds.videos]


def _put(world: World, channel: str, video: Existing) -> str:
    video_id, number = world.store.new_video_id(channel, video.title)
    tracks = [
        CaptionRecord(id=digest("caption", video_id, str(place), length=32), **track.model_dump())
        for place, track in enumerate(video.captions)
    ]
    at = video.published_at
    given = video.model_dump(exclude={"captions", "language", "file_name"})
    world.store.save_video(
        VideoRecord(
            **given | {"published_at": at if video.privacy == "public" else None},
            id=video_id,
            channel=channel,
            session="",
            number=number,
            language=video.language,
            audio_language=video.language,
            uploaded_at=at,
            processed_at=at,
            slug=video.file_name or f"{video_id}.mp4",
            size=round(video.duration * _BYTES_A_SECOND),
            sha256=digest("bytes", video_id, length=43),
            captions=tracks,
        )
    )
    return video_id
