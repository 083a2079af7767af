"""What the sandbox keeps: channels, sessions, videos. What a video is *now* comes from its record and the clock."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

SESSION_LIFE = timedelta(days=7)


class Order(BaseModel):
    """How a video that is being sent shall fare, ordered by a fault on its session."""

    lock_private: bool = False
    failure_reason: str | None = None
    rejection_reason: str | None = None


class ChannelRecord(BaseModel):
    """One channel, made on demand from the name in a credential."""

    name: str
    created_at: datetime
    playlists: dict[str, list[str]] = Field(default_factory=dict)
    jobs: dict[str, "JobRecord"] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"UC{digest('channel', self.name, length=22)}"

    @property
    def uploads(self) -> str:
        """The playlist of everything it uploaded."""
        return f"UU{self.id[2:]}"


class JobRecord(BaseModel):
    """A job of the Reporting API."""

    id: str
    name: str
    report_type: str
    created_at: datetime


class CaptionRecord(BaseModel):
    """One caption track of a video; `text` is SubRip. `kind` is `standard` or `asr` (made by YouTube itself)."""

    id: str
    language: str
    kind: str = "standard"
    name: str = ""
    draft: bool = False
    text: str = ""


class VideoRecord(BaseModel):
    """One video: what was sent, and when it is done processing.

    `live`: `live` or `upcoming` now, `was` in the past. `deleted`: only playlists still know it.
    """

    id: str
    channel: str
    session: str
    number: int
    title: str
    description: str = ""
    tags: list[str] = Field(default_factory=list)
    category_id: str = "22"
    language: str | None = None
    audio_language: str | None = None
    privacy: str = "public"
    publish_at: datetime | None = None
    published_at: datetime | None = None
    made_for_kids: bool | None = None
    synthetic: bool = False
    uploaded_at: datetime
    processed_at: datetime
    slug: str
    size: int
    sha256: str
    duration: float
    thumbnail: str | None = None
    order: Order = Order()
    width: int = 1080
    height: int = 1920
    live: str | None = None
    deleted: bool = False
    captions: list[CaptionRecord] = Field(default_factory=list)

    def processing(self, now: datetime) -> str:
        """processingDetails.processingStatus."""
        if now < self.processed_at:
            return "processing"
        if self.order.failure_reason:
            return "failed"
        return "terminated" if self.order.rejection_reason else "succeeded"

    def upload_status(self, now: datetime) -> str:
        """status.uploadStatus."""
        states = {"processing": "uploaded", "succeeded": "processed", "failed": "failed", "terminated": "rejected"}
        return states[self.processing(now)]

    def public_since(self, now: datetime) -> datetime | None:
        """When everybody could first see it; None: not yet, or never."""
        if self.processing(now) in {"failed", "terminated"}:
            return None
        if self.privacy == "private" and self.publish_at is not None and self.publish_at <= now:
            return self.publish_at
        return self.published_at if self.privacy == "public" else None

    def privacy_now(self, now: datetime) -> str:
        """status.privacyStatus: a scheduled video turns public by itself."""
        return "public" if self.privacy == "private" and self.public_since(now) else self.privacy


class SessionRecord(BaseModel):
    """One resumable session: a promise to take these bytes for this metadata."""

    id: str
    channel: str
    metadata: dict[str, object]
    parts: list[str]
    slug: str
    size: int | None
    opened_at: datetime
    video_id: str | None = None
    order: Order = Order()


def digest(*parts: str, length: int) -> str:
    """The same short name for the same words, in the alphabet of YouTube's ids."""
    raw = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return urlsafe_b64encode(raw).decode().rstrip("=")[:length]
