"""Backfills through Dagster's own machinery: how many runs, how many calls, and whose partitions are marked."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import FileClock, ManualClock
from shorts_pipeline.database import Channel, ChannelStatus, Performance, PerformanceDay
from shorts_pipeline_tests.performance.conftest import OnAir
from shorts_pipeline_tests.rows import a_channel, a_published_upload

NEW_YEARS_EVE = datetime(2024, 12, 31, 12, tzinfo=UTC)
FIRST = date(2025, 1, 1)
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def clock() -> ManualClock:
    """Before the year that is pulled; partitions end with the machine's own day, and it has been everywhere."""
    return ManualClock(NEW_YEARS_EVE)


@pytest.fixture
def backfill(tmp_path: Path, own_database_url: str, clock: ManualClock) -> Callable[..., dict[str, Any]]:
    """Runs a backfill of these channels in a process of its own, as of the test's clock."""

    def run(air: OnAir, first: date, last: date, *slugs: str) -> dict[str, Any]:
        FileClock(tmp_path / "home" / "clock").set(clock.now())
        (tmp_path / "dagster").mkdir()
        variables = {
            "DATABASE_URL": own_database_url,
            "YOUTUBE_SANDBOX_URL": air.sandbox.url,
            "SHORTS_HOME": str(tmp_path / "home"),
            "FIRST_SNAPSHOT_DAY": FIRST.isoformat(),
            "DAGSTER_DISABLE_TELEMETRY": "yes",
            "PYTHONPATH": str(PROJECT),
            "PYTHONWARNINGS": "ignore",
        }
        module = "shorts_pipeline_tests.performance.backfilling"
        told = tmp_path / "result.json"
        asked = [str(told), str(tmp_path / "dagster"), first.isoformat(), last.isoformat(), *slugs]
        done = subprocess.run(
            [sys.executable, "-m", module, *asked],
            cwd=tmp_path,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=280,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        result: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        return result

    return run


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("days", "runs"),
    [pytest.param(61, 3, id="two months"), pytest.param(365, 13, id="a year", marks=pytest.mark.soak)],
)
def test_a_backfill_of_a_channel_is_a_run_for_thirty_days_and_a_call_for_each(
    on_air: Callable[..., OnAir],
    backfill: Callable[..., dict[str, Any]],
    clock: ManualClock,
    sessions: sessionmaker[Session],
    days: int,
    runs: int,
):
    air = on_air(1)
    clock.move(timedelta(days=400))
    done = backfill(air, FIRST, FIRST + timedelta(days=days - 1), "on-air")
    assert done["status"] == "COMPLETED_SUCCESS"
    assert len(done["materialized"]) == days
    assert [status for status, *_ in done["runs"]] == ["SUCCESS"] * runs
    assert done["runs"][0][1:] == ["on-air|2025-01-01", "on-air|2025-01-30"]
    assert air.calls("reports.query") == days
    with sessions() as session:
        assert session.scalars(select(func.count()).select_from(PerformanceDay)).one() == days
        views = session.scalars(select(func.sum(PerformanceDay.views))).one()
        assert session.scalars(select(Performance.views)).one() == views > 0


def test_in_a_backfill_of_several_channels_a_failing_one_marks_only_its_own_days(
    on_air: Callable[..., OnAir],
    backfill: Callable[..., dict[str, Any]],
    clock: ManualClock,
    sessions: sessionmaker[Session],
):
    air = on_air(1)
    with sessions.begin() as session:
        for slug in ("broken", "paused"):
            a_published_upload(session, a_channel(session, slug=slug), uploaded_at=NEW_YEARS_EVE)
        session.execute(update(Channel).where(Channel.slug == "paused").values(status=ChannelStatus.PAUSED))
    clock.move(timedelta(days=30))
    air.sandbox.order(match={"path": "/v2/reports", "credential": "broken", "times": 0}, do={"status": 400})
    done = backfill(air, FIRST, date(2025, 1, 6), "on-air", "broken", "paused")
    days = [f"2025-01-{day:02d}" for day in range(1, 7)]
    assert done["runs"] == [
        ["FAILURE", "broken|2025-01-01", "broken|2025-01-06"],
        ["SUCCESS", "on-air|2025-01-01", "on-air|2025-01-06"],
        ["SUCCESS", "paused|2025-01-01", "paused|2025-01-06"],
    ]
    good = sorted(f"{slug}|{day}" for slug in ("on-air", "paused") for day in days)
    assert done["materialized"] == good
    assert done["failed"] == sorted(f"broken|{day}" for day in days)
    assert done["status"] == "COMPLETED_FAILED"
    assert air.calls("reports.query") == 6
    with sessions() as session:
        assert session.scalars(select(func.count()).select_from(PerformanceDay)).one() == 6
