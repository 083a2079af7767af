"""The asset `uploads`: approved videos of a channel, each on its way to exactly one YouTube video."""

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.launchpad import StageConfig
from shorts_pipeline.resources.media import MediaResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.youtube import YouTubeResource

_SCHEMA = dg.TableSchema(
    columns=[
        dg.TableColumn("video_id", "uuid", description="the video; one upload each"),
        dg.TableColumn("youtube_video_id", "string", description="once YouTube has it"),
        dg.TableColumn("title", "string", description="at most 100 characters"),
        dg.TableColumn("privacy_status", "string", description="who may see it in the end"),
        dg.TableColumn("scheduled_at", "timestamp", description="when it is to be public"),
        dg.TableColumn("uploaded_at", "timestamp"),
        dg.TableColumn("published_at", "timestamp"),
        dg.TableColumn("upload_status", "string", description="pending → … → uploaded or published; rejected, failed"),
    ]
)


@dg.asset(
    partitions_def=channels,
    deps=["videos", "approved_videos"],
    group_name="uploads",
    owners=["team:shorts"],
    kinds={"youtube", "postgres"},
    tags={"stage": "uploads"},
    metadata={"dagster/column_schema": _SCHEMA},
)
def uploads(
    context: dg.AssetExecutionContext,
    config: StageConfig,
    postgres: PostgresResource,
    redis: RedisResource,
    youtube: YouTubeResource,
    media: MediaResource,
    clock: ClockResource,
) -> dg.MaterializeResult[None]:
    """Videos on YouTube (or in its sandbox): described, given a time, sent once, followed until they are public."""
    from shorts_pipeline.uploads.refresh import refresh

    refreshed = refresh(
        postgres.sessions,
        channel=context.partition_key,
        youtube=youtube,
        media=media.store,
        redis=redis.client,
        clock=clock.clock,
        selection=config.selection(),
        run_id=context.run.run_id,
    )
    return dg.MaterializeResult(metadata=refreshed.as_metadata())
