"""Lock: one process at a time sends for a channel, whoever started it.

A session-level advisory lock on a connection of its own: it goes with the process, however that ends, and no
transaction is held while a file is on its way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker


@contextmanager
def channel_lock(sessions: sessionmaker[Session], channel_id: UUID) -> Iterator[bool]:
    """True while the lock is ours; False, at once, where another process has it."""
    with sessions() as session:
        connection = session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        key = func.hashtextextended(f"uploads:{channel_id}", text("0"))
        mine = bool(connection.scalar(select(func.pg_try_advisory_lock(key))))
        try:
            yield mine
        finally:
            if mine:
                connection.execute(select(func.pg_advisory_unlock(key)))
