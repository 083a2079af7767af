"""media_credits: whose pictures, music and fonts a video shows, and under which licence."""

from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.types import cascade


class MediaCredit(UUIDMixin, TimestampMixin, Base):
    """One borrowed work in one video; `identity` tells it from every other, so that it is not shown again soon."""

    __tablename__ = "media_credits"

    video_id: Mapped[UUID] = mapped_column(cascade("videos.id"), index=True)
    source: Mapped[str] = mapped_column(String(50))
    author: Mapped[str | None] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(Text)
    identity: Mapped[str | None] = mapped_column(String(200))
