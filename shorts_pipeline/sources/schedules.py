"""Forgetting old items, once a night."""

import dagster as dg

from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource


@dg.op(description="Removes source items that are older than any channel keeps them.")
def prune_source_items(context: dg.OpExecutionContext, postgres: PostgresResource, clock: ClockResource) -> None:
    from shorts_pipeline.sources.retention import prune_items

    with postgres.sessions.begin() as session:
        gone = prune_items(session, now=clock.now())
    context.add_output_metadata({"source_items": gone})


@dg.job(description="Keeps the items of the sources from growing without end.", executor_def=dg.in_process_executor)
def source_item_pruning() -> None:
    prune_source_items()


nightly_source_item_pruning = dg.ScheduleDefinition(
    job=source_item_pruning,
    cron_schedule="0 4 * * *",
    execution_timezone="Asia/Seoul",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
