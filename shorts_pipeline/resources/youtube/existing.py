"""Existing: what a channel has on YouTube already: its uploads page by page, each video in full, its captions.

A page is one call, so that whoever asks can reserve each call's quota before it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from shorts_pipeline.resources.youtube.transport import Services

PAGE = 50
DETAILS = "snippet,contentDetails,status,statistics,liveStreamingDetails,player,fileDetails"
# Any height: a player's size is told only to whoever asks for one that fits, and says which way the picture lies.
_FITTING = 720
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True)
class Listed:
    """A video as the uploads playlist names it; `public_at` is None where it is not public, or gone."""

    id: str
    title: str
    added_at: datetime
    public_at: datetime | None


@dataclass(frozen=True)
class Page:
    """Up to 50 uploads of `total`, newest first, and the token of the next page."""

    videos: tuple[Listed, ...]
    next: str | None
    total: int = 0

    def ends_before(self, at: datetime) -> bool:
        """Whether what follows was all added before `at`."""
        return not self.videos or self.videos[-1].added_at < at


@dataclass(frozen=True)
class ExistingVideo:
    """A video that is on YouTube. Words as YouTube writes them.

    `published_at` is when it went public (a private one: when it was uploaded), `live` is `none`, `live` or `upcoming`,
    `streamed` whether it is or was a live stream or a premiere. `upright`: vertical or square; None: not known.
    `file_name` is what it was sent as.
    """

    id: str
    channel_id: str
    title: str
    description: str
    tags: tuple[str, ...]
    category_id: str
    language: str | None
    published_at: datetime
    seconds: int
    privacy: str
    upload_status: str
    publish_at: datetime | None
    live: str
    streamed: bool
    upright: bool | None
    views: int | None
    file_name: str | None = None

    @classmethod
    def read(cls, item: dict[str, Any]) -> Self:
        """From a video resource with `DETAILS`."""
        snippet, status = item["snippet"], item.get("status", {})
        player, numbers = item.get("player", {}), item.get("statistics", {})
        wide, high = player.get("embedWidth"), player.get("embedHeight")
        return cls(
            id=item["id"],
            channel_id=snippet.get("channelId", ""),
            title=snippet.get("title", ""),
            description=snippet.get("description", ""),
            tags=tuple(snippet.get("tags", ())),
            category_id=str(snippet.get("categoryId", "22")),
            language=snippet.get("defaultAudioLanguage") or snippet.get("defaultLanguage"),
            published_at=_instant(snippet["publishedAt"]),
            seconds=seconds_of(item.get("contentDetails", {}).get("duration", "")),
            privacy=status.get("privacyStatus", ""),
            upload_status=status.get("uploadStatus", ""),
            publish_at=_instant(status["publishAt"]) if "publishAt" in status else None,
            live=snippet.get("liveBroadcastContent", "none"),
            streamed="liveStreamingDetails" in item,
            upright=int(wide) <= int(high) if wide and high else None,
            views=int(numbers["viewCount"]) if "viewCount" in numbers else None,
            file_name=item.get("fileDetails", {}).get("fileName"),
        )


@dataclass(frozen=True)
class CaptionTrack:
    """A caption track of a video: `language` as BCP 47, `automatic` where YouTube listened itself."""

    id: str
    language: str
    automatic: bool
    usable: bool


def uploads_page(services: Services, playlist: str, token: str | None) -> Page:
    """One page of an uploads playlist. 1 unit. The playlist of a channel without a video does not exist: no videos."""
    from googleapiclient.errors import HttpError

    request = services.youtube.playlistItems().list(
        part="snippet,contentDetails", playlistId=playlist, maxResults=PAGE, pageToken=token
    )
    try:
        answer = request.execute()
    except HttpError as error:
        if int(error.resp.status) != 404 or token is not None:
            raise
        return Page((), None)
    listed = tuple(_listed(item) for item in answer.get("items", []))
    total = int(answer.get("pageInfo", {}).get("totalResults", len(listed)))
    return Page(listed, answer.get("nextPageToken"), total)


def existing_videos(services: Services, ids: Sequence[str]) -> list[ExistingVideo]:
    """At most 50 videos in full; those that are gone are left out. 1 unit."""
    answer = services.youtube.videos().list(part=DETAILS, id=",".join(ids), maxHeight=_FITTING).execute()
    return [ExistingVideo.read(item) for item in answer.get("items", [])]


def caption_tracks(services: Services, video_id: str) -> list[CaptionTrack]:
    """The tracks of a video of one's own. 50 units, and the permission `youtube.force-ssl`."""
    items = services.youtube.captions().list(part="snippet", videoId=video_id).execute().get("items", [])
    return [_track(item["id"], item["snippet"]) for item in items]


def caption_text(services: Services, track_id: str) -> str:
    """A track as SubRip. 200 units, and the permission `youtube.force-ssl`."""
    content = services.youtube.captions().download(id=track_id, tfmt="srt").execute()
    return content.decode("utf-8", errors="replace") if isinstance(content, bytes) else str(content)


def seconds_of(duration: str) -> int:
    """Seconds of an ISO 8601 duration (`PT1M5S`, `P1DT2H`); 0 of one that says nothing."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        return 0
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return int(timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds).total_seconds())


def _listed(item: dict[str, Any]) -> Listed:
    public = item["contentDetails"].get("videoPublishedAt")
    return Listed(
        id=item["contentDetails"]["videoId"],
        title=item["snippet"].get("title", ""),
        added_at=_instant(item["snippet"]["publishedAt"]),
        public_at=_instant(public) if public else None,
    )


def _track(track_id: str, snippet: dict[str, Any]) -> CaptionTrack:
    usable = not snippet.get("isDraft") and snippet.get("status", "serving") == "serving"
    automatic = str(snippet.get("trackKind", "")).casefold() == "asr"
    return CaptionTrack(track_id, str(snippet.get("language", "")), automatic, usable)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
