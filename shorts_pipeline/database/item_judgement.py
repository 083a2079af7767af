"""item_judgements: which channel has judged which item, and why it went as it did."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base
from shorts_pipeline.database.enums import JudgementOutcome
from shorts_pipeline.database.types import cascade, set_null, word_column


class ItemJudgement(Base):
    """A channel's verdict on a source item: an item without one still waits for that channel."""

    __tablename__ = "item_judgements"

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"), primary_key=True)
    source_item_id: Mapped[UUID] = mapped_column(cascade("source_items.id"), primary_key=True, index=True)
    outcome: Mapped[JudgementOutcome] = word_column(JudgementOutcome)
    topic_id: Mapped[UUID | None] = mapped_column(set_null("topics.id"), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    judged_at: Mapped[datetime] = mapped_column()
