"""The asset `videos`: approved scripts of a channel, made into files that have been checked.

It is a graph: `planned` says which videos are to be made, each is a step `rendered` of its own in the pool `render`,
`reported` tells what became of them. What the steps hand on is small; the videos themselves are files and rows.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.launchpad import StageConfig
from shorts_pipeline.resources.media import MediaResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.speech import SpeechResource

if TYPE_CHECKING:
    from shorts_pipeline.videos.make import Floor

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
        dg.TableColumn("render_fingerprint", "varchar", description="What it was made from; unchanged, it is reused."),
        dg.TableColumn("status", "video_status", description="Where it stands."),
        dg.TableColumn("error_message", "text", description="Why the last attempt failed."),
    ]
)


POOL = "render"


@dg.op(
    ins={"scripts": dg.In(dg.Nothing), "approved_scripts": dg.In(dg.Nothing)},
    out={"plan": dg.Out(Any), "todo": dg.DynamicOut(Any)},
)
def planned(
    context: dg.OpExecutionContext,
    config: StageConfig,
    postgres: PostgresResource,
    media: MediaResource,
    speech: SpeechResource,
    redis: RedisResource,
    clock: ClockResource,
) -> Iterator[dg.Output[Any] | dg.DynamicOutput[Any]]:
    """Which scripts of the channel become videos now."""
    from shorts_pipeline.videos.make import plan_videos

    floor = _floor(context, postgres, media, speech, redis, clock)
    plan = plan_videos(floor, channel=context.partition_key, selection=config.selection())
    context.log.info(f"{plan.channel}: {len(plan.todo)} videos to be made {plan.note}")
    yield dg.Output(plan, "plan")
    for todo in plan.todo:
        yield dg.DynamicOutput(todo, mapping_key=todo.script_id.hex, output_name="todo")


@dg.op(pool=POOL, out=dg.Out(Any))
def rendered(
    context: dg.OpExecutionContext,
    todo: Any,
    postgres: PostgresResource,
    media: MediaResource,
    speech: SpeechResource,
    redis: RedisResource,
    clock: ClockResource,
) -> Any:
    """One video, from the script to the question whether it is good."""
    from shorts_pipeline.videos.make import make_video

    def told(title: str, share: float) -> None:
        context.log.info(f"{title}: {share:.0%} encoded")

    floor = _floor(context, postgres, media, speech, redis, clock)
    outcome = make_video(floor, channel=context.partition_key, todo=todo, told=told)
    if outcome.failed is not None:
        context.log.error(f"{todo.title}: {outcome.failed.reason}")
    return outcome


@dg.op(out=dg.Out(dg.Nothing))
def reported(
    context: dg.OpExecutionContext,
    plan: Any,
    outcomes: list[Any],
    postgres: PostgresResource,
    media: MediaResource,
    speech: SpeechResource,
    redis: RedisResource,
    clock: ClockResource,
) -> None:
    """What the run made, for the catalog and the job log."""
    from shorts_pipeline.videos.make import report

    made = report(_floor(context, postgres, media, speech, redis, clock), plan, outcomes)
    context.add_output_metadata({**made.as_metadata(), "posters": dg.MetadataValue.md(made.posters())})


@dg.config_mapping
def selection(config: StageConfig) -> dict[str, Any]:
    """What a person says at the launchpad is for `planned`."""
    return {"planned": {"config": config.model_dump()}}


@dg.graph_asset(
    ins={"scripts": dg.AssetIn(dagster_type=dg.Nothing), "approved_scripts": dg.AssetIn(dagster_type=dg.Nothing)},
    config=selection,
    partitions_def=channels,
    group_name="videos",
    owners=["team:shorts"],
    kinds={"ffmpeg", "postgres"},
    tags={"stage": "videos"},
    metadata={"dagster/column_schema": VIDEO_COLUMNS},
)
def videos(scripts: Any, approved_scripts: Any) -> Any:
    """Approved scripts as finished shorts: spoken, subtitled, illustrated, encoded once, checked."""
    plan, todo = planned(scripts=scripts, approved_scripts=approved_scripts)
    return reported(plan, todo.map(rendered).collect())


def _floor(
    context: dg.OpExecutionContext,
    postgres: PostgresResource,
    media: MediaResource,
    speech: SpeechResource,
    redis: RedisResource,
    clock: ClockResource,
) -> "Floor":
    from shorts_pipeline.videos.make import Floor

    run = context.run.run_id
    return Floor(postgres.sessions, media.store, speech, clock.clock, run, media.render_preset, redis.client)
