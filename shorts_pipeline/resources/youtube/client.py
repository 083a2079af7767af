"""One channel's YouTube: the calls the pipeline makes, with values in and out and errors that say what to do."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from shorts_pipeline.clock import Clock
from shorts_pipeline.errors import NeedsPerson, Rejected
from shorts_pipeline.resources.youtube import existing, measuring, sending
from shorts_pipeline.resources.youtube.existing import CaptionTrack, ExistingVideo, Page
from shorts_pipeline.resources.youtube.faults import explained
from shorts_pipeline.resources.youtube.sending import Progress
from shorts_pipeline.resources.youtube.states import (
    DailyMetrics,
    MyChannel,
    Reach,
    ReachFile,
    SessionState,
    VideoMetadata,
    VideoState,
)
from shorts_pipeline.resources.youtube.transport import Services

VIDEO_PARTS = "snippet,status,processingDetails,fileDetails,statistics"
MOST_IDS = 50
# Room for a publication instant that YouTube and we round differently.
SEARCH_MARGIN = timedelta(days=1)
_PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


def _unwatched(sent: int, size: int) -> None:
    """No one wants to know how far a sending is."""


class YouTube:
    """Usable from several threads: each gets service objects of its own."""

    def __init__(
        self,
        credentials: Any,
        *,
        root_url: str | None,
        clock: Clock,
        is_sandbox: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._services = Services(credentials, root_url)
        self._clock = clock
        self._sleep = sleep
        self.is_sandbox = is_sandbox

    def my_channel(self) -> MyChannel:
        """The channel this credential belongs to. Raises NeedsPerson where the account has none. 1 unit."""
        items = self._items(self._services.youtube.channels().list(part="snippet,contentDetails", mine=True))
        if not items:
            raise NeedsPerson("the Google account of this credential has no YouTube channel: make one, or authorise it")
        snippet = items[0]["snippet"]
        playlist = items[0]["contentDetails"]["relatedPlaylists"]["uploads"]
        return MyChannel(items[0]["id"], snippet["title"], snippet.get("customUrl"), playlist)

    def open_session(self, metadata: VideoMetadata, file: Path, slug: str) -> str:
        """Open an upload session and send nothing. The address is a secret: store it before `resume`. 1 insert."""
        return sending.open_session(self._services, metadata, file, slug, self._clock)

    def session_state(self, session_uri: str, size: int) -> SessionState:
        """Where a session stands. Raises SessionExpired."""
        return sending.ask(self._services, session_uri, size, self._clock)

    def resume(self, session_uri: str, file: Path, on_progress: Progress = _unwatched) -> str:
        """Send what is missing of `file`, from any process, and return the video's id. Raises SessionExpired."""
        return sending.send(
            self._services, session_uri, file, clock=self._clock, on_progress=on_progress, sleep=self._sleep
        )

    def find_by_slug(self, slug: str, *, since: datetime | None = None) -> VideoState | None:
        """The upload that was sent under this file name, newest first, no older than `since`. 1 + 2 units a page."""
        for ids in self._uploaded_pages(since):
            for state in self.videos(ids):
                if state.file_name == slug:
                    return state
        return None

    def videos(self, ids: Sequence[str]) -> list[VideoState]:
        """The state of each video that exists. 1 unit for 50."""
        found: list[VideoState] = []
        for begin in range(0, len(ids), MOST_IDS):
            wanted = ",".join(ids[begin : begin + MOST_IDS])
            items = self._items(self._services.youtube.videos().list(part=VIDEO_PARTS, id=wanted))
            found += [VideoState.read(item) for item in items]
        return found

    def uploads_page(self, playlist: str, token: str | None = None) -> Page:
        """One page of the uploads, newest first. 1 unit."""
        with explained(self._clock):
            return existing.uploads_page(self._services, playlist, token)

    def existing_videos(self, ids: Sequence[str]) -> list[ExistingVideo]:
        """At most 50 videos in full; those that are gone are left out. 1 unit."""
        with explained(self._clock):
            return existing.existing_videos(self._services, ids)

    def caption_tracks(self, video_id: str) -> list[CaptionTrack]:
        """The caption tracks of a video of this channel. 50 units."""
        with explained(self._clock):
            return existing.caption_tracks(self._services, video_id)

    def caption_text(self, track_id: str) -> str:
        """A caption track as SubRip. 200 units."""
        with explained(self._clock):
            return existing.caption_text(self._services, track_id)

    def update_video(self, video_id: str, metadata: VideoMetadata) -> VideoState:
        """Overwrite title, description, tags, category and privacy; other mutable fields keep their value. 51 units."""
        items = self._items(self._services.youtube.videos().list(part="snippet,status", id=video_id))
        if not items:
            raise Rejected(f"YouTube knows no video {video_id}")
        # An update empties every field of a part that it does not name: read, change, write.
        wanted = metadata.body()
        body = {"id": video_id} | {part: items[0][part] | wanted[part] for part in ("snippet", "status")}
        if metadata.publish_at is None:
            body["status"].pop("publishAt", None)
        with explained(self._clock):
            return VideoState.read(self._services.youtube.videos().update(part="snippet,status", body=body).execute())

    def set_thumbnail(self, video_id: str, picture: Path) -> None:
        """Set a JPEG or PNG as thumbnail, once the video is processed. 50 units."""
        from googleapiclient.http import MediaFileUpload

        kind = _PICTURES.get(picture.suffix.lower())
        if kind is None:
            raise Rejected(f"{picture.name} is neither JPEG nor PNG")
        with explained(self._clock):
            media = MediaFileUpload(str(picture), mimetype=kind)
            self._services.youtube.thumbnails().set(videoId=video_id, media_body=media).execute()

    def add_to_playlist(self, playlist_id: str, video_id: str) -> None:
        """Add a video to a playlist unless it is in it. 50 units and 1 a page."""
        resource = {"kind": "youtube#video", "videoId": video_id}
        body = {"snippet": {"playlistId": playlist_id, "resourceId": resource}}
        service = self._services.youtube.playlistItems()
        with explained(self._clock):
            there = service.list(part="contentDetails", playlistId=playlist_id, videoId=video_id, maxResults=50)
            try:
                items = there.execute().get("items", [])
            except Exception as error:
                if getattr(getattr(error, "resp", None), "status", None) != 404 or not self.is_sandbox:
                    raise
                items = []  # a rehearsal's playlist comes to be with its first video
            if not any(item["contentDetails"]["videoId"] == video_id for item in items):
                service.insert(part="snippet", body=body).execute()

    def daily_metrics(self, day: date, video_ids: Sequence[str]) -> list[DailyMetrics]:
        """A Pacific day's figures of those videos that have any reported. One call for 200 videos."""
        with explained(self._clock):
            return measuring.daily_metrics(self._services, day, video_ids)

    def traffic(self, video_id: str, first: date, last: date) -> dict[str, int]:
        """Views by traffic source between two Pacific days. One call."""
        with explained(self._clock):
            return measuring.traffic(self._services, video_id, first, last)

    def audience(self, video_id: str, first: date, last: date) -> dict[str, float]:
        """Percentage of viewers by `ageGroup.gender`; empty where the audience is too small to be told. One call."""
        with explained(self._clock):
            return measuring.audience(self._services, video_id, first, last)

    def reach_files(self, first: date, last: date) -> list[ReachFile]:
        """The Reporting API's newest file for each Pacific day that has one, oldest day first. 2 calls."""
        with explained(self._clock):
            return measuring.reach_files(self._services, first, last)

    def read_reach(self, file: ReachFile) -> list[Reach]:
        """Impressions and click-through rate of a file's day, all of the channel's videos. 1 call."""
        with explained(self._clock):
            return measuring.read_reach(self._services, file)

    def _uploaded_pages(self, since: datetime | None) -> Iterator[list[str]]:
        """Ids of the channel's uploads, newest first, 50 at a time."""
        playlist, token = self.my_channel().uploads_playlist, None
        while True:
            page = self.uploads_page(playlist, token)
            yield [video.id for video in page.videos]
            token = page.next
            if token is None or (since is not None and page.ends_before(since - SEARCH_MARGIN)):
                return

    def _items(self, request: Any) -> list[dict[str, Any]]:
        with explained(self._clock):
            items: list[dict[str, Any]] = request.execute().get("items", [])
            return items
