"""Sensor of the uploads room: a thin shell over due.py."""

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource


@dg.sensor(target=["uploads"], minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def uploads_due(
    context: dg.SensorEvaluationContext, postgres: PostgresResource, clock: ClockResource
) -> dg.SensorResult:
    """Channels with videos to plan, uploads to send, or uploads that YouTube is to be asked about.

    It starts RUNNING: asking for a run sends nothing by itself. A channel stays on the sandbox until its file says
    `publish_to: youtube`, and each upload waits for its gate.
    """
    from shorts_pipeline.uploads.due import plan, read_work

    with postgres.sessions() as session:
        work = read_work(session, clock.now())
    runs = plan(work, clock.now(), context.instance.get_dynamic_partitions(str(channels.name)))
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=run.run_key, partition_key=run.channel) for run in runs])
