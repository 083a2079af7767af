"""review_queue: what a person, or a rule, must decide."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.enums import ReviewStatus, ReviewType
from shorts_pipeline.database.types import (
    boolean_column,
    cascade,
    enum_column,
    float_column,
    integer_column,
    json_column,
    strings_column,
)


class ReviewQueue(UUIDMixin, TimestampMixin, Base):
    """One row under review. `target_id` names a topic, script, video or upload by `review_type`."""

    __tablename__ = "review_queue"
    __table_args__ = (
        Index("idx_review_status_priority", "status", "priority"),
        Index("idx_review_channel_type", "channel_id", "review_type"),
        Index("idx_review_expires", "expires_at"),
        UniqueConstraint("review_type", "target_id", name="uq_review_target"),
    )

    review_type: Mapped[ReviewType] = enum_column(ReviewType, "review_type")
    target_id: Mapped[UUID] = mapped_column()
    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"))
    status: Mapped[ReviewStatus] = enum_column(ReviewStatus, "review_status", ReviewStatus.PENDING)
    priority: Mapped[int] = integer_column(0)
    risk_score: Mapped[float] = float_column(0)
    risk_reasons: Mapped[list[str]] = strings_column()
    ai_analysis: Mapped[dict[str, Any]] = json_column()
    reviewed_at: Mapped[datetime | None] = mapped_column()
    reviewed_by: Mapped[str | None] = mapped_column(String(100))
    review_action: Mapped[str | None] = mapped_column(String(20))
    review_notes: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None] = mapped_column()
    notification_sent: Mapped[bool] = boolean_column(False)
