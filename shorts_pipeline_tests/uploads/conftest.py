"""A channel with approved videos whose files are there, and the true client on the sandbox."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, Credential, ScriptStatus, TopicStatus, Upload, VideoStatus
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox
from shorts_pipeline.embedded.youtube_sandbox.records import digest
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.youtube import MyChannel, YouTube, YouTubeResource, accounts, sending
from shorts_pipeline.resources.youtube.authorising import Client, authorise_elsewhere
from shorts_pipeline.resources.youtube.keyring import Keyring, new_key
from shorts_pipeline.selection import Selection
from shorts_pipeline.settings import settings
from shorts_pipeline.uploads.connect import keep, wanted
from shorts_pipeline.uploads.refresh import Refreshed, refresh
from shorts_pipeline_tests.resources.youtube.browser import Elsewhere
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
def token_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A key for stored tokens, in the environment."""
    key = new_key()
    monkeypatch.setenv("TOKEN_KEYS", key)
    settings.cache_clear()
    yield key
    settings.cache_clear()


class Google:
    """The sandbox in the place of the real YouTube, and the person who authorises channels there."""

    def __init__(self, studio: Studio, sandbox: RunningSandbox) -> None:
        self.studio, self.sandbox = studio, sandbox
        studio.youtube = YouTubeResource(sandbox_url="http://127.0.0.1:9", api_url=sandbox.url)
        self.client = Client("4711-x.apps.googleusercontent.com", "GOCSPX-canary").at(sandbox.url)

    def channel(self, slug: str, *, connected: bool = True, allowed: bool = True, **publish: Any) -> Channel:
        """A channel that publishes to YouTube; its YouTube channel has the same name."""
        publish = {"publish_to": "youtube", "privacy": "public", **publish}
        channel = self.studio.channel(slug, publish=publish)
        with self.studio.sessions.begin() as session:
            session.get_one(Channel, channel.id).youtube_channel_id = f"UC{digest('channel', slug, length=22)}"
        if connected:
            self.connect(slug, allowed=allowed)
        return channel

    def connect(self, slug: str, *, account: str | None = None, allowed: bool = True, **changed: str) -> MyChannel:
        """A person authorises it as the YouTube channel `account`."""
        studio, person = self.studio, Elsewhere(account or slug, **changed)
        with studio.sessions() as session:
            want = wanted(session, slug)
        given = authorise_elsewhere(self.client, want.scopes, show=person.show, ask=person.ask)
        keyring = Keyring.from_settings(settings())
        connection = {"client": self.client, "keyring": keyring, "api_url": self.sandbox.url, "clock": studio.clock}
        mine = keep(studio.sessions, want, given, **connection)
        if allowed:
            with studio.sessions.begin() as session:
                accounts.allow(session, want.account, studio.clock.now())
        return mine

    def token(self, slug: str) -> dict[str, Any]:
        """What is stored of it."""
        token: dict[str, Any] = json.loads(
            Keyring.from_settings(settings()).open(self.credential(slug).encrypted_token)
        )
        return token

    def expire(self, slug: str) -> None:
        """As if its access token had run out long ago."""
        sealed = Keyring.from_settings(settings()).seal(
            json.dumps(self.token(slug) | {"expiry": "2000-01-01T00:00:00Z"})
        )
        with self.studio.sessions.begin() as session:
            session.get_one(Credential, self.credential(slug).id).encrypted_token = sealed

    def credential(self, slug: str) -> Credential:
        with self.studio.sessions() as session:
            return session.scalars(
                select(Credential).join(Channel, Channel.id == Credential.channel_id).where(Channel.slug == slug)
            ).one()


@pytest.fixture
def google(studio: Studio, sandbox: RunningSandbox, token_keys: str) -> Google:
    return Google(studio, sandbox)


@pytest.fixture
def kept(sandbox: RunningSandbox) -> Callable[[], list[dict[str, Any]]]:
    """The videos that the sandbox has."""
    return lambda: list(sandbox.state()["videos"])
