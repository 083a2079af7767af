"""topics: stories worth telling, each one channel's own."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.enums import TopicStatus
from shorts_pipeline.database.types import (
    cascade,
    enum_column,
    float_column,
    integer_column,
    json_column,
    keys_column,
    restrict,
    set_null,
    string_column,
    strings_column,
)

if TYPE_CHECKING:
    from shorts_pipeline.database.channel import Channel
    from shorts_pipeline.database.script import Script
    from shorts_pipeline.database.series import Series
    from shorts_pipeline.database.source import Source


class Topic(UUIDMixin, TimestampMixin, Base):
    """A normalised, scored story. `content_hash` is the SHA-256 hex of `title_normalized`."""

    __tablename__ = "topics"
    __table_args__ = (
        Index("idx_topic_channel_status", "channel_id", "status"),
        Index("idx_topic_score", "score_total"),
        Index("idx_topic_hash", "content_hash"),
        Index("idx_topic_expires", "expires_at"),
        # What a channel told lately is asked for every batch of items.
        Index("idx_topic_told", "channel_id", text("coalesce(published_at, created_at)")),
        # Without a pending list: a look-up would read through it.
        Index("idx_topic_title_keys", "title_keys", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        # The database, not a cache, makes a duplicate impossible.
        UniqueConstraint("channel_id", "content_hash"),
    )

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"))
    source_id: Mapped[UUID] = mapped_column(restrict("sources.id"), index=True)
    title_original: Mapped[str] = mapped_column(Text)
    title_translated: Mapped[str | None] = mapped_column(Text)
    title_normalized: Mapped[str] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)
    categories: Mapped[list[str]] = strings_column()
    keywords: Mapped[list[str]] = strings_column()
    entities: Mapped[list[dict[str, Any]]] = json_column(list)
    language: Mapped[str] = string_column(10, "ko")
    score_source: Mapped[float] = float_column(0)
    score_freshness: Mapped[float] = float_column(0)
    score_trend: Mapped[float] = float_column(0)
    score_relevance: Mapped[float] = float_column(0)
    score_total: Mapped[int] = integer_column(0)
    score_parts: Mapped[dict[str, Any]] = json_column()
    status: Mapped[TopicStatus] = enum_column(TopicStatus, "topic_status", TopicStatus.PENDING)
    published_at: Mapped[datetime | None] = mapped_column()
    expires_at: Mapped[datetime | None] = mapped_column()
    content_hash: Mapped[str] = mapped_column(String(64))
    # MinHash bands of the title, salted with the channel: two titles that share one may be near-same.
    title_keys: Mapped[list[int]] = keys_column()
    series_id: Mapped[UUID | None] = mapped_column(set_null("series.id"), index=True)

    channel: Mapped["Channel"] = relationship(back_populates="topics", lazy="raise")
    source: Mapped["Source"] = relationship(lazy="raise")
    scripts: Mapped[list["Script"]] = relationship(back_populates="topic", lazy="raise", passive_deletes="all")
    series: Mapped["Series | None"] = relationship(back_populates="topics", lazy="raise")
