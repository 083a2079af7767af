"""source_state: how reading a source goes: what it last answered, when it is due, how it fails."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin
from shorts_pipeline.database.types import boolean_column, cascade, integer_column


class SourceState(TimestampMixin, Base):
    """The moving part of a source. `etag` and `last_modified` are headers, given back as they came."""

    __tablename__ = "source_state"
    __table_args__ = (Index("idx_source_state_due", "next_due_at"),)

    source_id: Mapped[UUID] = mapped_column(cascade("sources.id"), primary_key=True)
    # The configured address that the rest was learned at: once it is changed, none of it holds.
    address: Mapped[str | None] = mapped_column(Text)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    last_fired_at: Mapped[datetime | None] = mapped_column()
    next_due_at: Mapped[datetime | None] = mapped_column()
    failures: Mapped[int] = integer_column(0)
    backoff_until: Mapped[datetime | None] = mapped_column()
    last_error: Mapped[str | None] = mapped_column(Text)
    last_error_at: Mapped[datetime | None] = mapped_column()
    moved_to: Mapped[str | None] = mapped_column(Text)
    gone: Mapped[bool] = boolean_column(False)
