"""The real daemon, on the real services: nobody materializes anything, and topics come."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.apply import apply
from shorts_pipeline.channels.reading import read_channel_files
from shorts_pipeline.cli.services import environment, opened
from shorts_pipeline.database import JobLog, JobStatus, Topic
from shorts_pipeline.embedded.dagster_servers import DagsterServers
from shorts_pipeline.embedded.home import PROJECT, Home
from shorts_pipeline.settings import settings

EXAMPLE = PROJECT / "channels" / "byte-sized-news.yaml"
PATIENCE_SECONDS = 240


@pytest.fixture
def home(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    home = Home(open_folder / "daemon-home")
    monkeypatch.setenv("SHORTS_HOME", str(home.path))
    settings.cache_clear()
    home.prepare()
    yield home
    settings.cache_clear()


@pytest.mark.timeout(400)
def test_a_due_source_makes_the_sensor_launch_a_run_that_ends_in_new_topics(home: Home) -> None:
    with opened(sandbox=True, feeds=True, migrate=True) as connections:
        with connections.sessions.begin() as session:
            apply(session, read_channel_files([EXAMPLE]))
        variables = connections.services.dagster_environment()
        with environment(variables):
            servers = DagsterServers(home, variables, port=_free_port())
            try:
                servers.start_code()
                servers.start()
                titles = _wait_for_topics(connections.sessions)
            finally:
                servers.stop()
        with connections.sessions() as session:
            ended = set(session.scalars(select(JobLog.status).where(JobLog.completed_at.is_not(None))))
    assert len(titles) >= 3
    assert ended == {JobStatus.COMPLETED}


def _wait_for_topics(sessions: sessionmaker[Session]) -> list[str]:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with sessions() as session:
            if titles := list(session.scalars(select(Topic.title_normalized))):
                return titles
        time.sleep(0.5)
    raise AssertionError(f"no topic came within {PATIENCE_SECONDS} seconds")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
