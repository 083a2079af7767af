"""performance_months: an upload's days of a month, added up; what totals are made of."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Float
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base
from shorts_pipeline.database.types import restrict


class PerformanceMonth(Base):
    """Sums over the reported days of one Pacific month. A figure that no day reported adds nothing.

    `seconds`, `percentages` and `clicks` are averages of days times what they were measured on, which stands beside.
    """

    __tablename__ = "performance_months"

    upload_id: Mapped[UUID] = mapped_column(restrict("uploads.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(BigInteger)
    views: Mapped[int] = mapped_column(BigInteger)
    likes: Mapped[int] = mapped_column(BigInteger)
    dislikes: Mapped[int] = mapped_column(BigInteger)
    comments: Mapped[int] = mapped_column(BigInteger)
    shares: Mapped[int] = mapped_column(BigInteger)
    watch_time_seconds: Mapped[int] = mapped_column(BigInteger)
    subscribers_gained: Mapped[int] = mapped_column(BigInteger)
    subscribers_lost: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float] = mapped_column(Float)
    seconds_views: Mapped[int] = mapped_column(BigInteger)
    percentages: Mapped[float] = mapped_column(Float)
    percentages_views: Mapped[int] = mapped_column(BigInteger)
    clicks: Mapped[float] = mapped_column(Float)
    clicks_impressions: Mapped[int] = mapped_column(BigInteger)
    pulled_at: Mapped[datetime] = mapped_column()
