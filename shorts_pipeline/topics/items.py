"""Items: what waits for a channel's judgement: items of the sources it listens to that it has not judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    ChannelSource,
    ItemJudgement,
    JudgementOutcome,
    Source,
    SourceItem,
    SourceRegion,
    SourceType,
)
from shorts_pipeline.database.documents import ItemFilters

BATCH = 500
_NOT_KEPT = (JudgementOutcome.FILTERED, JudgementOutcome.LOW_SCORE, JudgementOutcome.QUEUE_FULL)


@dataclass(frozen=True)
class Origin:
    """The source of an item as one channel hears it; `filters` are the channel's over the source's own."""

    id: UUID
    name: str
    region: SourceRegion
    credibility: float
    type: SourceType = SourceType.RSS
    categories: tuple[str, ...] = ()
    language: str = "ko"
    weight: float = 1.0
    filters: ItemFilters = field(default_factory=ItemFilters)


@dataclass(frozen=True)
class Item:
    """One item as it was collected."""

    id: UUID
    source: Origin
    title: str
    text: str
    url: str | None
    published_at: datetime | None
    fetched_at: datetime
    metrics: dict[str, Any] = field(default_factory=dict)
    raw_language: str | None = None

    @property
    def told_at(self) -> datetime:
        """When the story was told: as the source says, but never later than we read it."""
        return self.fetched_at if self.published_at is None else min(self.published_at, self.fetched_at)

    def metric(self, name: str) -> float | None:
        """A figure of the source's own (score, comments, traffic, growth), where it gave one."""
        value = self.metrics.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def waiting_items(
    session: Session,
    channel_id: UUID,
    *,
    limit: int = BATCH,
    after: Item | None = None,
    only: Sequence[UUID] = (),
    again: bool = False,
) -> list[Item]:
    """At most `limit` unjudged items of the channel's enabled sources, the earliest read first, from `after` on.

    `only` names items; with `again` those among them that were judged and not kept are taken once more.
    """
    statement = _unjudged(channel_id, again=again and bool(only)).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(SourceItem.fetched_at, SourceItem.id) > (after.fetched_at, after.id))
    if only:
        statement = statement.where(SourceItem.id.in_(list(only)))
    return [_item(row) for row in session.execute(statement)]


def count_waiting(session: Session, channel_id: UUID) -> int:
    """How many items the channel has not judged yet."""
    unjudged = _unjudged(channel_id, again=False).order_by(None).with_only_columns(SourceItem.id).subquery()
    return session.scalar(select(func.count()).select_from(unjudged)) or 0


def _unjudged(channel_id: UUID, *, again: bool) -> Select[SourceItem, Source, ChannelSource]:
    judged = select(ItemJudgement.source_item_id).where(
        ItemJudgement.channel_id == channel_id, ItemJudgement.source_item_id == SourceItem.id
    )
    if again:
        judged = judged.where(ItemJudgement.outcome.not_in(_NOT_KEPT))
    return (
        select(SourceItem, Source, ChannelSource)
        .join(Source, Source.id == SourceItem.source_id)
        .join(ChannelSource, ChannelSource.source_id == Source.id)
        .where(ChannelSource.channel_id == channel_id, ChannelSource.enabled)
        .where(~judged.exists())
        .order_by(SourceItem.fetched_at, SourceItem.id)
    )


def _item(row: Row[SourceItem, Source, ChannelSource]) -> Item:
    found, source, use = row
    return Item(
        id=found.id,
        source=origin(source, use),
        title=found.title,
        text=found.text,
        url=found.url,
        published_at=found.published_at,
        fetched_at=found.fetched_at,
        metrics=dict(found.metrics),
        raw_language=found.raw_language,
    )


def origin(source: Source, use: ChannelSource | None) -> Origin:
    """A source as a channel hears it."""
    return Origin(
        id=source.id,
        name=source.name,
        region=source.region,
        credibility=source.credibility,
        type=source.type,
        categories=tuple(source.categories),
        language=source.language,
        weight=use.weight if use else 1.0,
        filters=use.custom_config.filters.over(source.default_filters) if use else ItemFilters(),
    )
