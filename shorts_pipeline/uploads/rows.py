"""Rows: what this room reads of a channel and its uploads, as values, and its few common queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import (
    Channel,
    ChannelStatus,
    PrivacyStatus,
    PublishingTime,
    Upload,
    UploadStatus,
    Video,
)
from shorts_pipeline.resources.youtube import VideoMetadata, YouTube
from shorts_pipeline.resources.youtube.accounts import Account, StoredAccount, find
from shorts_pipeline.uploads.schedule import BestBand, Rules, rules_of

_GONE = (UploadStatus.REJECTED, UploadStatus.FAILED)
PublishTo = Literal["sandbox", "youtube"]


class Connects(Protocol):
    """What connects a channel to YouTube (resources/youtube)."""

    def connect(
        self, *, publish_to: PublishTo, credential: str | StoredAccount, clock: Clock | None = None
    ) -> YouTube: ...


@dataclass(frozen=True)
class Sender:
    """A channel as its sending needs it. `project` is whose quota is spent: channels of one Google project share it."""

    id: UUID
    slug: str
    publish_to: PublishTo
    credential: str
    project: str
    youtube_channel_id: str | None
    zone: str
    playlist: str | None
    made_for_kids: bool
    synthetic_media: bool
    notify_subscribers: bool
    language: str

    @property
    def account(self) -> Account:
        """Its authorisation for the real YouTube."""
        return Account(self.id, self.slug, self.credential)

    def connected(self, youtube: Connects, sessions: sessionmaker[Session], clock: Clock) -> YouTube:
        """Its YouTube, as its file says which."""
        real = self.publish_to == "youtube"
        credential = StoredAccount(sessions, self.account) if real else self.credential
        return youtube.connect(publish_to=self.publish_to, credential=credential, clock=clock)

    def address(self, youtube_video_id: str) -> str:
        """Where the short is watched; the sandbox's is not a link, so that nobody takes it for one."""
        if self.publish_to == "sandbox":
            return f"sandbox:{youtube_video_id}"
        return f"https://www.youtube.com/shorts/{youtube_video_id}"


@dataclass(frozen=True)
class Sending:
    """An upload on its way. The session's address is a secret and not shown."""

    id: UUID
    video_id: UUID
    status: UploadStatus
    title: str
    description: str
    tags: tuple[str, ...]
    category_id: str
    privacy: PrivacyStatus
    scheduled_at: datetime | None
    video_path: str | None
    sha256: str | None
    session_uri: str | None = field(repr=False)
    session_opened_at: datetime | None
    created_at: datetime

    def slug(self, sha256: str) -> str:
        """The name it is sent under: by it the video is found again if the session's address is lost."""
        return f"{self.id}-{sha256[:16]}.mp4"

    def metadata(self, sender: Sender, now: datetime) -> VideoMetadata:
        """What YouTube is told: private with a time while that lies ahead, else who may see it."""
        ahead = self.privacy is PrivacyStatus.PUBLIC and self.scheduled_at is not None and self.scheduled_at > now
        return VideoMetadata(
            title=self.title,
            description=self.description,
            tags=self.tags,
            category_id=self.category_id,
            privacy="private" if ahead else self.privacy.value,
            publish_at=self.scheduled_at if ahead else None,
            made_for_kids=sender.made_for_kids,
            synthetic_media=sender.synthetic_media,
            notify_subscribers=sender.notify_subscribers,
            language=sender.language,
        )


@dataclass(frozen=True)
class File:
    """The file to send and its hash."""

    path: Path
    sha256: str


def sender_of(session: Session, channel: Channel) -> Sender | None:
    """The channel as a sender; None while it is paused or archived."""
    if channel.status is not ChannelStatus.ACTIVE:
        return None
    publish = channel.operation_config.publish
    return Sender(
        id=channel.id,
        slug=channel.slug,
        publish_to=publish.publish_to,
        credential=publish.credential or channel.slug,
        project=_project(session, channel),
        youtube_channel_id=channel.youtube_channel_id,
        zone=channel.operation_config.timezone,
        playlist=publish.playlist,
        made_for_kids=publish.made_for_kids,
        synthetic_media=publish.synthetic_media,
        notify_subscribers=publish.notify_subscribers,
        language=channel.content_config.language,
    )


def account_of(channel: Channel) -> Account:
    """The channel's authorisation for the real YouTube, wherever it publishes now."""
    return Account(channel.id, channel.slug, channel.operation_config.publish.credential or channel.slug)


def _project(session: Session, channel: Channel) -> str:
    if channel.operation_config.publish.publish_to == "sandbox":
        return "sandbox"
    found = find(session, account_of(channel))
    return (found.project if found else None) or "youtube"


def rules_for(session: Session, channel: Channel) -> Rules:
    """The channel's rules for slots, with what it has learnt."""
    return rules_of(channel.operation_config, bands_of(session, channel.id))


def bands_of(session: Session, channel_id: UUID) -> list[BestBand]:
    """What the channel has learnt about its hours."""
    rows = session.scalars(select(PublishingTime).where(PublishingTime.channel_id == channel_id))
    return [BestBand(row.weekday, row.hour_band, row.score, row.confidence) for row in rows]


def taken_slots(session: Session, channel_id: UUID, *, but: Sequence[UUID] = ()) -> list[datetime]:
    """When the channel's other shorts go or went public, or were sent where they have no time."""
    at = func.coalesce(Upload.published_at, Upload.scheduled_at, Upload.uploaded_at)
    statement = (
        select(at)
        .join(Video, Video.id == Upload.video_id)
        .where(
            Video.channel_id == channel_id,
            Upload.upload_status.not_in(_GONE),
            Upload.id.not_in(but),
            at.is_not(None),
        )
        .order_by(at.desc())
        # More than any horizon holds: enough to see every day that a slot may fall on.
        .limit(2_000)
    )
    return list(session.scalars(statement))


def load_sending(session: Session, upload_id: UUID) -> Sending:
    """One upload with its file's path."""
    row = session.execute(
        select(Upload, Video.video_path).join(Video, Video.id == Upload.video_id).where(Upload.id == upload_id)
    ).one()
    upload: Upload = row[0]
    return Sending(
        id=upload.id,
        video_id=upload.video_id,
        status=upload.upload_status,
        title=upload.title,
        description=upload.description or "",
        tags=tuple(upload.tags),
        category_id=upload.category_id,
        privacy=upload.privacy_status,
        scheduled_at=upload.scheduled_at,
        video_path=row[1],
        sha256=upload.content_sha256,
        session_uri=upload.session_uri,
        session_opened_at=upload.session_opened_at,
        created_at=upload.created_at,
    )
