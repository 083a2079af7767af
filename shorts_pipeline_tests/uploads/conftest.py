"""A channel with approved videos whose files are there, and the true client on the sandbox."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, ScriptStatus, TopicStatus, Upload, VideoStatus
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.youtube import YouTube, YouTubeResource, sending
from shorts_pipeline.selection import Selection
from shorts_pipeline.uploads.refresh import Refreshed, refresh
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video

AT_ONCE: dict[str, Any] = {"review": {"upload": {"mode": "auto"}}, "publish": {"privacy": "public"}}
PIECE = 256 * 1024


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pieces, and no waiting between tries."""
    monkeypatch.setattr(sending, "PIECE_BYTES", PIECE)
    monkeypatch.setitem(YouTube.__init__.__kwdefaults__, "sleep", lambda _: None)


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


@pytest.fixture
def youtube(sandbox: RunningSandbox) -> YouTubeResource:
    return YouTubeResource(sandbox_url=sandbox.url)


class Studio:
    """Makes what stands before this room, and runs the room."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        media: MediaStore,
        youtube: YouTubeResource,
        clock: ManualClock,
        redis: Any,
    ) -> None:
        self.sessions, self.media, self.youtube, self.clock, self.redis = sessions, media, youtube, clock, redis
        self._made = 0

    def channel(self, slug: str, **operation: Any) -> Channel:
        with self.sessions.begin() as session:
            return a_channel(session, slug=slug, operation_config={**AT_ONCE, **operation})

    def video(self, channel: Channel, *, size: int = 700 * 1024, thumbnail: bool = False, **topic: Any) -> UUID:
        """An approved video with a file of its own."""
        self._made += 1
        path = f"{channel.slug}/{self._made}/video.mp4"
        self.media.write_bytes(path, self._made.to_bytes(4) + bytes(range(256)) * (size // 256))
        picture = f"{channel.slug}/{self._made}/thumbnail.jpg" if thumbnail else None
        if picture:
            self.media.write_bytes(picture, b"\xff\xd8\xff a picture")
        with self.sessions.begin() as session:
            told = a_topic(session, channel, status=TopicStatus.USED, **topic)
            script = a_script(session, told, status=ScriptStatus.USED)
            files = {"video_path": path, "thumbnail_path": picture}
            return a_video(session, script, status=VideoStatus.APPROVED, **files).id

    def refresh(self, channel: Channel | str, **selection: Any) -> Refreshed:
        return refresh(
            self.sessions,
            channel=channel if isinstance(channel, str) else channel.slug,
            youtube=self.youtube,
            media=self.media,
            redis=self.redis,
            clock=self.clock,
            selection=Selection(**selection),
        )

    def uploads(self) -> list[Upload]:
        with self.sessions() as session:
            return list(session.scalars(select(Upload).order_by(Upload.scheduled_at, Upload.id)))

    def upload(self) -> Upload:
        (only,) = self.uploads()
        return only


@pytest.fixture
def studio(sessions, media: MediaStore, youtube: YouTubeResource, clock: ManualClock, redis) -> Studio:
    return Studio(sessions, media, youtube, clock, redis)


@pytest.fixture
def kept(sandbox: RunningSandbox) -> Callable[[], list[dict[str, Any]]]:
    """The videos that the sandbox has."""
    return lambda: list(sandbox.state()["videos"])
