"""performance_days: what YouTube reported for one upload and one Pacific day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Float, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base
from shorts_pipeline.database.types import restrict


class PerformanceDay(Base):
    """A day's figures. NULL is "not reported", which is not 0."""

    __tablename__ = "performance_days"

    upload_id: Mapped[UUID] = mapped_column(restrict("uploads.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    views: Mapped[int | None] = mapped_column(BigInteger)
    likes: Mapped[int | None] = mapped_column(BigInteger)
    dislikes: Mapped[int | None] = mapped_column(BigInteger)
    comments: Mapped[int | None] = mapped_column(BigInteger)
    shares: Mapped[int | None] = mapped_column(BigInteger)
    watch_time_seconds: Mapped[int | None] = mapped_column(BigInteger)
    avg_view_duration: Mapped[float | None] = mapped_column(Float)
    avg_view_percentage: Mapped[float | None] = mapped_column(Float)
    subscribers_gained: Mapped[int | None] = mapped_column(BigInteger)
    subscribers_lost: Mapped[int | None] = mapped_column(BigInteger)
    impressions: Mapped[int | None] = mapped_column(BigInteger)
    ctr: Mapped[float | None] = mapped_column(Float)
    traffic_sources: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    demographics: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    pulled_at: Mapped[datetime] = mapped_column()
    run_id: Mapped[str | None] = mapped_column(String(100))
