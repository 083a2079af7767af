"""The schedule of this room: every channel's series, once a day after the figures are in."""

import dagster as dg

from shorts_pipeline.partitions import PACIFIC, channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource


@dg.schedule(
    cron_schedule="30 6 * * *",
    execution_timezone=PACIFIC,
    target=["series"],
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_series(
    context: dg.ScheduleEvaluationContext, postgres: PostgresResource, clock: ClockResource
) -> list[dg.RunRequest]:
    """One run an active channel that has a partition."""
    from shorts_pipeline.channels.directory import active_slugs

    with postgres.sessions() as session:
        slugs = active_slugs(session, context.instance.get_dynamic_partitions(str(channels.name)))
    day = clock.now().date()
    return [dg.RunRequest(run_key=f"series {slug} {day}", partition_key=slug) for slug in slugs]
