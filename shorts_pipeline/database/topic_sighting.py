"""topic_sightings: who else told the story."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.types import cascade, set_null


class TopicSighting(UUIDMixin, TimestampMixin, Base):
    """One telling of a topic's story; it outlives the source item, which is pruned."""

    __tablename__ = "topic_sightings"
    __table_args__ = (UniqueConstraint("topic_id", "source_item_id"),)

    topic_id: Mapped[UUID] = mapped_column(cascade("topics.id"))
    source_item_id: Mapped[UUID | None] = mapped_column(set_null("source_items.id"), index=True)
    source_id: Mapped[UUID] = mapped_column(cascade("sources.id"), index=True)
    url: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime] = mapped_column()
