"""A channel's connection to YouTube's figures, and whether it is asked at all."""

from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Channel, ChannelStatus
from shorts_pipeline.resources.youtube.accounts import Account, StoredAccount


class Connects(Protocol):
    """What connects a channel to YouTube or the sandbox (resources/youtube)."""

    def connect(self, *, publish_to: Any, credential: Any, clock: Clock | None = None) -> Any: ...


def idle(channel: Channel) -> str | None:
    """Why nothing is asked for this channel; None: it is active."""
    return None if channel.status is ChannelStatus.ACTIVE else f"the channel is {channel.status}"


def connector(sessions: sessionmaker[Session], youtube: Connects, clock: Clock) -> Callable[[str], Any]:
    """Opens a channel's YouTube by its slug: where it publishes is where its figures are."""

    def connect(slug: str) -> Any:
        with sessions() as session:
            channel = channel_by_slug(session, slug)
        publish = channel.operation_config.publish
        name = publish.credential or slug
        stored = StoredAccount(sessions, Account(channel.id, slug, name))
        credential = stored if publish.publish_to == "youtube" else name
        return youtube.connect(publish_to=publish.publish_to, credential=credential, clock=clock)

    return connect
