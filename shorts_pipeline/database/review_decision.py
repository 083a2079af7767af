"""review_decisions: who decided what, when and why. Rows are only ever added: a trigger refuses the rest."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.types import json_column, restrict


class ReviewDecision(UUIDMixin, TimestampMixin, Base):
    """One decision; `content_hash` is of what was decided on, so that a later edit asks again."""

    __tablename__ = "review_decisions"

    review_id: Mapped[UUID] = mapped_column(restrict("review_queue.id"), index=True)
    decided_by: Mapped[str] = mapped_column(String(100))
    decided_at: Mapped[datetime] = mapped_column()
    action: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    edits: Mapped[dict[str, Any]] = json_column()
