"""source_items: what a fetch brought, as it was; kept for a set number of days."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.types import cascade, json_column, strings_column


class SourceItem(UUIDMixin, TimestampMixin, Base):
    """One item of a source. `item_key`: guid, else canonical link, else hash; long keys are hashed."""

    __tablename__ = "source_items"
    __table_args__ = (
        UniqueConstraint("source_id", "item_key"),
        Index("idx_source_item_fetched", "fetched_at"),
    )

    source_id: Mapped[UUID] = mapped_column(cascade("sources.id"))
    item_key: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    published_at: Mapped[datetime | None] = mapped_column()
    metrics: Mapped[dict[str, Any]] = json_column()
    # Values of the address's {places} that brought it ("board=free"); a channel hears only its own. Empty: for all.
    places: Mapped[list[str]] = strings_column()
    raw_language: Mapped[str | None] = mapped_column(String(10))
    fetched_at: Mapped[datetime] = mapped_column()
    run_id: Mapped[str | None] = mapped_column(String(100))
