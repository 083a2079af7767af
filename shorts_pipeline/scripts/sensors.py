"""The sensor of the scripts room: a thin shell over again.py."""

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource


@dg.sensor(
    name="waiting_topics",
    target=["scripts"],
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for the scripts of channels whose topics have waited long enough: budget, model, back-off.",
)
def waiting_topics(
    context: dg.SensorEvaluationContext, postgres: PostgresResource, clock: ClockResource
) -> dg.SensorResult:
    """One run for a channel each time a wait is over."""
    from shorts_pipeline.scripts.again import channels_to_ask_again

    partitions = context.instance.get_dynamic_partitions(str(channels.name))
    with postgres.sessions() as session:
        asked = channels_to_ask_again(session, clock.now(), partitions)
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=one.run_key, partition_key=one.slug) for one in asked])
