"""The schedules of this room: pull the trailing days, ask about audiences, then learn. Thin shells over planned.py."""

from datetime import date

import dagster as dg

from shorts_pipeline.partitions import PACIFIC, channels
from shorts_pipeline.performance.days import TRAILING_DAYS, WEEKLY_DAYS, pacific_day
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
    return _pull(context, postgres, clock, TRAILING_DAYS)


@dg.schedule(
    cron_schedule="30 3 * * 1",
    execution_timezone=PACIFIC,
    target=["performance_snapshots"],
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def weekly_snapshots(
    context: dg.ScheduleEvaluationContext, postgres: PostgresResource, clock: ClockResource
) -> list[dg.RunRequest]:
    """One run an active channel: four weeks again, for what is restated later than a week on."""
    return _pull(context, postgres, clock, WEEKLY_DAYS)


def _pull(
    context: dg.ScheduleEvaluationContext, postgres: PostgresResource, clock: ClockResource, count: int
) -> list[dg.RunRequest]:
    from shorts_pipeline.performance.planned import trailing_ranges

    slugs = _active(context, postgres)
    first = date.fromisoformat(settings().first_snapshot_day)
    return [
        dg.RunRequest(run_key=one.run_key, tags={RANGE_START: one.first_key, RANGE_END: one.last_key})
        for one in trailing_ranges(slugs, now=clock.now(), first=first, count=count)
    ]


@dg.schedule(
    cron_schedule="30 6 * * 1",
    execution_timezone=PACIFIC,
    target=["performance_audience"],
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def weekly_audience(
    context: dg.ScheduleEvaluationContext, postgres: PostgresResource, clock: ClockResource
) -> list[dg.RunRequest]:
    """One run an active channel, on the day its week's budget begins."""
    return _one_run_each(context, postgres, clock, "audience")


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
    return _one_run_each(context, postgres, clock, "learning")


def _one_run_each(
    context: dg.ScheduleEvaluationContext, postgres: PostgresResource, clock: ClockResource, name: str
) -> list[dg.RunRequest]:
    today = pacific_day(clock.now())
    return [dg.RunRequest(run_key=f"{name} {slug} {today}", partition_key=slug) for slug in _active(context, postgres)]


def _active(context: dg.ScheduleEvaluationContext, postgres: PostgresResource) -> list[str]:
    from shorts_pipeline.channels.directory import active_slugs

    with postgres.sessions() as session:
        return active_slugs(session, context.instance.get_dynamic_partitions(str(channels.name)))


@dg.op(description="Deletes figures of videos that are gone, and of channels nobody authorises any more.")
def forget_figures(context: dg.OpExecutionContext, postgres: PostgresResource, clock: ClockResource) -> None:
    from shorts_pipeline.performance.retention import forget

    context.add_output_metadata(forget(postgres.sessions, now=clock.now()).as_metadata())


@dg.job(description="Keeps of YouTube's figures what may be kept.", executor_def=dg.in_process_executor)
def retention() -> None:
    forget_figures()


daily_retention = dg.ScheduleDefinition(
    job=retention,
    cron_schedule="0 3 * * *",
    execution_timezone=PACIFIC,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
