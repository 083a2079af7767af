"""scripts: what will be said about a topic, version by version."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Float, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.enums import ScriptStatus
from shorts_pipeline.database.types import cascade, enum_column, integer_column, json_column, restrict, strings_column

if TYPE_CHECKING:
    from shorts_pipeline.database.channel import Channel
    from shorts_pipeline.database.topic import Topic
    from shorts_pipeline.database.video import Video


class Script(UUIDMixin, TimestampMixin, Base):
    """One version of a topic's script and what its judge found."""

    __tablename__ = "scripts"
    __table_args__ = (
        Index("idx_script_channel_status", "channel_id", "status"),
        UniqueConstraint("topic_id", "script_version"),
    )

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"))
    topic_id: Mapped[UUID] = mapped_column(restrict("topics.id"))
    script_text: Mapped[str] = mapped_column(Text)
    script_version: Mapped[int] = integer_column(1)
    generation_model: Mapped[str | None] = mapped_column(String(200))
    generation_config: Mapped[dict[str, Any]] = json_column()
    context_chunks_used: Mapped[int] = integer_column(0)
    quality_score_style: Mapped[float | None] = mapped_column(Float)
    quality_score_hook: Mapped[float | None] = mapped_column(Float)
    quality_issues: Mapped[list[str]] = strings_column()
    estimated_duration: Mapped[float | None] = mapped_column(Float)
    word_count: Mapped[int | None] = mapped_column(Integer)
    status: Mapped[ScriptStatus] = enum_column(ScriptStatus, "script_status", ScriptStatus.GENERATED)
    reviewed_at: Mapped[datetime | None] = mapped_column()
    reviewed_by: Mapped[str | None] = mapped_column(String(100))
    review_notes: Mapped[str | None] = mapped_column(Text)

    channel: Mapped["Channel"] = relationship(back_populates="scripts", lazy="raise")
    topic: Mapped["Topic"] = relationship(back_populates="scripts", lazy="raise")
    videos: Mapped[list["Video"]] = relationship(back_populates="script", lazy="raise", passive_deletes="all")
