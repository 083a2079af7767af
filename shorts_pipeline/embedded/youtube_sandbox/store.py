"""The sandbox's memory: JSON documents and bytes in one folder, complete after every answer.

Documents are written under a temporary name and renamed. A video's document is what makes it exist: the steps
after it (closing the session, moving the bytes) are repeated at the next start if a kill came between.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from shorts_pipeline.embedded.youtube_sandbox.records import ChannelRecord, SessionRecord, VideoRecord, digest

M = TypeVar("M", bound=BaseModel)


class Store:
    """Everything this YouTube knows."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        for folder in ("channels", "sessions", "videos", "thumbnails"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        self.channels = {c.name: c for c in self._read("channels", ChannelRecord)}
        self.sessions = {s.id: s for s in self._read("sessions", SessionRecord)}
        self.videos = {v.id: v for v in self._read("videos", VideoRecord)}
        for video in self.videos.values():
            self._settle(video)

    def channel(self, name: str, now: datetime) -> ChannelRecord:
        """The channel of this name, made if it is new."""
        if name not in self.channels:
            self.save_channel(ChannelRecord(name=name, created_at=now))
        return self.channels[name]

    def channel_by_id(self, channel_id: str) -> ChannelRecord | None:
        return next((c for c in self.channels.values() if c.id == channel_id), None)

    def save_channel(self, channel: ChannelRecord) -> None:
        self.channels[channel.name] = channel
        self._write(self.root / "channels" / f"{digest(channel.name, length=16)}.json", channel)

    def save_session(self, session: SessionRecord) -> None:
        self.sessions[session.id] = session
        self._write(self.root / "sessions" / f"{session.id}.json", session)

    def save_video(self, video: VideoRecord) -> None:
        self.videos[video.id] = video
        self._write(self.root / "videos" / f"{video.id}.json", video)

    def delete_video(self, video: VideoRecord) -> None:
        """Forget a video, its bytes, its picture and its places in playlists."""
        del self.videos[video.id]
        (self.root / "videos" / f"{video.id}.json").unlink(missing_ok=True)
        self.media(video).unlink(missing_ok=True)
        if video.thumbnail:
            (self.root / "thumbnails" / video.thumbnail).unlink(missing_ok=True)
        for channel in self.channels.values():
            kept = {name: [one for one in ids if one != video.id] for name, ids in channel.playlists.items()}
            if kept != channel.playlists:
                self.save_channel(channel.model_copy(update={"playlists": kept}))

    def finish(self, video: VideoRecord) -> None:
        """The session's bytes have become this video."""
        self.save_video(video)
        self._settle(video)

    def new_video_id(self, channel: str, title: str) -> tuple[str, int]:
        """An id that a repeated demo makes again, and the how-manieth video of this channel and title it is."""
        number = 1
        while digest("video", channel, title, str(number), length=11) in self.videos:
            number += 1
        return digest("video", channel, title, str(number), length=11), number

    def of_channel(self, channel: str) -> list[VideoRecord]:
        """A channel's videos, newest first."""
        mine = [video for video in self.videos.values() if video.channel == channel]
        return sorted(mine, key=lambda video: (video.uploaded_at, video.id), reverse=True)

    def part(self, session: SessionRecord) -> Path:
        """Where a session's bytes are gathered."""
        return self.root / "sessions" / f"{session.id}.part"

    def received(self, session: SessionRecord) -> int:
        """How many bytes of it have arrived."""
        with suppress(FileNotFoundError):
            return self.part(session).stat().st_size
        return 0

    def media(self, video: VideoRecord) -> Path:
        """The video's bytes."""
        return self.root / "videos" / f"{video.id}.mp4"

    def save_thumbnail(self, video: VideoRecord, picture: bytes, suffix: str) -> None:
        target = self.root / "thumbnails" / f"{video.id}{suffix}"
        temporary = target.with_suffix(".partial")
        temporary.write_bytes(picture)
        temporary.replace(target)
        video.thumbnail = target.name
        self.save_video(video)

    def _settle(self, video: VideoRecord) -> None:
        session = self.sessions.get(video.session)
        if session is None:
            return
        with suppress(FileNotFoundError):
            self.part(session).replace(self.media(video))
        if session.video_id != video.id:
            self.save_session(session.model_copy(update={"video_id": video.id}))

    def _read(self, folder: str, model: type[M]) -> Iterator[M]:
        for path in sorted((self.root / folder).glob("*.json")):
            yield model.model_validate_json(path.read_bytes())

    def _write(self, path: Path, document: BaseModel) -> None:
        temporary = path.with_suffix(".partial")
        temporary.write_text(document.model_dump_json(), encoding="utf-8")
        temporary.replace(path)


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
