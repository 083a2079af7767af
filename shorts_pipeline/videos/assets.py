"""The asset `videos`: approved scripts of a channel, made into files that have been checked."""

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.launchpad import StageConfig
from shorts_pipeline.resources.media import MediaResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.speech import SpeechResource

VIDEO_COLUMNS = dg.TableSchema(
    columns=[
        dg.TableColumn("id", "uuid", description="The video."),
        dg.TableColumn("script_id", "uuid", description="The script it speaks."),
        dg.TableColumn("video_path", "varchar", description="MP4, relative to the media root, as all paths."),
        dg.TableColumn("thumbnail_path", "varchar", description="JPEG of 1280x720; poster.jpg lies beside it."),
        dg.TableColumn("audio_path", "varchar", description="The voice alone."),
        dg.TableColumn("subtitle_path", "varchar", description="ASS; an SRT lies beside it."),
        dg.TableColumn("duration_seconds", "float", description="At most 180."),
        dg.TableColumn("tts_service", "varchar", description="The engine that spoke in the end."),
        dg.TableColumn("visual_sources", "varchar[]", description="Where its pictures are from."),
        dg.TableColumn("status", "video_status", description="Where it stands."),
        dg.TableColumn("error_message", "text", description="Why the last attempt failed."),
    ]
)


@dg.asset(
    partitions_def=channels,
    deps=["scripts", "approved_scripts"],
    pool="render",
    group_name="videos",
    owners=["team:shorts"],
    kinds={"ffmpeg", "postgres"},
    tags={"stage": "videos"},
    metadata={"dagster/column_schema": VIDEO_COLUMNS},
)
def videos(
    context: dg.AssetExecutionContext,
    config: StageConfig,
    postgres: PostgresResource,
    media: MediaResource,
    speech: SpeechResource,
    redis: RedisResource,
    clock: ClockResource,
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Approved scripts as finished shorts: spoken, subtitled, illustrated, encoded once, checked."""
    from shorts_pipeline.videos.make import make_videos

    made = make_videos(
        postgres.sessions,
        media.store,
        speech,
        channel=context.partition_key,
        clock=clock.clock,
        owner=context.run.run_id,
        preset=media.render_preset,
        selection=config.selection(),
        redis=redis.client,
    )
    return dg.MaterializeResult(metadata={**made.as_metadata(), "posters": dg.MetadataValue.md(made.posters())})
