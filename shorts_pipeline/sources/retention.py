"""Retention: how long items are kept.

An item is kept as long as the channel that keeps it longest asks for. Topics, and who told them, outlive it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Interval, ScalarSelect, cast, delete, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shorts_pipeline.database import Channel, ChannelSource, SourceItem
from shorts_pipeline.database.documents import OperationConfig


def kept_since(session: Session, source_id: UUID, now: datetime) -> datetime:
    """Items of this source published before this are not kept."""
    days = session.scalar(select(_days(literal(source_id))))
    return now - timedelta(days=days or _default_days())


def prune_items(session: Session, *, now: datetime) -> int:
    """Delete items that came, and were published, longer ago than they are kept; returns how many went."""
    kept = func.coalesce(_days(SourceItem.source_id), _default_days())
    before = literal(now) - cast(func.concat(kept, " days"), Interval)
    old = or_(SourceItem.published_at.is_(None), SourceItem.published_at < before)
    gone = session.execute(delete(SourceItem).where(SourceItem.fetched_at < before, old).returning(SourceItem.id))
    return len(gone.all())


def _days(source_id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ScalarSelect[int]:
    """The most days that any channel listening to the source asks for; NULL where none listens."""
    asked = func.jsonb_extract_path_text(Channel.operation_config, "retention", "source_item_days")
    return (
        select(func.max(func.coalesce(cast(asked, Integer), _default_days())))
        .join(ChannelSource, ChannelSource.channel_id == Channel.id)
        .where(ChannelSource.source_id == source_id)
        .scalar_subquery()
    )


def _default_days() -> int:
    return OperationConfig().retention.source_item_days
