"""Alembic's entry point: where the database is, what is compared, and one migrator at a time.

Only the schema `public` is ours: the vector store makes its own tables in `vectors` at run time.
"""

from logging.config import fileConfig
from typing import Any, Literal

import alembic_postgresql_enum  # noqa: F401  registers itself: enum types are made and dropped with the tables
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.pool import NullPool

from shorts_pipeline.database import Base, Document, UtcDateTime, Word
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.settings import settings

# Any constant will do, as long as every migrator of this program takes the same one.
MIGRATION_LOCK = 0x53484F525453  # "SHORTS"
WAIT_FOR_OTHER_MIGRATOR = "120s"
WAIT_FOR_TABLE_LOCK = "10s"


def database_url() -> str:
    """The address given by the caller, by `-x url=`, or by the settings, in this order."""
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True).get("url")
    url = url or settings().database_url
    if url is None:
        raise ConfigurationError("no database to migrate: set DATABASE_URL, or give `-x url=postgresql+psycopg://…`")
    return str(url)


def render_type(kind: str, obj: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in PostgreSQL: a migration must not import the models."""
    if kind != "type":
        return False
    if isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(obj, Word):
        return f"sa.String(length={obj.impl_instance.length})"
    if isinstance(obj, Document | JSONB):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "postgresql.JSONB(astext_type=sa.Text())"
    return False


def configure(connection: Connection | None = None, **options: Any) -> None:
    """The comparison that both `upgrade` and `check` use."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        include_schemas=False,
        render_item=render_type,
        **options,
    )


def migrate_online() -> None:
    """One transaction, under one lock: two migrators at once wait for each other instead of colliding."""
    engine = create_engine(database_url(), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_FOR_OTHER_MIGRATOR}'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        # Rather fail soon than queue every reader behind a table lock that we wait for.
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_FOR_TABLE_LOCK}'"))
        configure(connection)
        with context.begin_transaction():
            context.run_migrations()


def migrate_offline() -> None:
    """Print the SQL instead of running it (`alembic upgrade head --sql`)."""
    configure(url=database_url(), literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()


if context.config.config_file_name is not None and context.config.attributes.get("configure_logging", True):
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

if context.is_offline_mode():
    migrate_offline()
else:
    migrate_online()
