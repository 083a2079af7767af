"""Checks of everything that is spoken to: the databases, Redis, the vector store, YouTube's sandbox, the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from redis import Redis
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from shorts_pipeline.clock import SystemClock
from shorts_pipeline.database import migrate
from shorts_pipeline.operations.doctor.check import Check, Finding, Machine
from shorts_pipeline.resources.postgres import database_address

CONNECT_SECONDS: Final = 5
CLOCK_APART: Final = timedelta(seconds=5)
LEAST_POSTGRES: Final = 14
LEAST_PGVECTOR: Final = (0, 8)
"""Iterative index scans: without them a search with a channel filter finds too little."""

START: Final = "start the services with `shorts up`, or set DATABASE_URL and REDIS_URL to yours"


def postgres(machine: Machine) -> Finding:
    """The application's database answers, is new enough and may be written to."""
    with _connected(database_address(machine.settings.database_url or "")) as connection:
        version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
        read_only = connection.scalar(text("SELECT pg_is_in_recovery()"))
    if version < LEAST_POSTGRES:
        return Finding(False, f"PostgreSQL {version}", f"use PostgreSQL {LEAST_POSTGRES} or newer")
    if read_only:
        return Finding(False, "the server is a read-only standby", "point DATABASE_URL at the primary")
    return Finding(True, f"PostgreSQL {version}")


def migrations(machine: Machine) -> Finding:
    """The tables are those of this version of the program."""
    there, head = migrate.current(database_address(machine.settings.database_url or "")), migrate.head()
    if there == head:
        return Finding(True, f"at {head}")
    return Finding(False, f"at {there or 'nothing'}, the program expects {head}", "run `shorts migrate`")


def clocks(machine: Machine) -> Finding:
    """This machine and the database agree on the time: leases depend on it."""
    with _connected(database_address(machine.settings.database_url or "")) as connection:
        there = connection.scalar(text("SELECT clock_timestamp()"))
    assert isinstance(there, datetime)
    here = SystemClock().now()
    apart = abs(there - here)
    if apart > CLOCK_APART:
        return Finding(False, f"{apart.total_seconds():.0f} s apart from the database", "synchronise both by NTP")
    moved = machine.clock.now() - here
    if abs(moved) > CLOCK_APART:
        now = f"{machine.clock.now():%Y-%m-%d %H:%M} UTC"
        return Finding(True, f"moved on purpose to {now}; delete {machine.settings.clock_file} to let it run")
    return Finding(True, "agrees with the database")


def dagster_database(machine: Machine) -> Finding:
    """Dagster's own database answers, and is not the application's."""
    address = machine.settings.dagster_database_url
    if not address:
        return Finding(False, "no database for Dagster", "run `shorts up`, or set DAGSTER_DATABASE_URL")
    if machine.settings.database_url and _place(address) == _place(machine.settings.database_url):
        remedy = "give Dagster a database of its own (CREATE DATABASE dagster): both keep a table alembic_version"
        return Finding(False, "the same database as the application's", remedy)
    with _connected(address) as connection:
        ready = connection.scalar(text("SELECT to_regclass('event_logs') IS NOT NULL"))
    return Finding(True, "its tables are there" if ready else "empty; Dagster makes its tables when it starts")


def redis(machine: Machine) -> Finding:
    """Redis answers. Without it everything works, only slower."""
    address = machine.settings.redis_url
    if not address:
        return Finding(False, "no Redis", START)
    client = Redis.from_url(address, socket_timeout=CONNECT_SECONDS, socket_connect_timeout=CONNECT_SECONDS)
    try:
        client.ping()
        information = client.info("server")
    finally:
        client.close()
    assert isinstance(information, dict)
    return Finding(True, f"answers ({information.get('server_name', 'redis')} {information.get('redis_version', '')})")


def vectors(machine: Machine) -> Finding:
    """Qdrant answers, or PostgreSQL offers a pgvector that is new enough."""
    if machine.settings.qdrant_url:
        return _qdrant(machine)
    question = "SELECT COALESCE(installed_version, default_version) FROM pg_available_extensions WHERE name = 'vector'"
    with _connected(database_address(machine.settings.database_url or "")) as connection:
        version = connection.scalar(text(question))
    wanted = ".".join(map(str, LEAST_PGVECTOR))
    if version is None:
        return Finding(False, "PostgreSQL has no pgvector", f"install pgvector {wanted} or newer, or set QDRANT_URL")
    if tuple(int(part) for part in str(version).split(".")[:2]) < LEAST_PGVECTOR:
        return Finding(False, f"pgvector {version}", f"update pgvector to {wanted} or newer")
    return Finding(True, f"pgvector {version}")


def sandbox(machine: Machine) -> Finding:
    """The YouTube sandbox answers; channels stay on it until their file says `publish_to: youtube`."""
    import requests

    address = machine.settings.sandbox_url
    if not address:
        remedy = "run `shorts up` or `shorts sandbox`, or set YOUTUBE_SANDBOX_URL"
        return Finding(False, "no YouTube sandbox", remedy)
    answer = requests.get(f"{address.rstrip('/')}/_sandbox/state", timeout=CONNECT_SECONDS)
    if answer.status_code != 200:
        return Finding(False, f"answers with status {answer.status_code}", "is YOUTUBE_SANDBOX_URL a YouTube sandbox?")
    return Finding(True, "answers")


def _qdrant(machine: Machine) -> Finding:
    from qdrant_client import QdrantClient

    key = machine.settings.qdrant_api_key
    client = QdrantClient(
        url=machine.settings.qdrant_url,
        api_key=key.get_secret_value() if key else None,
        timeout=CONNECT_SECONDS,
        check_compatibility=False,
    )
    try:
        collections = client.get_collections().collections
    finally:
        client.close()
    return Finding(True, f"Qdrant answers, {len(collections)} collections")


@contextmanager
def _connected(address: str) -> Iterator[Connection]:
    engine = create_engine(address, poolclass=NullPool, connect_args={"connect_timeout": CONNECT_SECONDS})
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _place(address: str) -> tuple[str | None, int, str | None]:
    url = make_url(address)
    return url.host, url.port or 5432, url.database


CHECKS: Final = (
    Check("PostgreSQL", postgres, START),
    Check("migrations", migrations, START),
    Check("Dagster's database", dagster_database, "is the server of DAGSTER_DATABASE_URL running?"),
    Check("Redis", redis, "is the server of REDIS_URL running? Without it everything works, only slower"),
    Check("vector store", vectors, "is the server of QDRANT_URL (or DATABASE_URL) running?"),
    Check("YouTube sandbox", sandbox, "is the sandbox of YOUTUBE_SANDBOX_URL running? `shorts sandbox` starts one"),
    Check("clock", clocks, START),
)
