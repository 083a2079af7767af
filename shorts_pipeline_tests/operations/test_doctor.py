"""The doctor: each check tells the truth, and what to do; the servers are real, a failure is made where it must be."""

import threading
from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shorts_pipeline.clock import Clock, FileClock, ManualClock, SystemClock
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.operations.doctor import Check, Finding, Machine, connections, examine, harmless, machine
from shorts_pipeline.settings import Settings

DOWN = "127.0.0.1:1"
Disk = namedtuple("Disk", "total used free")


def a_machine(clock: Clock | None = None, **settings: Any) -> Machine:
    return Machine(Settings(**settings), clock or SystemClock())


def findings(checks: tuple[Check, ...], machine: Machine, limit: float = 60) -> dict[str, Finding]:
    return {check.name: finding for check, finding in examine(checks, machine, limit=limit)}


def fine(_: Machine) -> Finding:
    return Finding(True, "fine")


def test_a_check_that_fails_is_a_finding_and_the_others_go_on():
    def broken(_: Machine) -> Finding:
        raise OSError("no such thing")

    found = findings((Check("a", broken, "buy one"), Check("b", fine)), a_machine())
    assert found == {"a": Finding(False, "OSError: no such thing", "buy one"), "b": Finding(True, "fine")}


def test_a_check_that_hangs_is_a_finding_and_the_others_go_on():
    ended = threading.Event()

    def hangs(_: Machine) -> Finding:
        ended.wait(5)
        return Finding(True, "late")

    found = findings((Check("a", hangs, "wait"), Check("b", fine)), a_machine(), limit=0.05)
    ended.set()
    assert found == {"a": Finding(False, "no answer within 0.05 s", "wait"), "b": Finding(True, "fine")}


def test_an_error_that_says_itself_what_to_do_is_not_given_another_remedy():
    def broken(_: Machine) -> Finding:
        raise ConfigurationError("set X")

    assert findings((Check("a", broken, "buy one"),), a_machine()) == {"a": Finding(False, "set X", "")}


@pytest.mark.parametrize(
    "text",
    [
        "cannot reach postgresql://u:hunter2@h/db",
        "cannot reach redis://:hunter2@h/0",
        "bad dsn host=h password=hunter2",
    ],
)
def test_a_password_in_an_error_is_not_shown(text: str):
    assert "hunter2" not in harmless(ValueError(text))


def test_every_connection_of_a_whole_machine_is_fine(
    own_database_url: str, make_database: Callable[..., str], redis_url: str, sandbox: Any
):
    whole = a_machine(
        DATABASE_URL=own_database_url,
        DAGSTER_DATABASE_URL=make_database(empty=True).replace("+psycopg:", "+psycopg2:"),
        REDIS_URL=redis_url,
        YOUTUBE_SANDBOX_URL=sandbox.url,
    )
    found = findings(connections.CHECKS, whole)
    assert [name for name, finding in found.items() if not finding.ok] == [], found


def test_every_connection_of_an_empty_machine_says_what_to_do():
    found = findings(connections.CHECKS, a_machine())
    assert all(not finding.ok for finding in found.values())
    assert all(finding.remedy or "DATABASE_URL" in finding.message for finding in found.values()), found


def test_every_connection_that_is_down_says_what_to_do():
    down = a_machine(
        DATABASE_URL=f"postgresql+psycopg://u:hunter2@{DOWN}/shorts",
        DAGSTER_DATABASE_URL=f"postgresql+psycopg2://u:hunter2@{DOWN}/dagster",
        REDIS_URL=f"redis://:hunter2@{DOWN}/0",
        QDRANT_URL=f"http://{DOWN}",
        YOUTUBE_SANDBOX_URL=f"http://{DOWN}",
    )
    found = findings(connections.CHECKS, down)
    assert all(not finding.ok and finding.remedy for finding in found.values()), found
    assert "hunter2" not in str(found)


def test_tables_that_are_behind_are_told(make_database: Callable[..., str]):
    found = connections.migrations(a_machine(DATABASE_URL=make_database(empty=True)))
    assert (found.ok, found.remedy) == (False, "run `shorts migrate`")
    assert "at nothing" in found.message


def test_dagster_in_the_applications_database_is_told(own_database_url: str):
    same = a_machine(
        DATABASE_URL=own_database_url, DAGSTER_DATABASE_URL=own_database_url.replace("+psycopg:", "+psycopg2:")
    )
    found = connections.dagster_database(same)
    assert not found.ok
    assert "CREATE DATABASE" in found.remedy


def test_a_clock_that_was_moved_on_purpose_is_said_and_is_no_fault(own_database_url: str, tmp_path: Path):
    clock = FileClock(tmp_path / "clock")
    clock.set(SystemClock().now() + timedelta(days=35))
    found = connections.clocks(a_machine(clock, DATABASE_URL=own_database_url, SHORTS_HOME=tmp_path))
    assert found.ok
    assert found.message.startswith("moved on purpose to")


def test_a_machine_whose_clock_differs_from_the_databases_is_told(
    own_database_url: str, monkeypatch: pytest.MonkeyPatch
):
    late = ManualClock(SystemClock().now() - timedelta(minutes=5))
    monkeypatch.setattr(connections, "SystemClock", lambda: late)
    found = connections.clocks(a_machine(late, DATABASE_URL=own_database_url))
    assert not found.ok
    assert "NTP" in found.remedy


def test_what_is_installed_here_is_enough_to_make_a_short(tmp_path: Path):
    found = findings(machine.CHECKS, a_machine(SHORTS_HOME=tmp_path))
    assert [name for name, finding in found.items() if not finding.ok and name != "disk"] == [], found


def test_an_ffmpeg_without_subtitles_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho ' V....D libx264              H.264'\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("shorts_pipeline.resources.media.ffmpeg_path", lambda: program)
    found = machine.ffmpeg(a_machine())
    assert not found.ok
    assert found.message == "without aac, ass, loudnorm, sidechaincompress, xfade, zoompan"


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: Disk(100, 99, 1_000_000))
    found = machine.disk(a_machine(SHORTS_HOME=tmp_path / "not" / "yet"))
    assert not found.ok
    assert "MEDIA_ROOT" in found.remedy
