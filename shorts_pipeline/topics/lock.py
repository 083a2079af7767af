"""Lock: one run at a time chooses topics for a channel."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database.only_one import only_one
from shorts_pipeline.errors import RetryLater

PATIENCE = timedelta(minutes=2)


class Busy(RetryLater):
    """Another run works on the channel."""


@contextmanager
def only_run(sessions: sessionmaker[Session], channel_id: UUID) -> Iterator[None]:
    """Hold the channel's lock while the block lasts; raises `Busy` where another run holds it for too long."""
    with only_one(sessions, f"topics:{channel_id}", wait=PATIENCE) as mine:
        if not mine:
            raise Busy("another run is choosing topics for the channel; what is left waits for the next one")
        yield
