"""The channel a partition stands for, and its connection to YouTube's figures."""

from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Channel, ChannelStatus
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.youtube.accounts import Account, StoredAccount


class Connects(Protocol):
    """What connects a channel to YouTube or the sandbox (resources/youtube)."""

    def connect(self, *, publish_to: Any, credential: Any, clock: Clock | None = None) -> Any: ...


def channel_of(session: Session, slug: str) -> Channel:
    """The channel with this slug; raises `ConfigurationError`."""
    found = session.scalars(select(Channel).where(Channel.slug == slug)).one_or_none()
    if found is None:
        raise ConfigurationError(f"no channel {slug!r}: apply its file with `shorts channels apply`")
    return found


def idle(channel: Channel) -> str | None:
    """Why nothing is asked for this channel; None: it is active."""
    return None if channel.status is ChannelStatus.ACTIVE else f"the channel is {channel.status}"


def connector(sessions: sessionmaker[Session], youtube: Connects, clock: Clock) -> Callable[[str], Any]:
    """Opens a channel's YouTube by its slug: where it publishes is where its figures are."""

    def connect(slug: str) -> Any:
        with sessions() as session:
            channel = channel_of(session, slug)
        publish = channel.operation_config.publish
        name = publish.credential or slug
        stored = StoredAccount(sessions, Account(channel.id, slug, name))
        credential = stored if publish.publish_to == "youtube" else name
        return youtube.connect(publish_to=publish.publish_to, credential=credential, clock=clock)

    return connect
