"""What is said to YouTube and what it says back, as values."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, Self


@dataclass(frozen=True)
class VideoMetadata:
    """What YouTube is told about a video. Privacy is always sent: left out it would mean public."""

    title: str
    description: str
    tags: tuple[str, ...]
    category_id: str
    privacy: Literal["public", "private", "unlisted"]
    made_for_kids: bool
    synthetic_media: bool
    publish_at: datetime | None = None
    language: str | None = None
    notify_subscribers: bool = False

    def body(self) -> dict[str, Any]:
        """The resource for `part=snippet,status`."""
        snippet: dict[str, Any] = {
            "title": self.title,
            "description": self.description,
            "tags": list(self.tags),
            "categoryId": self.category_id,
        }
        if self.language:
            snippet |= {"defaultLanguage": self.language, "defaultAudioLanguage": self.language}
        status: dict[str, Any] = {
            "privacyStatus": self.privacy,
            "selfDeclaredMadeForKids": self.made_for_kids,
            "containsSyntheticMedia": self.synthetic_media,
        }
        if self.publish_at is not None:
            status["publishAt"] = self.publish_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"snippet": snippet, "status": status}


@dataclass(frozen=True)
class MyChannel:
    """The channel a credential belongs to."""

    id: str
    title: str
    handle: str | None
    uploads_playlist: str


@dataclass(frozen=True)
class SessionState:
    """Where a resumable session stands: bytes it has, and the video's id once it is complete."""

    sent: int
    video_id: str | None = None


@dataclass(frozen=True)
class VideoState:
    """What YouTube says about a video now. Words as YouTube writes them."""

    id: str
    title: str
    upload_status: str
    processing_status: str | None
    failure_reason: str | None
    rejection_reason: str | None
    privacy_status: str
    publish_at: datetime | None
    published_at: datetime | None
    file_name: str | None
    file_size: int | None
    views: int | None

    @property
    def processed(self) -> bool:
        """Whether YouTube is done with it and it is watchable."""
        return self.upload_status == "processed"

    @property
    def trouble(self) -> str | None:
        """Why it will never be watchable, in YouTube's word."""
        if self.upload_status not in {"failed", "rejected", "deleted"}:
            return None
        return self.failure_reason or self.rejection_reason or self.upload_status

    @classmethod
    def read(cls, item: dict[str, Any]) -> Self:
        """From a video resource; parts that were not given are None."""
        snippet, status = item.get("snippet", {}), item.get("status", {})
        file, numbers = item.get("fileDetails", {}), item.get("statistics", {})
        processing = item.get("processingDetails", {})
        return cls(
            id=item["id"],
            title=snippet.get("title", ""),
            upload_status=status.get("uploadStatus", ""),
            processing_status=processing.get("processingStatus"),
            failure_reason=status.get("failureReason") or processing.get("processingFailureReason"),
            rejection_reason=status.get("rejectionReason"),
            privacy_status=status.get("privacyStatus", ""),
            publish_at=_instant(status.get("publishAt")),
            published_at=_instant(snippet.get("publishedAt")),
            file_name=file.get("fileName"),
            file_size=_whole(file.get("fileSize")),
            views=_whole(numbers.get("viewCount")),
        )


@dataclass(frozen=True)
class DailyMetrics:
    """One video's figures on one Pacific day; None: not reported (yet), which is not 0."""

    video_id: str
    views: int | None = None
    likes: int | None = None
    dislikes: int | None = None
    comments: int | None = None
    shares: int | None = None
    watch_time_seconds: int | None = None
    avg_view_duration: float | None = None
    avg_view_percentage: float | None = None
    subscribers_gained: int | None = None
    subscribers_lost: int | None = None


@dataclass(frozen=True)
class Reach:
    """How often a video's thumbnail was shown on a day, and the share of it that was clicked (0–1)."""

    video_id: str
    day: date
    impressions: int | None
    click_through_rate: float | None


@dataclass(frozen=True)
class ReachFile:
    """The newest file of the Reporting API for a Pacific day, and when it was made. `name`: where it is read."""

    day: date
    made_at: datetime
    name: str


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def _whole(text: str | int | None) -> int | None:
    return None if text is None else int(text)
