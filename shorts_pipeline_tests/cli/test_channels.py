"""`shorts channels …` on the real database."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.cli import main
from shorts_pipeline.database import Channel, ChannelStatus
from shorts_pipeline.settings import settings
from shorts_pipeline_tests.channels.files import EXAMPLES, SHORTEST, written

Shorts = Callable[..., tuple[int, str]]


@pytest.fixture
def shorts(
    own_database_url: str,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Shorts]:
    """Runs `shorts channels …` on this test's database: exit code and everything it said."""
    variables = {
        "DATABASE_URL": own_database_url,
        "REDIS_URL": redis_url,
        "SHORTS_HOME": str(tmp_path / "home"),
        "COLUMNS": "200",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    dagster = tmp_path / "dagster"
    dagster.mkdir()
    (dagster / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    monkeypatch.setattr("shorts_pipeline.cli.channels.dagster_home", lambda: str(dagster))
    settings.cache_clear()

    def run(*arguments: object) -> tuple[int, str]:
        try:
            main(["channels", *map(str, arguments)])
        except SystemExit as ended:
            said = capsys.readouterr()
            return int(ended.code or 0), said.out + said.err
        raise AssertionError("a command ends with an exit code")

    yield run
    settings.cache_clear()


def partitions(tmp_path: Path) -> list[str]:
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as instance:
        return sorted(instance.get_dynamic_partitions("channels"))


def test_apply_says_what_it_did_and_dagster_knows_the_channels(shorts: Shorts, tmp_path: Path):
    code, said = shorts("apply", *EXAMPLES)
    assert code == 0
    assert "created   channel oneul-tech" in said
    assert "new in Dagster: byte-sized-news, oneul-tech" in said
    assert partitions(tmp_path) == ["byte-sized-news", "oneul-tech"]
    code, said = shorts("apply", *EXAMPLES)
    assert (code, said.strip()) == (0, "22 unchanged")


def test_diff_shows_and_changes_nothing(shorts: Shorts, sessions: sessionmaker[Session]):
    code, said = shorts("diff", *EXAMPLES)
    assert code == 0
    assert "22 created" in said
    with sessions() as session:
        assert session.scalars(select(Channel)).all() == []


def test_a_bad_file_ends_with_file_line_and_field(shorts: Shorts, tmp_path: Path, sessions: sessionmaker[Session]):
    path = written(tmp_path, SHORTEST + "content_config: {target_seconds: 181}\n")
    code, said = shorts("apply", path, *EXAMPLES)
    assert code == 1
    assert f"{path}:7: content_config.target_seconds: must be less than or equal to 180" in said
    with sessions() as session:
        assert session.scalars(select(Channel)).all() == []


def test_channels_are_listed_paused_resumed_and_archived(
    shorts: Shorts, sessions: sessionmaker[Session], tmp_path: Path
):
    assert "No channels yet" in shorts("list")[1]
    shorts("apply", *EXAMPLES)
    assert "오늘의 테크 한입" in shorts("list")[1]
    for command, status in (("pause", "paused"), ("resume", "active"), ("archive", "archived")):
        assert shorts(command, "oneul-tech") == (0, f"oneul-tech is {status}\n")
        with sessions() as session:
            query = select(Channel.status).where(Channel.slug == "oneul-tech")
            assert session.scalar(query) == ChannelStatus(status)
    assert shorts("archive", "oneul-tech") == (0, "oneul-tech is archived already\n")
    assert partitions(tmp_path) == ["byte-sized-news", "oneul-tech"]


def test_an_unknown_channel_is_told(shorts: Shorts):
    code, said = shorts("pause", "nobody")
    assert code == 1
    assert "no channel nobody" in said


def test_the_schema_is_printed(shorts: Shorts):
    code, said = shorts("schema")
    assert code == 0
    assert json.loads(said)["title"] == "Channel file"
