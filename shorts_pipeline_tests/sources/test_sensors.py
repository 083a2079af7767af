"""The shells: what Dagster is asked for, with a true instance and a true database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import dagster as dg
import pytest
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import FileClock, ManualClock
from shorts_pipeline.database import (
    ChannelSource,
    ChannelStatus,
    ItemJudgement,
    JudgementOutcome,
    SourceItem,
    SourceState,
    SourceType,
)
from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.fetch import FetchResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.sources.assets import source_items
from shorts_pipeline.sources.rows import WaitingChannel, waiting_channels
from shorts_pipeline.sources.sensors import sources_due, waiting_items
from shorts_pipeline.sources.waiting import LATELY, MOST_RUNS, Cursor, TopicsRequest, requests
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.rows import a_channel, a_source
from shorts_pipeline_tests.sources.web import Web, rss, story

Sessions = sessionmaker[Session]


@dg.asset(partitions_def=channels, deps=["source_items"])
def topics() -> None:
    """Stands for the topics room."""


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def definitions(own_database_url: str, tmp_path: Path, clock: ManualClock, web: Web) -> dg.Definitions:
    file = tmp_path / "clock"
    FileClock(file).set(clock.now())
    return dg.Definitions(
        assets=[source_items, topics],
        sensors=[sources_due, waiting_items],
        resources={
            "postgres": PostgresResource(url=own_database_url),
            "clock": ClockResource(file=str(file)),
            "fetch": FetchResource(mirror_url=web.url),
            "redis": RedisResource(url=""),
        },
    )


def tick(sensor: dg.SensorDefinition, definitions: dg.Definitions, instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    resources = dict(definitions.resources or {})
    with dg.build_sensor_context(instance=instance, resources=resources) as context:
        result = sensor(context)
    assert isinstance(result, dg.SensorResult)
    return list(result.run_requests or [])


def only(request: dg.RunRequest) -> list[UUID]:
    return [UUID(id_) for id_ in request.run_config["ops"]["source_items"]["config"]["only"]]


def test_due_sources_are_asked_for_read_and_then_rest(
    sessions: Sessions, definitions: dg.Definitions, instance: dg.DagsterInstance, web: Web
) -> None:
    with sessions.begin() as session:
        channel = a_channel(session, slug="one")
        url = {"url": "https://a.example/feed.xml"}
        source = a_source(session, channel, connection_config=url).id
        a_source(session, a_channel(session, status=ChannelStatus.PAUSED))
        bad = a_source(session, channel, cron_expression="whenever").id
    web.says("/a.example/feed.xml", rss(story(1)))
    (request,) = tick(sources_due, definitions, instance)
    assert only(request) == [source]
    assert [again.run_key for again in tick(sources_due, definitions, instance)] == [request.run_key]
    with sessions() as session:
        assert "whenever" in (session.get_one(SourceState, bad).last_error or "")

    job = definitions.resolve_implicit_global_asset_job_def()
    done = job.execute_in_process(
        instance=instance,
        asset_selection=[dg.AssetKey("source_items")],
        run_config=request.run_config,
        tags=request.tags,
    )
    materialized = done.asset_materializations_for_node("source_items")[0]
    assert materialized.metadata["items_new"].value == 1
    assert tick(sources_due, definitions, instance) == []


def test_sources_that_a_run_on_its_way_will_read_are_not_asked_for_again(
    sessions: Sessions, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    with sessions.begin() as session:
        a_source(session, a_channel(session))
    (request,) = tick(sources_due, definitions, instance)
    run = _queued(definitions, instance, "source_items", tags=request.tags, run_config=request.run_config)
    assert tick(sources_due, definitions, instance) == []
    instance.report_run_failed(run)
    (again,) = tick(sources_due, definitions, instance)
    assert only(again) == only(request)
    assert again.run_key != request.run_key


def test_a_channel_with_unjudged_items_gets_its_topics_asked_for(
    sessions: Sessions, definitions: dg.Definitions, instance: dg.DagsterInstance, clock: ManualClock
) -> None:
    with sessions.begin() as session:
        for slug in ("one", "unknown"):
            source = a_source(session, a_channel(session, slug=slug))
            session.add(SourceItem(source_id=source.id, item_key="1", title="t", fetched_at=clock.now()))
    instance.add_dynamic_partitions("channels", ["one"])
    (request,) = tick(waiting_items, definitions, instance)
    assert request.partition_key == "one"
    _queued(definitions, instance, "topics", tags={"dagster/partition": "one"})
    assert tick(waiting_items, definitions, instance) == []


def test_what_a_channel_has_judged_does_not_wait_and_another_channels_judgement_is_not_its_own(
    sessions: Sessions, clock: ManualClock
) -> None:
    with sessions.begin() as session:
        one, two = a_channel(session, slug="one"), a_channel(session, slug="two")
        source, trend = a_source(session, one), a_source(session, one, type=SourceType.TREND)
        session.add(ChannelSource(channel_id=two.id, source_id=source.id))
        item = SourceItem(source_id=source.id, item_key="1", title="t", fetched_at=clock.now())
        session.add_all([item, SourceItem(source_id=trend.id, item_key="1", title="t", fetched_at=clock.now())])
        session.flush()
        judged = {"outcome": JudgementOutcome.FILTERED, "judged_at": clock.now()}
        session.add(ItemJudgement(channel_id=one.id, source_item_id=item.id, **judged))
    with sessions() as session:
        assert waiting_channels(session) == [WaitingChannel("two", 1, clock.now())]


def test_waiting_items_are_asked_for_again_when_they_change_and_every_hour(clock: ManualClock) -> None:
    def key(items: int, hours: int = 0) -> str:
        waiting = WaitingChannel("one", items, clock.now())
        return requests([waiting], clock.now() + timedelta(hours=hours), partitions={"one"}, in_flight=())[0].key

    assert key(1) == key(1)
    assert len({key(1), key(2), key(1, hours=1)}) == 3


def test_channels_are_asked_for_in_turn_and_no_more_of_them_than_a_tick_may() -> None:
    now = NINE_IN_SEOUL
    waiting = [WaitingChannel(slug, 1, now) for slug in "abcde"]
    asked = requests(waiting, now, partitions=set("abcde"), in_flight={"d"}, after="b", most=3)
    assert [one.slug for one in asked] == ["c", "e", "a"]
    assert requests(waiting, now, partitions=set("abcde"), in_flight={"d"}, after="a", most=3)[0].slug == "b"


def test_a_tick_looks_at_what_came_lately_and_every_hour_at_everything() -> None:
    now = NINE_IN_SEOUL
    start = Cursor.read(None)
    assert start.since(now) is None
    seen = Cursor.read(start.moved([TopicsRequest("one", "key")], now).written())
    assert seen == Cursor("one", now)
    assert seen.since(now + timedelta(minutes=59)) == now + timedelta(minutes=59) - LATELY
    assert seen.since(now + timedelta(hours=1)) is None
    assert seen.since(now - timedelta(days=1)) is None
    full = [TopicsRequest(f"{number}", "key") for number in range(MOST_RUNS)]
    assert start.moved(full, now).since(now) is None
    assert Cursor.read("of an earlier version") == Cursor()


def test_an_item_that_has_waited_for_days_is_seen_by_the_look_at_everything(
    sessions: Sessions, clock: ManualClock
) -> None:
    with sessions.begin() as session:
        source = a_source(session, a_channel(session, slug="one"))
        days_ago = clock.now() - timedelta(days=3)
        session.add(SourceItem(source_id=source.id, item_key="1", title="t", fetched_at=days_ago))
    with sessions() as session:
        assert waiting_channels(session, since=clock.now() - LATELY) == []
        assert waiting_channels(session) == [WaitingChannel("one", 1, days_ago)]


def test_both_sensors_run_from_the_start() -> None:
    assert {sensor.default_status for sensor in (sources_due, waiting_items)} == {dg.DefaultSensorStatus.RUNNING}


def _queued(definitions: dg.Definitions, instance: dg.DagsterInstance, asset: str, **over: object) -> dg.DagsterRun:
    job = definitions.resolve_implicit_global_asset_job_def()
    selection = frozenset({dg.AssetKey(asset)})
    run = instance.create_run_for_job(job, asset_selection=selection, **over)  # type: ignore[arg-type]
    return instance.get_run_by_id(run.run_id) or run
