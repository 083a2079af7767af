"""What is read about sources from the tables: who is listened to, when each last fired, what each last answered.

Reads only; store.py writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Channel,
    ChannelSource,
    ChannelStatus,
    ItemJudgement,
    Source,
    SourceAddress,
    SourceItem,
    SourceState,
    SourceType,
)
from shorts_pipeline.sources.due import SourceClock
from shorts_pipeline.sources.places import Address, Wish, heard


@dataclass(frozen=True)
class KnownSource:
    """A source with its state, as plain rows that outlive their transaction."""

    source: Source
    state: SourceState | None
    wishes: tuple[Wish, ...] = ()
    at_addresses: Mapping[str, SourceAddress] = field(default_factory=dict)

    @property
    def learned(self) -> SourceState | None:
        """The state, where it was learned at the address the source still has."""
        same = self.state is not None and self.state.address in {None, self.source.connection_config.url}
        return self.state if same else None

    def learned_at(self, address: Address) -> SourceState | SourceAddress | None:
        """What was learned at one of its addresses."""
        return self.at_addresses.get(address.url) if address.place else self.learned


@dataclass(frozen=True)
class WaitingChannel:
    """A channel with items it has not judged: how many, and when the newest of them came."""

    slug: str
    items: int
    newest: datetime


def source_clocks(session: Session) -> list[SourceClock]:
    """Every source that an active channel listens to, those of one host beside each other (a batch's neighbours)."""
    url = func.jsonb_extract_path_text(Source.connection_config, "url")
    listener = exists().where(
        ChannelSource.source_id == Source.id,
        ChannelSource.enabled,
        Channel.id == ChannelSource.channel_id,
        Channel.status == ChannelStatus.ACTIVE,
    )
    rows = session.execute(
        select(
            Source.id,
            Source.cron_expression,
            Source.timezone,
            SourceState.last_fired_at,
            SourceState.backoff_until,
            SourceState.failures,
        )
        .outerjoin(SourceState, SourceState.source_id == Source.id)
        .where(Source.is_active, listener, SourceState.gone.is_not(True) | (SourceState.address != url))
        .order_by(url, Source.id)
    )
    return [
        SourceClock(id_, cron, fired, zone, until, failures or 0) for id_, cron, zone, fired, until, failures in rows
    ]


def known_sources(session: Session, ids: Sequence[UUID]) -> list[KnownSource]:
    """These sources with their states, in the order of the ids; unknown ids are left out."""
    found = session.execute(
        select(Source, SourceState).outerjoin(SourceState, SourceState.source_id == Source.id).where(Source.id.in_(ids))
    )
    wishes, learned = _wishes(session, ids), _addresses(session, ids)
    by_id = {
        source.id: KnownSource(source, state, tuple(wishes.get(source.id, ())), learned.get(source.id, {}))
        for source, state in found
    }
    return [by_id[id_] for id_ in dict.fromkeys(ids) if id_ in by_id]


def _wishes(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Wish]]:
    """What every active channel that listens asks each source for."""
    rows = session.execute(
        select(ChannelSource.source_id, ChannelSource.custom_config, Channel.source_config)
        .join(Channel, Channel.id == ChannelSource.channel_id)
        .where(ChannelSource.source_id.in_(ids), ChannelSource.enabled, Channel.status == ChannelStatus.ACTIVE)
        .order_by(ChannelSource.source_id, Channel.slug)
    )
    wishes: dict[UUID, list[Wish]] = {}
    for source_id, use, look in rows:
        wishes.setdefault(source_id, []).append(Wish.of(use, look))
    return wishes


def _addresses(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, SourceAddress]]:
    found: dict[UUID, dict[str, SourceAddress]] = {}
    for row in session.scalars(select(SourceAddress).where(SourceAddress.source_id.in_(ids))):
        found.setdefault(row.source_id, {})[row.address] = row
    return found


def all_sources(session: Session) -> list[KnownSource]:
    """Every source by name, listened to or not."""
    found = session.execute(
        select(Source, SourceState).outerjoin(SourceState, SourceState.source_id == Source.id).order_by(Source.name)
    )
    return [KnownSource(source, state) for source, state in found]


def waiting_channels(session: Session, *, since: datetime | None = None) -> list[WaitingChannel]:
    """Active channels with items they hear and have not judged, by slug; with `since` of the items read from then on.

    Search terms are a signal, never judged as stories.
    """
    told = (
        select(Channel.slug, ChannelSource.channel_id, SourceItem.id, SourceItem.fetched_at)
        .join(ChannelSource, (ChannelSource.channel_id == Channel.id) & ChannelSource.enabled)
        .join(Source, (Source.id == ChannelSource.source_id) & (Source.type != SourceType.TREND))
        .join(SourceItem, SourceItem.source_id == Source.id)
        .where(Channel.status == ChannelStatus.ACTIVE, heard())
    )
    if since is not None:
        told = told.where(SourceItem.fetched_at >= since)
    # A wall for the planner: it takes the unjudged for so few that it would pair every item with every channel first.
    items = told.cte("told").prefix_with("MATERIALIZED")
    judged = exists().where(ItemJudgement.channel_id == items.c.channel_id, ItemJudgement.source_item_id == items.c.id)
    rows = session.execute(
        select(items.c.slug, func.count(), func.max(items.c.fetched_at))
        .where(~judged)
        .group_by(items.c.slug)
        .order_by(items.c.slug)
    )
    return [WaitingChannel(slug, items, newest) for slug, items, newest in rows]
