"""Pruning, once a night."""

import dagster as dg

from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.media import MediaResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.settings import settings


@dg.op(description="Removes old job logs, Dagster's own logs of old steps, and pictures that nobody shows any more.")
def prune_logs(
    context: dg.OpExecutionContext, postgres: PostgresResource, media: MediaResource, clock: ClockResource
) -> None:
    from sqlalchemy import create_engine

    from shorts_pipeline.operations.pruning import prune

    url = settings().dagster_database_url
    engine = create_engine(url) if url else None
    pruned = prune(postgres.sessions, engine, now=clock.now(), media=media.store)
    context.add_output_metadata(pruned.as_metadata())


@dg.job(description="Keeps the logs and the cache from growing without end.", executor_def=dg.in_process_executor)
def pruning() -> None:
    prune_logs()


nightly_pruning = dg.ScheduleDefinition(
    job=pruning,
    cron_schedule="30 4 * * *",
    execution_timezone="Asia/Seoul",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
