"""What is read about sources from the tables: who is listened to, when each last fired, what each last answered.

Reads only; collect.py writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
    SourceItem,
    SourceState,
    SourceType,
)
from shorts_pipeline.sources.due import SourceClock


@dataclass(frozen=True)
class KnownSource:
    """A source with its state, as plain rows that outlive their transaction."""

    source: Source
    state: SourceState | None

    @property
    def learned(self) -> SourceState | None:
        """The state, where it was learned at the address the source still has."""
        same = self.state is not None and self.state.address in {None, self.source.connection_config.url}
        return self.state if same else None


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
    by_id = {source.id: KnownSource(source, state) for source, state in found}
    return [by_id[id_] for id_ in dict.fromkeys(ids) if id_ in by_id]


def all_sources(session: Session) -> list[KnownSource]:
    """Every source by name, listened to or not."""
    found = session.execute(
        select(Source, SourceState).outerjoin(SourceState, SourceState.source_id == Source.id).order_by(Source.name)
    )
    return [KnownSource(source, state) for source, state in found]


def waiting_channels(session: Session) -> list[WaitingChannel]:
    """Active channels with items they have not judged, by slug. Search terms are a signal, never judged as stories."""
    rows = session.execute(
        select(Channel.slug, func.count(), func.max(SourceItem.fetched_at))
        .join(ChannelSource, (ChannelSource.channel_id == Channel.id) & ChannelSource.enabled)
        .join(Source, (Source.id == ChannelSource.source_id) & (Source.type != SourceType.TREND))
        .join(SourceItem, SourceItem.source_id == Source.id)
        .outerjoin(
            ItemJudgement,
            (ItemJudgement.channel_id == Channel.id) & (ItemJudgement.source_item_id == SourceItem.id),
        )
        .where(Channel.status == ChannelStatus.ACTIVE, ItemJudgement.channel_id.is_(None))
        .group_by(Channel.slug)
        .order_by(Channel.slug)
    )
    return [WaitingChannel(slug, items, newest) for slug, items, newest in rows]
