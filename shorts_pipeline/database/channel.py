"""channels: a channel is configuration; everything else belongs to one."""

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.documents import ContentConfig, OperationConfig, SourceConfig, TopicConfig
from shorts_pipeline.database.enums import ChannelStatus
from shorts_pipeline.database.types import document_column, enum_column, strings_column

if TYPE_CHECKING:
    from shorts_pipeline.database.persona import Persona
    from shorts_pipeline.database.script import Script
    from shorts_pipeline.database.series import Series
    from shorts_pipeline.database.source import Source
    from shorts_pipeline.database.topic import Topic
    from shorts_pipeline.database.video import Video


class Channel(UUIDMixin, TimestampMixin, Base):
    """One YouTube channel and the four documents that configure it."""

    __tablename__ = "channels"
    __table_args__ = (
        Index("idx_channel_status", "status"),
        Index("idx_channel_youtube_id", "youtube_channel_id"),
        # The slug is a partition key: `|` or `,` in it would make the channel unaddressable in Dagster.
        CheckConstraint("slug ~ '^[a-z0-9-]{1,63}$'", name="slug"),
    )

    name: Mapped[str] = mapped_column(String(100))
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    description: Mapped[str | None] = mapped_column(Text)
    youtube_channel_id: Mapped[str | None] = mapped_column(String(50), unique=True)
    youtube_handle: Mapped[str | None] = mapped_column(String(50))
    status: Mapped[ChannelStatus] = enum_column(ChannelStatus, "channel_status", ChannelStatus.ACTIVE)
    topic_config: Mapped[TopicConfig] = document_column(TopicConfig)
    source_config: Mapped[SourceConfig] = document_column(SourceConfig)
    content_config: Mapped[ContentConfig] = document_column(ContentConfig)
    operation_config: Mapped[OperationConfig] = document_column(OperationConfig)
    default_hashtags: Mapped[list[str]] = strings_column()
    default_links: Mapped[list[str]] = strings_column()

    persona: Mapped["Persona | None"] = relationship(back_populates="channel", lazy="raise", passive_deletes=True)
    topics: Mapped[list["Topic"]] = relationship(back_populates="channel", lazy="raise", passive_deletes=True)
    scripts: Mapped[list["Script"]] = relationship(back_populates="channel", lazy="raise", passive_deletes=True)
    videos: Mapped[list["Video"]] = relationship(back_populates="channel", lazy="raise", passive_deletes=True)
    series_list: Mapped[list["Series"]] = relationship(back_populates="channel", lazy="raise", passive_deletes=True)
    sources: Mapped[list["Source"]] = relationship(
        secondary="channel_sources", back_populates="channels", lazy="raise", passive_deletes=True
    )
