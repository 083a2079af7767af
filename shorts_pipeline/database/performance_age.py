"""performance_ages: what an upload had come to at an equal age, and where that stands within its channel."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Float, Integer
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base
from shorts_pipeline.database.types import restrict


class PerformanceAge(Base):
    """Views of the first `age_days` × 24 hours. No row: those days are not fully reported yet.

    `percentile` (0–100) is the share of the channel's uploads of that age with fewer views, equal ones counted half;
    NULL while there is no other.
    """

    __tablename__ = "performance_ages"

    upload_id: Mapped[UUID] = mapped_column(restrict("uploads.id"), primary_key=True)
    age_days: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    views: Mapped[int] = mapped_column(BigInteger)
    percentile: Mapped[float | None] = mapped_column(Float)
    computed_at: Mapped[datetime] = mapped_column()
