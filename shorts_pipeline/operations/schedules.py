"""Pruning, once a night."""

import dagster as dg

from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.settings import settings


@dg.op(description="Removes old job logs, and Dagster's own logs of old steps.")
def prune_logs(context: dg.OpExecutionContext, postgres: PostgresResource, clock: ClockResource) -> None:
    from sqlalchemy import create_engine

    from shorts_pipeline.operations.pruning import prune

    url = settings().dagster_database_url
    engine = create_engine(url) if url else None
    context.add_output_metadata(prune(postgres.sessions, engine, now=clock.now()).as_metadata())


@dg.job(description="Keeps the logs from growing without end.", executor_def=dg.in_process_executor)
def pruning() -> None:
    prune_logs()


nightly_pruning = dg.ScheduleDefinition(
    job=pruning,
    cron_schedule="30 4 * * *",
    execution_timezone="Asia/Seoul",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
