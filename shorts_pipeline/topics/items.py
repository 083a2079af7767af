"""Items: what waits for a channel's judgement: items it hears of the sources it listens to, and has not judged."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, any_, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, sessionmaker

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
from shorts_pipeline.selection import Selection
from shorts_pipeline.sources.places import heard

EVERYTHING = Selection()
BATCH = 500
LOOKED_AHEAD = 10 * BATCH
_COLUMNS = (
    SourceItem.id,
    SourceItem.source_id,
    SourceItem.title,
    SourceItem.text,
    SourceItem.url,
    SourceItem.published_at,
    SourceItem.fetched_at,
    SourceItem.metrics,
    SourceItem.raw_language,
)
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


def waiting_batches(
    sessions: sessionmaker[Session], channel_id: UUID, selection: Selection = EVERYTHING, *, size: int = BATCH
) -> Iterator[list[Item]]:
    """Unjudged items of the channel's enabled sources, the earliest read first, `size` at a time.

    `selection.only` names items; with `force` those among them that were judged and not kept are taken once more.
    """
    origins: dict[UUID, Origin] = {}
    left = selection.limit
    last: tuple[datetime, UUID] | None = None
    while left is None or left > 0:
        with sessions() as session:
            places = _waiting_places(session, channel_id, selection, after=last)[:left]
        if not places:
            return
        for start in range(0, len(places), size):
            ids = [id for _, id in places[start : start + size]]
            with sessions() as session:
                items = _items(session, channel_id, ids, origins)
            if items:  # what was pruned meanwhile waits for nobody
                yield items
        left = None if left is None else left - len(places)
        last = places[-1]


def _waiting_places(
    session: Session, channel_id: UUID, selection: Selection, after: tuple[datetime, UUID] | None
) -> list[tuple[datetime, UUID]]:
    """Which items wait, in their order: so many at once that what is known of the rest is seldom looked through."""
    statement = (
        _unjudged(channel_id, again=selection.force and bool(selection.only))
        .order_by(SourceItem.fetched_at, SourceItem.id)
        .limit(LOOKED_AHEAD)
    )
    if after is not None:
        statement = statement.where(tuple_(SourceItem.fetched_at, SourceItem.id) > after)
    if selection.only:
        statement = statement.where(SourceItem.id.in_(list(selection.only)))
    return [(fetched_at, id) for fetched_at, id in session.execute(statement)]


def _items(session: Session, channel_id: UUID, ids: Sequence[UUID], origins: dict[UUID, Origin]) -> list[Item]:
    """These items in their order; `origins` keeps what is known of sources from one batch to the next."""
    rows = session.execute(select(*_COLUMNS).where(SourceItem.id == any_(literal(list(ids), ARRAY(Uuid))))).all()
    origins |= _origins(session, channel_id, {row.source_id for row in rows} - origins.keys())
    return sorted((_item(row, origins[row.source_id]) for row in rows), key=lambda item: (item.fetched_at, item.id))


def count_waiting(session: Session, channel_id: UUID) -> int:
    """How many items the channel has not judged yet."""
    unjudged = _unjudged(channel_id, again=False).subquery()
    return session.scalar(select(func.count()).select_from(unjudged)) or 0


def _unjudged(channel_id: UUID, *, again: bool) -> Select[datetime, UUID]:
    judged = select(ItemJudgement.source_item_id).where(
        ItemJudgement.channel_id == channel_id, ItemJudgement.source_item_id == SourceItem.id
    )
    if again:
        judged = judged.where(ItemJudgement.outcome.not_in(_NOT_KEPT))
    return (
        select(SourceItem.fetched_at, SourceItem.id)
        .join(ChannelSource, ChannelSource.source_id == SourceItem.source_id)
        .where(ChannelSource.channel_id == channel_id, ChannelSource.enabled, heard())
        .where(~judged.exists())
    )


def _origins(session: Session, channel_id: UUID, ids: Collection[UUID]) -> dict[UUID, Origin]:
    """These sources as the channel hears them."""
    if not ids:
        return {}
    rows = session.execute(
        select(Source, ChannelSource)
        .join(ChannelSource, ChannelSource.source_id == Source.id)
        .where(ChannelSource.channel_id == channel_id, Source.id.in_(list(ids)))
    )
    return {source.id: origin(source, use) for source, use in rows}


def _item(row: Any, source: Origin) -> Item:
    id, _, title, text, url, published_at, fetched_at, metrics, raw_language = row
    return Item(id, source, title, text, url, published_at, fetched_at, metrics, raw_language)


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
