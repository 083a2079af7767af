"""The assets of this room: snapshots by channel and day; audience, totals, hours and training set by channel."""

import warnings
from typing import TYPE_CHECKING

import dagster as dg

from shorts_pipeline.partitions import channel_days, channels
from shorts_pipeline.performance.partition_days import days_by_channel, keys_of
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.media import MediaResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.youtube import YouTubeResource

if TYPE_CHECKING:
    from shorts_pipeline.performance.snapshots import Pulled

# Chosen with care (see DAYS_A_RUN); saying at every load that it may change helps nobody.
warnings.filterwarnings("ignore", message="Parameter `backfill_policy` of function `asset`", category=dg.BetaWarning)

GROUP = "performance"
OWNERS = ["team:shorts"]
TAGS = {"stage": "performance"}
# A year of one channel is 13 runs, not 365.
DAYS_A_RUN = 30


def _columns(*columns: tuple[str, str, str]) -> dict[str, dg.TableSchema]:
    return {"dagster/column_schema": dg.TableSchema([dg.TableColumn(n, t, d) for n, t, d in columns])}


def _markdown(shown: dict[str, str]) -> dict[str, dg.MarkdownMetadataValue]:
    return {name: dg.MetadataValue.md(markdown) for name, markdown in shown.items()}


@dg.asset(
    partitions_def=channel_days,
    deps=["uploads"],
    group_name=GROUP,
    owners=OWNERS,
    kinds={"postgres", "youtube"},
    tags=TAGS,
    backfill_policy=dg.BackfillPolicy.multi_run(DAYS_A_RUN),
    metadata=_columns(
        ("upload_id", "uuid", "whose figures"),
        ("day", "date", "Pacific"),
        ("views", "bigint", "NULL: not reported"),
        ("watch_time_seconds", "bigint", "NULL: not reported"),
        ("impressions", "bigint", "from the Reporting API's file; NULL: no file yet"),
        ("ctr", "double", "0–1; likewise"),
        ("pulled_at", "timestamptz", "the newest pull wins"),
    ),
)
def performance_snapshots(
    context: dg.AssetExecutionContext, postgres: PostgresResource, youtube: YouTubeResource, clock: ClockResource
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What YouTube reports for a channel's shorts on a Pacific day; late figures come by pulling the day again."""
    from shorts_pipeline.performance.channel import connector
    from shorts_pipeline.performance.snapshots import pull_channels

    wanted = days_by_channel(context.partition_keys)
    connect = connector(postgres.sessions, youtube, clock.clock)
    pulled = pull_channels(postgres.sessions, connect, wanted, clock=clock.clock, run_id=context.run.run_id)
    if pulled.failed:
        _mark_the_others(context, pulled)
    return dg.MaterializeResult(metadata=pulled.as_metadata())


def _mark_the_others(context: dg.AssetExecutionContext, pulled: "Pulled") -> None:
    """The run fails, but the days of the channels that were pulled are materialized all the same."""
    for slug, one in pulled.done.items():
        for key in keys_of(context.partition_keys, {slug}):
            told = {**one.as_metadata(), "run": "in part"}
            context.log_event(dg.AssetMaterialization(context.asset_key, partition=key, metadata=told))
    raise dg.Failure("; ".join(f"{slug}: {reason}" for slug, reason in pulled.failed.items()), allow_retries=True)


@dg.asset(
    partitions_def=channels,
    deps=["performance_snapshots"],
    group_name=GROUP,
    owners=OWNERS,
    kinds={"postgres", "youtube"},
    tags=TAGS,
    metadata=_columns(
        ("upload_id", "uuid", "whose audience"),
        ("day", "date", "Pacific: the answer is about publication to this day"),
        ("traffic_sources", "json", "views by source; NULL: not asked on this day"),
        ("demographics", "json", "percentage by age and gender; NULL: not asked, or too few viewers"),
    ),
)
def performance_audience(
    context: dg.AssetExecutionContext, postgres: PostgresResource, youtube: YouTubeResource, clock: ClockResource
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Where views come from and who they are: the week's most seen shorts, two calls each under a budget."""
    from shorts_pipeline.performance.audience import ask_audience
    from shorts_pipeline.performance.channel import connector

    connect = connector(postgres.sessions, youtube, clock.clock)
    asked = ask_audience(
        postgres.sessions, connect, channel=context.partition_key, clock=clock.clock, run_id=context.run.run_id
    )
    return dg.MaterializeResult(metadata=asked.as_metadata())


@dg.asset(
    partitions_def=channels,
    deps=["performance_snapshots"],
    group_name=GROUP,
    owners=OWNERS,
    kinds={"postgres"},
    tags=TAGS,
    metadata=_columns(
        ("upload_id", "uuid", "one row an upload"),
        ("views", "bigint", "sum of the days"),
        ("engagement_rate", "double", "(likes + comments + shares) / views"),
        ("avg_view_percentage", "double", "0–100, weighted by views"),
        ("is_high_performer", "boolean", "by the channel's own rule"),
        ("performance_ages.age_days", "integer", "1, 3, 7, 28 times 24 hours since publication"),
        ("performance_ages.views", "bigint", "up to that age; no row until its days are fully reported"),
        ("performance_ages.percentile", "double", "0–100 within the channel at that age"),
    ),
)
def performance(
    context: dg.AssetExecutionContext, postgres: PostgresResource, clock: ClockResource
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What each short came to, which did well by the channel's own rule, and how they stand at equal age."""
    from shorts_pipeline.performance.plots.shown import shown_totals
    from shorts_pipeline.performance.totals import measure

    totals = measure(postgres.sessions, channel=context.partition_key, clock=clock.clock, run_id=context.run.run_id)
    return dg.MaterializeResult(metadata=_markdown(shown_totals(totals)) | totals.as_metadata())


@dg.asset(
    partitions_def=channels,
    deps=["performance"],
    group_name=GROUP,
    owners=OWNERS,
    kinds={"postgres", "redis"},
    tags=TAGS,
    metadata=_columns(
        ("weekday", "varchar", "weekday or weekend"),
        ("hour_band", "integer", "first of three hours, in the channel's zone"),
        ("score", "double", "0–1: views 60 %, engagement 40 %"),
        ("confidence", "double", "0–1"),
        ("samples", "integer", "shorts it rests on"),
    ),
)
def publishing_times(
    context: dg.AssetExecutionContext, postgres: PostgresResource, redis: RedisResource, clock: ClockResource
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """When the channel's shorts do best; golden hours until there are enough figures."""
    from shorts_pipeline.performance.plots.shown import shown_times
    from shorts_pipeline.performance.publishing_times import find_times

    times = find_times(
        postgres.sessions, redis.client, channel=context.partition_key, clock=clock.clock, run_id=context.run.run_id
    )
    return dg.MaterializeResult(metadata=_markdown(shown_times(times)) | times.as_metadata())


@dg.asset(
    partitions_def=channels,
    deps=["performance"],
    group_name=GROUP,
    owners=OWNERS,
    kinds={"postgres", "json"},
    tags=TAGS,
    metadata=_columns(
        ("messages", "json", "a line of <number>.<split>.jsonl: system (persona), user (topic), assistant (script)"),
        ("manifest.channel", "text", "slug of the channel; the manifest lies beside the files"),
        ("manifest.format", "text", "chat"),
        ("manifest.examples", "json", "how many on each side"),
        ("manifest.versions[].examples", "integer", "what a run that found new ones added"),
        ("manifest.versions[].left_out", "integer", "near repeats of both sides, on neither"),
        ("manifest.versions[].published", "json", "when the first and the last short went public"),
        ("manifest.versions[].criteria", "json", "the channel's rules when it was written"),
        ("manifest.versions[].made_at", "timestamptz", "when it was written"),
        ("manifest.versions[].splits.*.file", "text", "name of the JSONL file of train or validation"),
        ("manifest.versions[].splits.*.sha256", "text", "of the file"),
        ("manifest.versions[].splits.*.examples", "integer", "lines in the file"),
        ("manifest.versions[].splits.*.rows", "uuid[]", "the performances its lines are from, in order"),
        ("manifest.versions[].splits.*.hashes", "text[]", "SHA-256 of each line"),
    ),
)
def training_set(
    context: dg.AssetExecutionContext, postgres: PostgresResource, media: MediaResource, clock: ClockResource
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Scripts that did well as chat-format JSONL, split to train and to validate; the same script never twice."""
    from shorts_pipeline.performance.training.extend import extend_training_set

    added = extend_training_set(
        postgres.sessions, media.store, channel=context.partition_key, clock=clock.clock, run_id=context.run.run_id
    )
    return dg.MaterializeResult(metadata=added.as_metadata())
