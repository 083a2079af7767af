"""Dagster's partition keys follow the `channels` table. The channel's file is applied elsewhere (apply.py)."""

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.postgres import PostgresResource


def missing_keys(wanted: list[str], present: list[str]) -> list[str]:
    """Keys to add. A key without a channel stays: a run in flight would lose its finished work."""
    return sorted(set(wanted) - set(present))


@dg.sensor(
    name="channel_partitions",
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Adds a partition for every channel that has none yet; never takes one away.",
)
def channel_partitions(context: dg.SensorEvaluationContext, postgres: PostgresResource) -> dg.SensorResult:
    """Ask for the partition keys that the table has and Dagster has not."""
    from shorts_pipeline.channels.directory import partition_keys

    with postgres.sessions() as session:
        wanted = partition_keys(session)
    missing = missing_keys(wanted, list(context.instance.get_dynamic_partitions(str(channels.name))))
    if not missing:
        return dg.SensorResult(skip_reason=f"all {len(wanted)} channels have their partition")
    return dg.SensorResult(dynamic_partitions_requests=[channels.build_add_request(missing)])
