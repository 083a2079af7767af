import dagster as dg
import pytest

from shorts_pipeline.database import TopicStatus
from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.review import assets as review_assets
from shorts_pipeline.review.gates import submit
from shorts_pipeline.review.pending import key
from shorts_pipeline.review.sensors import decided_rows, expiring_reviews
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_topic


@pytest.fixture
def resources(own_database_url, redis_url, tmp_path):
    return {
        "postgres": PostgresResource(url=own_database_url),
        "redis": RedisResource(url=redis_url),
        "clock": ClockResource(file=str(tmp_path / "clock")),
    }


def a_tick(instance, resources, cursor=None):
    given = {name: resources[name] for name in ("postgres", "redis")}
    context = dg.build_sensor_context(instance=instance, cursor=cursor, resources=given)
    return decided_rows(context)


def test_a_tick_shows_approvals_and_asks_for_the_next_step_once(sessions, resources, redis, clock):
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(channels.name, ["news"])
        with sessions.begin() as session:
            channel = a_channel(session, slug="news")
            stranger = a_channel(session, slug="stranger")
            for owner, mode in ((channel, "auto"), (channel, "manual"), (stranger, "auto")):
                submit(session, [about(a_topic(session, owner), owner, mode=mode)], now=clock.now())
        first = a_tick(instance, resources)
        second = a_tick(instance, resources, first.cursor)
    assert [(event.asset_key.to_user_string(), event.partition) for event in first.asset_events] == [
        ("approved_topics", "news")
    ]
    (run,) = first.run_requests
    assert (run.partition_key, run.asset_selection) == ("news", [dg.AssetKey("scripts")])
    assert (second.asset_events, second.run_requests) == ([], [])
    assert redis.scard(key(channel.id)) == 1


def test_a_tick_ends_overdue_reviews(sessions, resources, clock):
    with sessions.begin() as session:
        channel = a_channel(session)
        topic = a_topic(session, channel)
        submit(session, [about(topic, channel, expires_at=clock.now())], now=clock.now())
    context = dg.build_sensor_context(resources=resources)
    assert expiring_reviews(context).skip_message == "1 reviews expired"
    with sessions() as session:
        assert session.get_one(type(topic), topic.id).status is TopicStatus.EXPIRED


def test_the_approved_assets_stand_between_the_stages():
    specs = [spec for spec in vars(review_assets).values() if isinstance(spec, dg.AssetSpec)]
    assert {(spec.key.to_user_string(), next(iter(spec.deps)).asset_key.to_user_string()) for spec in specs} == {
        ("approved_topics", "topics"),
        ("approved_scripts", "scripts"),
        ("approved_videos", "videos"),
        ("approved_uploads", "uploads"),
    }
