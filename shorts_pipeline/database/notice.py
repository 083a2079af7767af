"""notices: what people have been told, so that nobody is told twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.types import cascade, integer_column


class Notice(UUIDMixin, TimestampMixin, Base):
    """One thing told, or being told: `subject` names it among those of its event. Without `sent_at` it is not told yet.

    `claimed_until`: till then another process tells it.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("channel_id", "event", "subject"),)

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"))
    event: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(100))
    claimed_until: Mapped[datetime] = mapped_column()
    sent_at: Mapped[datetime | None] = mapped_column()
    tries: Mapped[int] = integer_column(0)
