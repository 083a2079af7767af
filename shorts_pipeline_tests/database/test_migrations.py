"""The migrations: up, down, up again; the same as the models; one migrator at a time."""

import subprocess
import sys
from collections.abc import Callable

from sqlalchemy import Engine, text

from shorts_pipeline.database import make_engine
from shorts_pipeline.database.migrate import PROJECT, check, current, head, migrate
from shorts_pipeline_tests.database import catalog


def leftovers(engine: Engine) -> list[str]:
    """Every table and type in `public` but Alembic's own table."""
    with engine.connect() as connection:
        names = connection.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
                " UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'"
            )
        )
        return sorted(name for name in names if name != "alembic_version")


def test_up_down_to_empty_and_up_again_ends_where_it_began(make_database: Callable[..., str]) -> None:
    url = make_database(empty=True)
    engine = make_engine(url)
    assert current(url) is None
    migrate(url)
    check(url)
    with engine.connect() as connection:
        first = catalog.read(connection)
    migrate(url, "base")
    assert leftovers(engine) == []
    assert current(url) is None
    migrate(url)
    check(url)
    with engine.connect() as connection:
        assert catalog.read(connection) == first
    engine.dispose()
    assert current(url) == head()


def test_two_migrators_at_once_wait_for_each_other(make_database: Callable[..., str]) -> None:
    url = make_database(empty=True)
    # Processes, as it happens in life: Alembic keeps its state in globals.
    command = [sys.executable, "-m", "alembic", "-x", f"url={url}", "upgrade", "head"]
    both = [subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("Running upgrade" in text for text in said) == 1
    check(url)


def test_the_vector_stores_own_schema_is_none_of_ours(make_database: Callable[..., str]) -> None:
    url = make_database()
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA vectors"))
        connection.execute(text("CREATE TABLE vectors.script_chunks (id uuid PRIMARY KEY)"))
    engine.dispose()
    check(url)
