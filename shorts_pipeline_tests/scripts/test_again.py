from datetime import timedelta

import dagster as dg
import pytest

from shorts_pipeline.database import Channel, ChannelStatus, StageAttempt, Topic, TopicStatus
from shorts_pipeline.operations.attempts import FOREVER
from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.scripts.again import channels_to_ask_again
from shorts_pipeline.scripts.sensors import waiting_topics
from shorts_pipeline_tests.rows import a_topic

HOUR = timedelta(hours=1)


@pytest.fixture
def waiting(sessions, channel):
    """Stores an approved topic that waits as these columns say; its id."""

    def made(**columns):
        with sessions.begin() as session:
            topic = a_topic(session, channel, status=TopicStatus.APPROVED)
            session.add(StageAttempt(stage="scripts", target_id=topic.id, attempts=1, **columns))
            return topic.id

    return made


def asked(sessions, clock, partitions=("oneul",)):
    with sessions() as session:
        return [one.slug for one in channels_to_ask_again(session, clock.now(), partitions)]


@pytest.mark.parametrize("column", ["next_attempt_at", "parked_until", "claimed_until"])
def test_a_topic_is_asked_for_again_when_its_wait_is_over(sessions, waiting, clock, column):
    waiting(**{column: clock.now() + HOUR})
    assert asked(sessions, clock) == []
    clock.move(HOUR)
    assert asked(sessions, clock) == ["oneul"]


def test_what_is_given_up_used_or_too_old_is_not_asked_for(sessions, channel, waiting, clock):
    waiting(parked_until=FOREVER)
    used, old = waiting(next_attempt_at=clock.now()), waiting(next_attempt_at=clock.now())
    with sessions.begin() as session:
        session.get_one(Topic, used).status = TopicStatus.USED
        session.get_one(Topic, old).expires_at = clock.now()
    assert asked(sessions, clock) == []
    waiting(next_attempt_at=clock.now())
    assert asked(sessions, clock, partitions=()) == []
    assert asked(sessions, clock) == ["oneul"]
    with sessions.begin() as session:
        session.get_one(Channel, channel.id).status = ChannelStatus.PAUSED
    assert asked(sessions, clock) == []


def test_the_sensor_asks_once_for_each_wait_that_is_over(sessions, waiting, own_database_url, tmp_path):
    clock = ClockResource(file=str(tmp_path / "clock"))
    waiting(parked_until=clock.now() - HOUR)

    def tick():
        with dg.DagsterInstance.ephemeral() as instance:
            instance.add_dynamic_partitions(channels.name, ["oneul"])
            resources = {"postgres": PostgresResource(url=own_database_url), "clock": clock}
            with dg.build_sensor_context(instance=instance, resources=resources) as context:
                return waiting_topics(context).run_requests

    (first,) = tick()
    assert (first.partition_key, tick()[0].run_key) == ("oneul", first.run_key)
    waiting(next_attempt_at=clock.now() - HOUR / 2)
    assert tick()[0].run_key != first.run_key
