"""stage_attempts: the lease of every piece of long work, and the home of its failures."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.types import integer_column


class StageAttempt(UUIDMixin, TimestampMixin, Base):
    """A stage's work on one row. `target_id` names a row of whatever table the stage works on."""

    __tablename__ = "stage_attempts"
    __table_args__ = (UniqueConstraint("stage", "target_id"),)

    stage: Mapped[str] = mapped_column(String(40))
    target_id: Mapped[UUID] = mapped_column()
    attempts: Mapped[int] = integer_column(0)
    claimed_by: Mapped[str | None] = mapped_column(String(100))
    claimed_until: Mapped[datetime | None] = mapped_column()
    next_attempt_at: Mapped[datetime | None] = mapped_column()
    parked_until: Mapped[datetime | None] = mapped_column()
    reason: Mapped[str | None] = mapped_column(Text)
