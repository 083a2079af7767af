"""`shorts doctor` and `shorts trace` as a person sees them; what they find is tested in operations."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.cli import doctor, main
from shorts_pipeline.operations.doctor import Check, Finding
from shorts_pipeline.settings import settings
from shorts_pipeline_tests.rows import a_channel, a_published_upload

Shorts = Callable[..., tuple[int, str]]


@pytest.fixture
def shorts(
    own_database_url: str,
    redis_url: str,
    sandbox: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Shorts]:
    """Runs `shorts …` on this test's services: exit code and everything it said."""
    variables = {
        "DATABASE_URL": own_database_url,
        "REDIS_URL": redis_url,
        "YOUTUBE_SANDBOX_URL": sandbox.url,
        "SHORTS_HOME": str(tmp_path / "home"),
        "COLUMNS": "300",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()

    def run(*arguments: str) -> tuple[int, str]:
        try:
            main([*arguments])
        except SystemExit as ended:
            said = capsys.readouterr()
            return int(ended.code or 0), said.out + said.err
        raise AssertionError("a command ends with an exit code")

    yield run
    settings.cache_clear()


def test_the_doctor_says_one_line_a_check_and_what_to_do(shorts: Shorts, monkeypatch: pytest.MonkeyPatch):
    checks = (
        Check("good", lambda _: Finding(True, "all [well]", "nothing")),
        Check("bad", lambda _: Finding(False, "it is off", "switch it on")),
    )
    monkeypatch.setattr(doctor, "CHECKS", checks)
    code, said = shorts("doctor")
    assert code == 1
    assert [line.split() for line in said.strip().splitlines()] == [
        ["ok", "good", "all", "[well]"],
        ["not", "bad", "it", "is", "off", "→", "switch", "it", "on"],
    ]


def test_the_doctor_of_a_machine_where_all_is_well_ends_with_0(shorts: Shorts, monkeypatch: pytest.MonkeyPatch):
    wanted = {"PostgreSQL", "migrations", "Redis", "vector store", "YouTube sandbox", "clock", "secrets", "YouTube"}
    chosen = tuple(check for check in doctor.CHECKS if check.name in wanted)
    assert {check.name for check in chosen} == wanted
    monkeypatch.setattr(doctor, "CHECKS", chosen)
    code, said = shorts("doctor")
    assert (code, said.count("ok ")) == (0, len(wanted)), said


def test_the_way_of_a_short_is_drawn_as_a_tree(shorts: Shorts, sessions: sessionmaker[Session]):
    with sessions.begin() as session:
        upload = a_published_upload(session, a_channel(session, slug="oneul-tech"), youtube_video_id="abc-DEF_123")
    code, said = shorts("trace", "abc-DEF_123")
    assert code == 0
    assert said.startswith("channel oneul-tech")
    assert f"── upload {str(upload.id)[:8]}" in said


def test_an_id_that_nobody_has_is_told(shorts: Shorts):
    code, said = shorts("trace", "nobody")
    assert code == 1
    assert "no video, upload, script or topic nobody" in said
