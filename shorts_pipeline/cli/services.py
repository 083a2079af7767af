"""What a command works with: settings, database, Redis, clock, taken from wherever they are.

Addresses that are given are used. Otherwise the services of the home are: those that run already, or new ones for as
long as the command takes.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from pydantic import ValidationError
from redis import Redis
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock, FileClock
from shorts_pipeline.embedded.services import Services
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.settings import Settings, settings


@dataclass(frozen=True)
class Opened:
    """Open connections, valid until the `with` block ends."""

    settings: Settings
    sessions: sessionmaker[Session]
    redis: Redis
    clock: Clock
    services: Services


@contextmanager
def opened(*, sandbox: bool = False, feeds: bool = False, migrate: bool = False) -> Iterator[Opened]:
    """Database, Redis and clock; with `sandbox` and `feeds` those too.

    Inside, the environment and `settings()` name all of them, so that every resource's `from_settings` finds them.
    `migrate` brings the tables up to date first; without it, tables that are behind are refused.
    """
    wanted = [name for name, yes in (("sandbox", sandbox), ("feeds", feeds)) if yes]
    with ExitStack() as stack:
        services = stack.enter_context(Services(current_settings(), also=wanted))
        stack.enter_context(environment(services.environment()))
        found = current_settings()
        ready_tables(found, migrate=migrate)
        # Here and not at the top: `shorts --help` needs neither.
        from shorts_pipeline.database.session import make_engine, make_sessions

        engine = make_engine(found.database_url or "")
        stack.callback(engine.dispose)
        redis = Redis.from_url(found.redis_url or "", decode_responses=True, socket_timeout=2, socket_connect_timeout=2)
        stack.callback(redis.close)
        yield Opened(found, make_sessions(engine), redis, FileClock(found.clock_file), services)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """These variables, for this process and what it starts, until the block ends."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        settings.cache_clear()


def current_settings() -> Settings:
    """The settings, or which variable is wrong; never its value, which may hold a password."""
    try:
        return settings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ConfigurationError(f"the environment or .env is wrong: {wrong}") from None


def ready_tables(found: Settings, *, migrate: bool) -> None:
    """Migrate, or refuse tables that are not what this version of the program expects."""
    from shorts_pipeline.database import migrate as migrations

    url = found.database_url or ""
    if migrate:
        migrations.migrate(url)
    elif (there := migrations.current(url)) != (head := migrations.head()):
        raise ConfigurationError(f"the tables are at {there or 'nothing'}, not {head}: run `shorts migrate`")
