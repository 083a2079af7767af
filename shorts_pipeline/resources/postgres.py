"""PostgreSQL: what everything durable is kept in."""

from functools import lru_cache
from typing import TYPE_CHECKING

import dagster as dg

from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.settings import Settings
from shorts_pipeline.settings import settings as read_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker


@lru_cache
def _sessions(url: str) -> "sessionmaker[Session]":
    """One engine a process and address: Dagster makes a resource anew for each step."""
    from shorts_pipeline.database import make_engine, make_sessions

    return make_sessions(make_engine(url))


class PostgresResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Sessions on the application's database.

    Without a `url` it is read from the settings when it is needed: what a resource is configured with, Dagster shows in
    its UI and stores with every run, and an address holds a password.
    """

    url: str | None = None

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "PostgresResource":
        """On the database of `settings`; without them, on that of the process's settings at each use."""
        return cls() if settings is None else cls(url=settings.database_url or "")

    @property
    def sessions(self) -> "sessionmaker[Session]":
        """Makes sessions; raises `ConfigurationError` where no database is named."""
        url = read_settings().database_url if self.url is None else self.url
        return _sessions(database_address(url or ""))


def database_address(url: str) -> str:
    """The address, or what to do where there is none."""
    if not url:
        raise ConfigurationError(
            "no database: set DATABASE_URL (postgresql+psycopg://…), or start everything here with `shorts up`"
        )
    return url
