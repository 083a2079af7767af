"""uploads: a video on its way to exactly one YouTube video."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.enums import PrivacyStatus, UploadStatus
from shorts_pipeline.database.types import (
    boolean_column,
    enum_column,
    restrict,
    string_column,
    strings_column,
    word_column,
)

if TYPE_CHECKING:
    from shorts_pipeline.database.performance import Performance
    from shorts_pipeline.database.video import Video


class Upload(UUIDMixin, TimestampMixin, Base):
    """What YouTube is told about a video, and how far the sending came. `session_uri` is a secret.

    `seen_at` is when YouTube last had the video, `removed_at` when it was found gone.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        Index("idx_upload_youtube_id", "youtube_video_id"),
        Index("idx_upload_scheduled", "scheduled_at"),
    )

    video_id: Mapped[UUID] = mapped_column(restrict("videos.id"), unique=True)
    youtube_video_id: Mapped[str | None] = mapped_column(String(50), unique=True)
    youtube_url: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[list[str]] = strings_column()
    category_id: Mapped[str] = string_column(10, "28")
    privacy_status: Mapped[PrivacyStatus] = enum_column(PrivacyStatus, "privacy_status", PrivacyStatus.PRIVATE)
    is_shorts: Mapped[bool] = boolean_column(True)
    scheduled_at: Mapped[datetime | None] = mapped_column()
    uploaded_at: Mapped[datetime | None] = mapped_column()
    published_at: Mapped[datetime | None] = mapped_column()
    upload_status: Mapped[UploadStatus] = word_column(UploadStatus, UploadStatus.PENDING)
    error_message: Mapped[str | None] = mapped_column(Text)
    session_uri: Mapped[str | None] = mapped_column(Text)
    session_opened_at: Mapped[datetime | None] = mapped_column()
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    thumbnail_set_at: Mapped[datetime | None] = mapped_column()
    playlist_added_at: Mapped[datetime | None] = mapped_column()
    seen_at: Mapped[datetime | None] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column()

    video: Mapped["Video"] = relationship(back_populates="upload", lazy="raise")
    performance: Mapped["Performance | None"] = relationship(
        back_populates="upload", lazy="raise", passive_deletes="all"
    )
