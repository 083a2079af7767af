"""The channels there are: one by its slug, their keys, how they stand; pausing, resuming, archiving them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, ChannelSource, ChannelStatus, Persona
from shorts_pipeline.errors import ConfigurationError


@dataclass(frozen=True)
class ListedChannel:
    """A channel in one line."""

    slug: str
    name: str
    status: ChannelStatus
    language: str
    speaker: str | None
    sources: int
    publish_to: str


def channel_by_slug(session: Session, slug: str, *, lock: bool = False) -> Channel:
    """The channel; with `lock`, nobody else who asks so changes what is its until the transaction ends.

    Raises `ConfigurationError` where there is none.
    """
    statement = select(Channel).where(Channel.slug == slug)
    found = session.scalars(statement.with_for_update(key_share=True) if lock else statement).one_or_none()
    if found is None:
        raise ConfigurationError(f"no channel {slug!r}: apply its file with `shorts channels apply`")
    return found


def partition_keys(session: Session) -> list[str]:
    """The slug of every channel, paused and archived ones too: a key is never taken from Dagster again."""
    return list(session.scalars(select(Channel.slug).order_by(Channel.slug)))


def active_slugs(session: Session, partitions: Collection[str]) -> list[str]:
    """Slugs of the active channels that have a partition: one unknown key would fail a whole tick."""
    slugs = session.scalars(select(Channel.slug).where(Channel.status == ChannelStatus.ACTIVE).order_by(Channel.slug))
    return [slug for slug in slugs if slug in partitions]


def listed(session: Session) -> list[ListedChannel]:
    """Every channel, by slug."""
    listening = (
        select(ChannelSource.channel_id, func.count().label("sources"))
        .where(ChannelSource.enabled)
        .group_by(ChannelSource.channel_id)
        .subquery()
    )
    rows = session.execute(
        select(Channel, Persona.name, func.coalesce(listening.c.sources, 0))
        .outerjoin(Persona, Persona.channel_id == Channel.id)
        .outerjoin(listening, listening.c.channel_id == Channel.id)
        .order_by(Channel.slug)
    )
    return [
        ListedChannel(
            slug=channel.slug,
            name=channel.name,
            status=channel.status,
            language=channel.content_config.language,
            speaker=speaker,
            sources=sources,
            publish_to=channel.operation_config.publish.publish_to,
        )
        for channel, speaker, sources in rows
    ]


def set_status(session: Session, slugs: Sequence[str], status: ChannelStatus) -> list[str]:
    """Move channels to `status`; returns those that were not there yet. An unknown slug moves none of them."""
    rows = {row.slug: row for row in session.scalars(select(Channel).where(Channel.slug.in_(slugs)).with_for_update())}
    unknown = sorted(set(slugs) - set(rows))
    if unknown:
        raise ConfigurationError(f"no channel {', '.join(unknown)}; `shorts channels list` shows those there are")
    moved = [row for row in rows.values() if row.status != status]
    for row in moved:
        row.status = status
    session.flush()
    return sorted(row.slug for row in moved)
