"""The assets of this room, as Dagster runs them."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import FileClock, ManualClock
from shorts_pipeline.database import Performance, PerformanceDay, Upload
from shorts_pipeline.errors import Rejected
from shorts_pipeline.partitions import channels
from shorts_pipeline.performance import assets, checks, schedules
from shorts_pipeline.performance.partition_days import days_by_channel, key_range, keys_of
from shorts_pipeline.performance.planned import DayRange, trailing_ranges
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.media import MediaResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.youtube import YouTubeResource
from shorts_pipeline_tests.performance.channel_history import FIRST, FakeYouTube, a_channel_with_uploads

ASSETS = [assets.performance_snapshots, assets.performance, assets.publishing_times, assets.training_set]
CHECKS = [checks.snapshots_complete, checks.totals_are_the_sum_of_days]
RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


@pytest.fixture
def resources(
    own_database_url: str, redis_url: str, clock: ManualClock, tmp_path: Path
) -> dict[str, dg.ConfigurableResource[Any]]:
    FileClock(tmp_path / "clock").set(clock.now())
    return {
        "postgres": PostgresResource(url=own_database_url),
        "redis": RedisResource(url=redis_url),
        "clock": ClockResource(file=str(tmp_path / "clock")),
        "youtube": YouTubeResource(sandbox_url="http://127.0.0.1:1"),
        "media": MediaResource(root=str(tmp_path / "media")),
    }


@pytest.fixture
def youtubes(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeYouTube]:
    """YouTube by slug, in place of the connection."""
    by_slug: dict[str, FakeYouTube] = {}

    def connector(*_: Any) -> Callable[[str], FakeYouTube]:
        return lambda slug: by_slug[slug]

    monkeypatch.setattr("shorts_pipeline.performance.channel.connector", connector)
    return by_slug


@pytest.fixture
def two_channels(
    sessions: sessionmaker[Session], youtubes: dict[str, FakeYouTube], tmp_path: Path
) -> Iterator[tuple[dg.DagsterInstance, list[str]]]:
    slugs = []
    with sessions.begin() as session:
        for _ in range(2):
            channel, (upload,) = a_channel_with_uploads(session, 1)
            youtubes[channel.slug] = FakeYouTube()
            youtubes[channel.slug].say(FIRST, upload, views=10)
            slugs.append(channel.slug)
    # Disposed of with the test: an instance left to the garbage collector takes its storage along when it likes.
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        instance.add_dynamic_partitions(str(channels.name), slugs)
        yield instance, slugs


def materialized(instance: dg.DagsterInstance, key: str) -> set[str]:
    return set(instance.get_materialized_partitions(dg.AssetKey(key)))


def run_range(
    instance: dg.DagsterInstance, resources: dict[str, Any], first: str, last: str
) -> dg.ExecuteInProcessResult:
    definitions = dg.Definitions(ASSETS, asset_checks=CHECKS, resources=resources)
    job = definitions.resolve_implicit_global_asset_job_def()
    return job.execute_in_process(
        instance=instance,
        asset_selection=[dg.AssetKey("performance_snapshots")],
        tags=dict(zip(RANGE, (first, last), strict=True)),
        raise_on_error=False,
    )


def test_one_run_over_a_range_of_days_marks_every_day(
    sessions: sessionmaker[Session], resources: dict[str, Any], two_channels: Any, youtubes: dict[str, FakeYouTube]
):
    instance, (slug, _) = two_channels
    result = run_range(instance, resources, f"{slug}|2026-02-01", f"{slug}|2026-02-10")
    assert result.success
    assert len(youtubes[slug].calls) == 10
    assert materialized(instance, "performance_snapshots") == {f"{slug}|2026-02-{day:02d}" for day in range(1, 11)}
    with sessions() as session:
        assert session.scalars(select(func.count()).select_from(PerformanceDay)).one() == 10
        assert session.scalars(select(Performance.views)).one() == 10


def test_a_runs_numbers_are_in_its_metadata(
    sessions: sessionmaker[Session], resources: dict[str, Any], two_channels: Any, youtubes: dict[str, FakeYouTube]
):
    instance, (slug, paused) = two_channels
    with sessions.begin() as session:
        session.execute(text("UPDATE channels SET status = 'paused' WHERE slug = :slug"), {"slug": paused})
        upload = session.scalars(select(Upload).where(Upload.youtube_video_id == only_video(youtubes[slug]))).one()
    youtubes[slug].show(FIRST, upload, 40, 0.5)
    result = run_range(instance, resources, f"{slug}|2026-02-01", f"{paused}|2026-02-03")
    marks = [event.step_materialization_data.materialization for event in result.get_asset_materialization_events()]
    assert {mark.partition for mark in marks} == {
        f"{one}|2026-02-0{day}" for one in (slug, paused) for day in (1, 2, 3)
    }
    told = {name: value.value for name, value in marks[0].metadata.items() if not name.startswith("dagster")}
    assert told == {
        "channels": 1,
        "days": 3,
        "calls": 3,
        "videos": 1,
        "asked": 3,
        "reported": 1,
        "missing": 2,
        "reported_share": 0.3333,
        "with_impressions": 1,
        "reach_files": 1,
        "lists_left": 0,
        "skipped": {paused: "the channel is paused"},
        "failed": [],
    }
    assert youtubes[paused].calls == []


def only_video(youtube: FakeYouTube) -> str:
    ((_, video_id),) = youtube.figures
    return video_id


def test_a_failing_channel_marks_only_its_own_days(
    resources: dict[str, Any], two_channels: Any, youtubes: dict[str, FakeYouTube]
):
    instance, (good, bad) = two_channels
    youtubes[bad].fails_on = frozenset({FIRST})
    youtubes[bad].error = Rejected("YouTube answered 400")
    result = run_range(instance, resources, f"{good}|2026-02-01", f"{bad}|2026-02-02")
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert failure.step_failure_data.error is not None
    assert f"{bad}: YouTube answered 400" in failure.step_failure_data.error.message
    assert materialized(instance, "performance_snapshots") == {f"{good}|2026-02-01", f"{good}|2026-02-02"}
    records = instance.fetch_materializations(dg.AssetKey("performance_snapshots"), limit=10, ascending=True).records
    marks = [record.asset_materialization for record in records]
    assert [(mark.partition, mark.metadata["calls"].value, mark.metadata["run"].value) for mark in marks] == [
        (f"{good}|2026-02-01", 2, "in part"),
        (f"{good}|2026-02-02", 2, "in part"),
    ]


def test_totals_hours_and_training_set_run_for_a_channel_and_show_their_pictures(
    resources: dict[str, Any], two_channels: Any
):
    instance, (slug, _) = two_channels
    result = dg.materialize(
        ASSETS[1:],
        instance=instance,
        partition_key=slug,
        resources=resources,
        selection=["performance", "publishing_times", "training_set"],
    )
    assert result.success
    made = [event.step_materialization_data.materialization for event in result.get_asset_materialization_events()]
    shown = {one.asset_key.to_user_string(): one.metadata for one in made}
    assert str(shown["performance"]["views_by_age"].value).startswith("![views by age](data:image/png;base64,")
    assert {"trend_at_equal_age", "newest", "best"} < set(shown["performance"])
    assert "data:image/png" in str(shown["publishing_times"]["week"].value)
    assert shown["publishing_times"]["measured"].value is False
    assert shown["training_set"]["added"].value == 0


def test_a_paused_channel_is_skipped_without_a_picture(
    sessions: sessionmaker[Session], resources: dict[str, Any], two_channels: Any
):
    instance, (slug, _) = two_channels
    with sessions.begin() as session:
        session.execute(text("UPDATE channels SET status = 'paused' WHERE slug = :slug"), {"slug": slug})
    selection = ["performance", "publishing_times", "training_set"]
    result = dg.materialize(ASSETS[1:], instance=instance, partition_key=slug, resources=resources, selection=selection)
    made = [event.step_materialization_data.materialization for event in result.get_asset_materialization_events()]
    assert {tuple(one.metadata) for one in made} == {("skipped",)}


def test_the_checks_name_what_is_wrong(sessions: sessionmaker[Session], resources: dict[str, Any], two_channels: Any):
    instance, (slug, other) = two_channels
    for one in (slug, other):
        assert run_range(instance, resources, f"{one}|2026-02-01", f"{one}|2026-02-27").success
    missing = checks.snapshots_complete(resources["postgres"], resources["clock"])
    assert (missing.passed, missing.metadata["missing_days"].value) == (True, 0)
    with sessions.begin() as session:
        session.execute(text("DELETE FROM performance_days WHERE day = '2026-02-05'"))
    missing = checks.snapshots_complete(resources["postgres"], resources["clock"])
    assert (missing.passed, missing.metadata["missing_days"].value) == (False, 2)
    assert checks.totals_are_the_sum_of_days(resources["postgres"]).passed
    with sessions.begin() as session:
        session.execute(text("UPDATE performances SET views = 7"))
    assert not checks.totals_are_the_sum_of_days(resources["postgres"]).passed


def test_the_schedules_ask_for_active_channels_with_a_partition_only(
    sessions: sessionmaker[Session], resources: dict[str, Any], two_channels: Any
):
    instance, (active, paused) = two_channels
    with sessions.begin() as session:
        a_channel_with_uploads(session, 0)  # has no partition yet
        session.execute(text("UPDATE channels SET status = 'paused' WHERE slug = :slug"), {"slug": paused})
    context = dg.build_schedule_context(instance=instance)
    given = {name: resources[name] for name in ("postgres", "clock")}
    (pull,) = schedules.daily_snapshots(context, **given)
    assert (pull.tags[RANGE[0]], pull.tags[RANGE[1]]) == (f"{active}|2026-02-22", f"{active}|2026-02-28")
    (again,) = schedules.weekly_snapshots(context, **given)
    assert (again.tags[RANGE[0]], again.tags[RANGE[1]]) == (f"{active}|2026-02-01", f"{active}|2026-02-28")
    assert again.run_key != pull.run_key
    for schedule in (schedules.daily_learning, schedules.weekly_audience):
        (run,) = schedule(context, **given)
        assert run.partition_key == active


def test_four_weeks_are_one_run(resources: dict[str, Any], two_channels: Any, youtubes: dict[str, FakeYouTube]):
    instance, (slug, _) = two_channels
    context = dg.build_schedule_context(instance=instance)
    pull = schedules.weekly_snapshots(context, postgres=resources["postgres"], clock=resources["clock"])[0]
    assert run_range(instance, resources, pull.tags[RANGE[0]], pull.tags[RANGE[1]]).success
    assert [day for day, _ in youtubes[slug].calls] == [date(2026, 2, day) for day in range(1, 29)]


def test_an_idle_channels_audience_is_skipped_without_a_connection(
    sessions: sessionmaker[Session], resources: dict[str, Any], two_channels: Any, youtubes: dict[str, FakeYouTube]
):
    instance, (slug, _) = two_channels
    with sessions.begin() as session:
        session.execute(text("UPDATE channels SET status = 'archived'"))
    youtubes.clear()
    chosen = [assets.performance_audience]
    result = dg.materialize(chosen, instance=instance, partition_key=slug, resources=resources)
    (made,) = [event.step_materialization_data.materialization for event in result.get_asset_materialization_events()]
    assert made.metadata["skipped"].value == "the channel is archived"


def test_the_retention_job_tells_what_it_deleted(
    sessions: sessionmaker[Session], resources: dict[str, Any], two_channels: Any
):
    instance, (slug, _) = two_channels
    assert run_range(instance, resources, f"{slug}|2026-02-01", f"{slug}|2026-02-02").success
    with sessions.begin() as session:
        session.execute(text("UPDATE uploads SET removed_at = now()"))
    given = {name: resources[name] for name in ("postgres", "clock")}
    result = schedules.retention.execute_in_process(instance=instance, resources=given)
    (ended,) = [event for event in result.all_events if event.event_type_value == "STEP_OUTPUT"]
    told = {name: value.value for name, value in ended.event_specific_data.metadata.items()}
    assert told == {"removed_videos": 1, "days": 2, "unverified": [], "verify_soon": []}


def test_a_schedules_range_runs(resources: dict[str, Any], two_channels: Any, youtubes: dict[str, FakeYouTube]):
    instance, (slug, _) = two_channels
    context = dg.build_schedule_context(instance=instance)
    asked = schedules.daily_snapshots(context, postgres=resources["postgres"], clock=resources["clock"])
    (pull,) = [one for one in asked if one.tags[RANGE[0]].startswith(f"{slug}|")]
    assert run_range(instance, resources, pull.tags[RANGE[0]], pull.tags[RANGE[1]]).success
    assert [day for day, _ in youtubes[slug].calls] == [date(2026, 2, day) for day in range(22, 29)]


def test_trailing_days_before_the_first_partition_are_left_out(clock: ManualClock):
    assert trailing_ranges(["a"], now=clock.now(), first=date(2026, 2, 27)) == [
        DayRange("snapshots a 2026-02-28", "a|2026-02-27", "a|2026-02-28")
    ]
    assert trailing_ranges(["a"], now=clock.now(), first=date(2026, 3, 5)) == []


def test_keys_are_read_as_channels_and_days():
    keys = ["a|2026-02-01", "a|2026-02-02", "b-2|2026-02-01"]
    assert days_by_channel(keys) == {"a": [FIRST, date(2026, 2, 2)], "b-2": [FIRST]}
    assert keys_of(keys, {"b-2"}) == ["b-2|2026-02-01"]
    assert key_range("a", [date(2026, 2, 3), FIRST]) == ("a|2026-02-01", "a|2026-02-03")


def test_the_backfill_policy_is_thirty_days_a_run():
    assert assets.performance_snapshots.backfill_policy == dg.BackfillPolicy.multi_run(30)
