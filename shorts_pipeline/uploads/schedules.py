"""A look at what YouTube still has, once a day: each video's turn is once a week."""

import dagster as dg

from shorts_pipeline.partitions import PACIFIC
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.youtube import YouTubeResource


@dg.op(description="Asks YouTube about the videos of every active channel that were not seen for a week.")
def look_for_videos(
    context: dg.OpExecutionContext, postgres: PostgresResource, youtube: YouTubeResource, clock: ClockResource
) -> None:
    from shorts_pipeline.uploads.presence import look_at_all

    looked = look_at_all(postgres.sessions, youtube=youtube, clock=clock.clock, run_id=context.run_id)
    context.add_output_metadata(looked.as_metadata())
    if looked.failed and not looked.done:
        raise dg.Failure("; ".join(f"{slug}: {reason}" for slug, reason in looked.failed.items()))


@dg.job(description="Finds out which videos are gone from YouTube.", executor_def=dg.in_process_executor)
def presence() -> None:
    look_for_videos()


daily_presence = dg.ScheduleDefinition(
    job=presence,
    cron_schedule="0 2 * * *",
    execution_timezone=PACIFIC,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
