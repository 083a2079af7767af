"""videos: a script made into files. Paths are relative to the media root."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import BigInteger, Float, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.enums import VideoStatus
from shorts_pipeline.database.types import cascade, enum_column, restrict, string_column, strings_column

if TYPE_CHECKING:
    from shorts_pipeline.database.channel import Channel
    from shorts_pipeline.database.script import Script
    from shorts_pipeline.database.upload import Upload


class Video(UUIDMixin, TimestampMixin, Base):
    """A rendered short: files, measurements, where it stands."""

    __tablename__ = "videos"
    __table_args__ = (Index("idx_video_channel_status", "channel_id", "status"),)

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"))
    script_id: Mapped[UUID] = mapped_column(restrict("scripts.id"), index=True)
    video_path: Mapped[str | None] = mapped_column(String(500))
    thumbnail_path: Mapped[str | None] = mapped_column(String(500))
    audio_path: Mapped[str | None] = mapped_column(String(500))
    subtitle_path: Mapped[str | None] = mapped_column(String(500))
    duration_seconds: Mapped[float | None] = mapped_column(Float)
    resolution: Mapped[str] = string_column(20, "1080x1920")
    file_size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    tts_service: Mapped[str | None] = mapped_column(String(50))
    visual_sources: Mapped[list[str]] = strings_column()
    render_fingerprint: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[VideoStatus] = enum_column(VideoStatus, "video_status", VideoStatus.GENERATING)
    error_message: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[datetime | None] = mapped_column()
    reviewed_by: Mapped[str | None] = mapped_column(String(100))

    channel: Mapped["Channel"] = relationship(back_populates="videos", lazy="raise")
    script: Mapped["Script"] = relationship(back_populates="videos", lazy="raise")
    upload: Mapped["Upload | None"] = relationship(back_populates="video", lazy="raise", passive_deletes="all")
