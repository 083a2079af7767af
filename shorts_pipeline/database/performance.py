"""performances: an upload's totals, projected from performance_days."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.types import boolean_column, counter_column, float_column, json_column, restrict

if TYPE_CHECKING:
    from shorts_pipeline.database.upload import Upload


class Performance(UUIDMixin, TimestampMixin, Base):
    """Totals of one upload. `daily_snapshots` is a projection, ordered by date; never written first."""

    __tablename__ = "performances"
    __table_args__ = (
        Index("idx_performance_high", "is_high_performer"),
        Index("idx_performance_views", "views"),
    )

    upload_id: Mapped[UUID] = mapped_column(restrict("uploads.id"), unique=True)
    views: Mapped[int] = counter_column()
    likes: Mapped[int] = counter_column()
    dislikes: Mapped[int] = counter_column()
    comments: Mapped[int] = counter_column()
    shares: Mapped[int] = counter_column()
    watch_time_seconds: Mapped[int] = counter_column()
    avg_view_duration: Mapped[float] = float_column(0)
    avg_view_percentage: Mapped[float] = float_column(0)
    engagement_rate: Mapped[float] = float_column(0)
    ctr: Mapped[float] = float_column(0)
    subscribers_gained: Mapped[int] = counter_column()
    subscribers_lost: Mapped[int] = counter_column()
    traffic_sources: Mapped[dict[str, Any]] = json_column()
    demographics: Mapped[dict[str, Any]] = json_column()
    daily_snapshots: Mapped[list[dict[str, Any]]] = json_column(list)
    last_synced_at: Mapped[datetime | None] = mapped_column()
    is_high_performer: Mapped[bool] = boolean_column(False)
    added_to_training: Mapped[bool] = boolean_column(False)

    upload: Mapped["Upload"] = relationship(back_populates="performance", lazy="raise")
