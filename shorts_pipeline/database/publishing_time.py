"""publishing_times: when a channel's shorts do best. Redis `analytics:time:{channel_id}` is its cache."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, Integer
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base
from shorts_pipeline.database.enums import WeekdayClass
from shorts_pipeline.database.types import Word, cascade

# Three hours: eight bands, so that sixty uploads leave some for each.
BAND_HOURS = 3
# From this confidence on a band is the channel's own knowledge: luck shows one in at most one of twenty channels. With
# 0.9 it was 8 % of those that publish around the clock (bench/publishing_times.py), too near a tenth to be sure of.
CONFIDENT = 0.95


class PublishingTime(Base):
    """One three-hour band of one class of day, in the channel's time zone; `hour_band` is its first hour."""

    __tablename__ = "publishing_times"

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"), primary_key=True)
    weekday: Mapped[WeekdayClass] = mapped_column(Word(WeekdayClass), primary_key=True)
    hour_band: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    score: Mapped[float] = mapped_column(Float)
    confidence: Mapped[float] = mapped_column(Float)
    samples: Mapped[int] = mapped_column(Integer)
    computed_at: Mapped[datetime] = mapped_column()
