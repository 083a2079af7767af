"""`shorts up` as a process: started, told to stop, killed, started again."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from shorts_pipeline.embedded import keeper, process
from shorts_pipeline.embedded.home import PROJECT, Home
from shorts_pipeline.embedded.leftovers import leftovers

LOCATION = "shorts_pipeline_tests.embedded.slow_definitions"
LAUNCH = """
mutation Launch($job: ExecutionParams!) { launchRun(executionParams: $job) { __typename } }
"""
RUNS = "{ runsOrError { ... on Runs { results { status } } } }"


class Up:
    """One `shorts up`."""

    def __init__(self, home: Home, port: int) -> None:
        self.home, self.port = home, port
        self.output = home.path.parent / f"output-{process.free_port()}"
        variables = {"SHORTS_HOME": str(home.path), "SLOW_ASSET_FOLDER": str(home.path.parent), "COLUMNS": "200"}
        with self.output.open("wb") as output:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "shorts_pipeline_tests.cli.up_with_slow_asset", "up", "--port", str(port)],
                env={**os.environ, **variables},
                cwd=PROJECT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def ready(self) -> "Up":
        assert process.wait_until(lambda: "Ctrl-C" in self.said() or self.child.poll() is not None, 60)
        assert self.child.poll() is None, self.said()
        return self

    def said(self) -> str:
        return self.output.read_text()

    def ask(self, query: str, **variables: object) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql", data=body, headers={"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)["data"]

    def family(self) -> list[psutil.Process]:
        """Everything that lives because of it, the services and their keeper too."""
        own = [psutil.Process(self.child.pid), *psutil.Process(self.child.pid).children(recursive=True)]
        kept = self.home.running().keeper
        assert kept is not None
        return list({*own, *psutil.Process(kept.pid).children(recursive=True), *leftovers(self.home)})


@pytest.fixture
def start(home_folder: Path) -> Iterator[Callable[..., Up]]:
    """Starts `shorts up`s in one home."""
    started: list[Up] = []

    def begin(port: int | None = None) -> Up:
        started.append(Up(Home(home_folder), port or process.free_port()))
        return started[-1]

    yield begin
    for one in started:
        if one.child.poll() is None:
            one.child.terminate()
        one.child.wait(30)


def _nothing_left(family: list[psutil.Process], seconds: float = 20) -> bool:
    return all(process.gone(one, seconds) for one in family)


def _listening(member: psutil.Process) -> set[str]:
    try:
        connections = member.net_connections("inet")
    except psutil.NoSuchProcess:  # a short-lived one has ended meanwhile
        return set()
    return {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN}


def test_ctrl_c_stops_everything_and_a_second_one_is_told_where_the_first_runs(start):
    first = start().ready()
    family = first.family()
    second = start()
    assert second.child.wait(20) == 1
    assert f"http://127.0.0.1:{first.port}" in second.said()
    assert "Traceback" not in second.said()

    assert {address for member in family for address in _listening(member)} == {"127.0.0.1"}
    password = (first.home.postgres / "password").read_text()
    assert password not in first.said()
    assert not [log for log in (first.home.path / "logs").iterdir() if password in log.read_text()]

    first.child.send_signal(signal.SIGINT)
    assert first.child.wait(25) == 0
    assert _nothing_left(family, 3)


def test_killed_it_leaves_nothing_and_the_next_one_goes_on_from_there(start, home_folder):
    killed = start().ready()
    selector = {"repositoryLocationName": LOCATION, "repositoryName": "__repository__", "jobName": "slow_job"}
    killed.ask(LAUNCH, job={"selector": selector, "runConfigData": {}})
    began = home_folder.parent / "began"
    assert process.wait_until(began.exists, 40)
    with keeper.postgres(killed.home).connect("shorts") as connection:
        connection.execute("CREATE TABLE remembered (word text)")
    family = [*killed.family(), psutil.Process(int(began.read_text()))]

    killed.child.kill()
    killed.child.wait()
    assert _nothing_left(family)

    following = start().ready()

    def statuses() -> list[str]:
        return sorted(run["status"] for run in following.ask(RUNS)["runsOrError"]["results"])

    assert process.wait_until(lambda: statuses() == ["FAILURE", "SUCCESS"], 40, every=0.5), statuses()
    with keeper.postgres(following.home).connect("shorts") as connection:
        connection.execute("SELECT * FROM remembered")


def test_a_taken_port_is_told_before_anything_is_started(start, home_folder):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = start(port=other.getsockname()[1])
        assert refused.child.wait(20) == 1
    assert "--port" in refused.said()
    assert not (home_folder / "postgres").exists()
