"""Lock: one run at a time for a channel.

A session-level advisory lock on a connection of its own, outside any transaction: PostgreSQL frees it when the
connection ends, however that comes about.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.errors import RetryLater

WAIT_MILLISECONDS = 120_000
# The first half of the lock's key: nobody else's.
KEY = 7_210_502


class Busy(RetryLater):
    """Another run works on the channel."""


@contextmanager
def only_run(sessions: sessionmaker[Session], channel_id: UUID) -> Iterator[None]:
    """Hold the channel's lock while the block lasts; raises `Busy` where another run holds it for too long."""
    with sessions() as session:
        engine = session.get_bind()
    assert isinstance(engine, Engine)
    key = {"key": KEY, "channel": channel_id.int % 2**31}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = {WAIT_MILLISECONDS}"))
        try:
            connection.execute(text("SELECT pg_advisory_lock(:key, :channel)"), key)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != "55P03":
                raise
            raise Busy("another run is choosing topics for the channel; what is left waits for the next one") from None
        finally:
            if not connection.invalidated:
                connection.execute(text("RESET lock_timeout"))
        try:
            yield
        finally:
            # A connection that is gone has freed the lock already.
            with suppress(OperationalError):
                connection.execute(text("SELECT pg_advisory_unlock(:key, :channel)"), key)
