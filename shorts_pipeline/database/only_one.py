"""Only one: one process at a time does a named thing, whoever started it.

A session-level advisory lock on a connection of its own, outside any transaction: PostgreSQL frees it when the
connection ends, however that comes about, so that a killed process blocks nobody.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

AT_ONCE = timedelta(0)
_KEY = "hashtextextended(:name, 0)"
_LOCK_NOT_AVAILABLE = "55P03"


@contextmanager
def only_one(sessions: sessionmaker[Session], name: str, *, wait: timedelta = AT_ONCE) -> Iterator[bool]:
    """True while the lock of this name is ours; False where another process held it for the whole of `wait`."""
    with sessions() as session:
        engine = session.get_bind()
    assert isinstance(engine, Engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = _locked(connection, name, wait)
        try:
            yield mine
        finally:
            if mine:
                # A connection that is gone has freed the lock already.
                with suppress(OperationalError):
                    connection.execute(text(f"SELECT pg_advisory_unlock({_KEY})"), {"name": name})


def _locked(connection: Connection, name: str, wait: timedelta) -> bool:
    if not wait:
        return bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({_KEY})"), {"name": name}))
    connection.execute(text(f"SET lock_timeout = {round(wait.total_seconds() * 1000)}"))
    try:
        connection.execute(text(f"SELECT pg_advisory_lock({_KEY})"), {"name": name})
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
            raise
        return False
    finally:
        if not connection.invalidated:
            connection.execute(text("RESET lock_timeout"))
    return True
