"""model_spend: what models cost; what a budget is checked against."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.types import cascade, counter_column, integer_column


class ModelSpend(UUIDMixin, TimestampMixin, Base):
    """A day's calls, tokens and cost (US dollars) of one channel, stage and model."""

    __tablename__ = "model_spend"
    __table_args__ = (UniqueConstraint("channel_id", "day", "stage", "model"),)

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"))
    day: Mapped[date] = mapped_column()
    stage: Mapped[str] = mapped_column(String(40))
    model: Mapped[str] = mapped_column(String(200))
    calls: Mapped[int] = integer_column(0)
    tokens_in: Mapped[int] = counter_column()
    tokens_out: Mapped[int] = counter_column()
    cost: Mapped[Decimal] = mapped_column(Numeric(14, 6), default=Decimal(0), server_default=text("0"))
