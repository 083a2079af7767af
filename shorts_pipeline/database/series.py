"""series: what keeps working, told again."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.enums import SeriesStatus, SeriesTrend
from shorts_pipeline.database.types import (
    boolean_column,
    cascade,
    enum_column,
    float_column,
    integer_column,
    json_column,
    strings_column,
    word_column,
)

if TYPE_CHECKING:
    from shorts_pipeline.database.channel import Channel
    from shorts_pipeline.database.topic import Topic


class Series(UUIDMixin, TimestampMixin, Base):
    """A named run of related topics that did well, and what belongs to it."""

    __tablename__ = "series"

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    criteria_keywords: Mapped[list[str]] = strings_column()
    criteria_categories: Mapped[list[str]] = strings_column()
    min_similarity: Mapped[float] = float_column(0.6)
    episode_count: Mapped[int] = integer_column(0)
    avg_views: Mapped[float] = float_column(0)
    avg_engagement: Mapped[float] = float_column(0)
    trend: Mapped[SeriesTrend] = word_column(SeriesTrend, SeriesTrend.STABLE)
    trend_confidence: Mapped[float] = float_column(0)
    subject: Mapped[dict[str, Any]] = json_column()
    status: Mapped[SeriesStatus] = enum_column(SeriesStatus, "series_status", SeriesStatus.ACTIVE)
    auto_detected: Mapped[bool] = boolean_column(True)
    confirmed_by_user: Mapped[bool] = boolean_column(False)

    channel: Mapped["Channel"] = relationship(back_populates="series_list", lazy="raise")
    topics: Mapped[list["Topic"]] = relationship(back_populates="series", lazy="raise", passive_deletes=True)
