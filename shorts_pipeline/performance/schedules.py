"""The daily schedules of this room: pull the trailing week, then learn from it. Thin shells over planned.py."""

from datetime import date

import dagster as dg

from shorts_pipeline.partitions import PACIFIC, channels
from shorts_pipeline.performance.days import pacific_day
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.settings import settings

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


@dg.schedule(
    cron_schedule="30 4 * * *",
    execution_timezone=PACIFIC,
    target=["performance_snapshots"],
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_snapshots(
    context: dg.ScheduleEvaluationContext, postgres: PostgresResource, clock: ClockResource
) -> list[dg.RunRequest]:
    """One run an active channel: the seven days that YouTube may have restated since yesterday."""
    from shorts_pipeline.performance.planned import active_channels, trailing_ranges

    with postgres.sessions() as session:
        slugs = active_channels(session, context.instance.get_dynamic_partitions(str(channels.name)))
    first = date.fromisoformat(settings().first_snapshot_day)
    return [
        dg.RunRequest(run_key=one.run_key, tags={RANGE_START: one.first_key, RANGE_END: one.last_key})
        for one in trailing_ranges(slugs, now=clock.now(), first=first)
    ]


@dg.schedule(
    cron_schedule="30 5 * * *",
    execution_timezone=PACIFIC,
    target=["performance", "publishing_times", "training_set"],
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_learning(
    context: dg.ScheduleEvaluationContext, postgres: PostgresResource, clock: ClockResource
) -> list[dg.RunRequest]:
    """One run an active channel: totals, hours and training set from the days pulled before."""
    from shorts_pipeline.performance.planned import active_channels

    with postgres.sessions() as session:
        slugs = active_channels(session, context.instance.get_dynamic_partitions(str(channels.name)))
    today = pacific_day(clock.now())
    return [dg.RunRequest(run_key=f"learning {slug} {today}", partition_key=slug) for slug in slugs]
