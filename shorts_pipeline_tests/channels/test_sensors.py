"""Partition keys follow the table: added, never taken away."""

import dagster as dg
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.sensors import channel_partitions, missing_keys
from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline_tests.rows import a_channel


def test_only_what_is_missing_is_added_and_nothing_is_taken_away():
    assert missing_keys(["b", "a"], ["a", "gone"]) == ["b"]


def test_a_new_channel_gets_its_partition_once(sessions: sessionmaker[Session], own_database_url: str):
    with sessions.begin() as session:
        a_channel(session, slug="new")
        a_channel(session, slug="old")
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(channels.name), ["old", "gone"])
        resources = {"postgres": PostgresResource(url=own_database_url)}
        with dg.build_sensor_context(instance=instance, resources=resources) as context:
            result = channel_partitions(context)
            [request] = result.dynamic_partitions_requests
            assert request.partition_keys == ["new"]
            instance.add_dynamic_partitions(str(channels.name), request.partition_keys)
            assert channel_partitions(context).skip_reason.skip_message == "all 2 channels have their partition"
        assert set(instance.get_dynamic_partitions(str(channels.name))) == {"old", "gone", "new"}


def test_the_sensor_runs_from_the_start():
    assert channel_partitions.default_status is dg.DefaultSensorStatus.RUNNING
