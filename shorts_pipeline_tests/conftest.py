"""What every test may ask for: the real PostgreSQL, Redis and YouTube sandbox, and a clock that stands still.

The servers are started once per session, from the same binaries as `shorts up`, without waiting for the disk. A test
that writes gets a database of its own, cloned from a migrated template, and leaves nothing behind.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client
import sqlalchemy as sa
from dagster._core.storage.defs_state.base import set_defs_state_storage
from psycopg import sql
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database.migrate import migrate
from shorts_pipeline.database.session import make_engine, make_sessions
from shorts_pipeline.embedded.home import Home
from shorts_pipeline.embedded.postgres import Postgres
from shorts_pipeline.embedded.services import stop_everything
from shorts_pipeline.embedded.valkey import Valkey
from shorts_pipeline.settings import Settings, settings

NINE_IN_SEOUL = datetime(2026, 3, 2, tzinfo=UTC)
WITHOUT_THE_DISK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
}
TEMPLATE = "shorts_template"
IN_MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30
LONGEST = {"test_demo.py", "test_daemon.py", "test_up.py"}
_numbers = itertools.count(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow full counts run only when asked for (`make soak`); what takes longest is begun first."""
    if not config.option.markexpr:
        chosen = [item for item in items if "soak" not in item.keywords]
        config.hook.pytest_deselected(items=[item for item in items if "soak" in item.keywords])
        items[:] = chosen
    # Begun last, the longest would keep one process busy when the others have nothing left.
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(autouse=True, scope="session")
def _nothing_from_this_machine() -> Iterator[None]:
    """No variable and no `.env` of the developer's reaches a test: it could name a database that matters."""
    names = [field.alias for field in Settings.model_fields.values() if field.alias]
    with pytest.MonkeyPatch.context() as patch:
        for name in [*names, "DAGSTER_HOME", "SHORTS_DAGSTER_FOLDER"]:
            patch.delenv(name, raising=False)
        patch.setitem(Settings.model_config, "env_file", None)
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _no_instance_of_an_earlier_test() -> Iterator[None]:
    """Dagster remembers the last instance that was opened and asks it when definitions load, even when it is gone."""
    with set_defs_state_storage(None):
        yield


@pytest.fixture
def clock() -> ManualClock:
    """09:00 in Seoul on Monday 2026-03-02."""
    return ManualClock(NINE_IN_SEOUL)


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder for the servers of this session that every account may pass through: pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="shorts-tests-", dir=_in_memory()))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(open_folder: Path) -> Iterator[Postgres]:
    """The session's PostgreSQL, with the migrated template in it."""
    server = Postgres(open_folder / "postgres", tuning=WITHOUT_THE_DISK, durable=False)
    server.start()
    try:
        with server.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        migrate(server.url(TEMPLATE))
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def database_url(postgres_server: Postgres) -> str:
    """A migrated database that all tests of the session share: look, do not write."""
    _create(postgres_server, "shared", template=TEMPLATE)
    return postgres_server.url("shared")


@pytest.fixture
def make_database(postgres_server: Postgres) -> Iterator[Callable[..., str]]:
    """Makes databases that go with the test: `make_database()` migrated, `make_database(empty=True)` not."""
    made: list[str] = []

    def make(*, empty: bool = False) -> str:
        made.append(f"test_{os.getpid()}_{next(_numbers)}")
        _create(postgres_server, made[-1], template="template0" if empty else TEMPLATE)
        return postgres_server.url(made[-1])

    yield make
    with postgres_server.connect() as connection:
        for name in made:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def own_database_url(make_database: Callable[..., str]) -> str:
    """The address of this test's own migrated database; `sessions` and `engine` use the same one."""
    return make_database()


@pytest.fixture
def engine(own_database_url: str) -> Iterator[sa.Engine]:
    """An engine on this test's own database."""
    made = make_engine(own_database_url)
    yield made
    made.dispose()


@pytest.fixture
def sessions(engine: sa.Engine) -> sessionmaker[Session]:
    """Sessions on this test's own database."""
    return make_sessions(engine)


@pytest.fixture(scope="session")
def valkey_server(open_folder: Path) -> Iterator[Valkey]:
    """The session's Redis-compatible server."""
    server = Valkey(open_folder / "valkey", durable=False)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def redis(valkey_server: Valkey) -> Iterator[redis_client.Redis]:
    """A client on an empty server."""
    client = valkey_server.connect()
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def redis_url(valkey_server: Valkey, redis: redis_client.Redis) -> str:
    """The address of an empty server."""
    return valkey_server.url


@pytest.fixture
def sandbox(tmp_path: Path, clock: ManualClock) -> Iterator[Any]:
    """A running YouTube sandbox on this test's clock; `.url` is its address."""
    from shorts_pipeline.embedded.youtube_sandbox import serve

    with serve(tmp_path / "youtube_sandbox", clock) as running:
        yield running


@pytest.fixture
def home_folder() -> Iterator[Path]:
    """A folder for one home; whatever a test left running in it is ended."""
    folder = Path(tempfile.mkdtemp(prefix="shorts-home-", dir=_in_memory()))
    folder.chmod(0o755 if os.geteuid() == 0 else 0o700)
    yield folder / "home"
    stop_everything(Home(folder / "home"))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home_settings(home_folder: Path) -> Settings:
    """Settings that name nothing but the home."""
    return Settings(SHORTS_HOME=home_folder)


def _in_memory() -> Path | None:
    """Where making and dropping a database for each test costs a third; None: there is no such place, or no room."""
    if not IN_MEMORY.is_dir() or not os.access(IN_MEMORY, os.W_OK):
        return None
    forbidden = os.statvfs(IN_MEMORY).f_flag & os.ST_NOEXEC
    return IN_MEMORY if shutil.disk_usage(IN_MEMORY).free >= ROOM and not forbidden else None


def _create(server: Postgres, name: str, *, template: str) -> None:
    with server.connect() as connection:
        # Copying files beats writing the copy through the log once there are tables.
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier("file_copy")
            )
        )
