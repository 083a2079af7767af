"""Sensors of the sources room: thin shells over due.py and waiting.py."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.launchpad import StageConfig
from shorts_pipeline.resources.postgres import PostgresResource

BATCH_TAG = "shorts/source_batch"
PARTITION_TAG = "dagster/partition"
ON_ITS_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.sensor(
    name="sources_due",
    target=["source_items"],
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for a run per batch of sources whose cron has fired; a missed fire is caught up once.",
)
def sources_due(
    context: dg.SensorEvaluationContext, postgres: PostgresResource, clock: ClockResource
) -> dg.SensorResult:
    """Sources that an active channel listens to and that are due go into runs; a bad cron is told on its source."""
    from shorts_pipeline.sources.due import batches, due
    from shorts_pipeline.sources.rows import source_clocks
    from shorts_pipeline.sources.store import record_broken

    now = clock.now()
    with postgres.sessions.begin() as session:
        plan = due(source_clocks(session), now)
        record_broken(session, dict(plan.broken), now=now)

    def tries(keys: Collection[str]) -> Mapping[str, int]:
        # One question for all: a tick that asks for a batch at a time is a tick that grows with them.
        runs = context.instance.get_runs(dg.RunsFilter(tags={BATCH_TAG: list(keys)}))
        return Counter(run.tags[BATCH_TAG] for run in runs)

    in_flight = _sources_of(_on_their_way(context.instance, "source_items")) if plan.fires else set()
    chosen = batches(plan.fires, in_flight=in_flight, tries=tries)
    if not chosen:
        return dg.SensorResult(skip_reason=f"nothing to ask for: {len(plan.fires)} due, {len(plan.broken)} broken")
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                run_key=batch.run_key,
                run_config=dg.RunConfig(ops={"source_items": StageConfig(only=[str(id_) for id_ in batch.source_ids])}),
                tags={BATCH_TAG: batch.key},
            )
            for batch in chosen
        ]
    )


@dg.sensor(
    name="waiting_items",
    target=["topics"],
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for the topics of every channel with items it has not judged yet.",
)
def waiting_items(
    context: dg.SensorEvaluationContext, postgres: PostgresResource, clock: ClockResource
) -> dg.SensorResult:
    """Level-triggered: as long as items wait and no run is on its way, the channel's topics are asked for."""
    from shorts_pipeline.sources.rows import waiting_channels
    from shorts_pipeline.sources.waiting import Cursor, requests

    now, cursor = clock.now(), Cursor.read(context.cursor)
    with postgres.sessions() as session:
        waiting = waiting_channels(session, since=cursor.since(now))
    asked = []
    if waiting:
        asked = requests(
            waiting,
            now,
            partitions=set(context.instance.get_dynamic_partitions(str(channels.name))),
            in_flight={run.tags.get(PARTITION_TAG, "") for run in _on_their_way(context.instance, "topics")},
            after=cursor.after,
        )
    following = cursor.moved(asked, now).written()
    if not asked:
        nothing = f"nothing to ask for: {len(waiting)} channels with items waiting"
        return dg.SensorResult(skip_reason=nothing, cursor=following)
    runs = [dg.RunRequest(run_key=one.key, partition_key=one.slug) for one in asked]
    return dg.SensorResult(run_requests=runs, cursor=following)


def _on_their_way(instance: dg.DagsterInstance, asset: str) -> list[dg.DagsterRun]:
    """Runs that wait, start or work on this asset, whoever asked for them."""
    runs = instance.get_runs(dg.RunsFilter(statuses=ON_ITS_WAY))
    return [run for run in runs if run.asset_selection is None or dg.AssetKey(asset) in run.asset_selection]


def _sources_of(runs: Iterable[dg.DagsterRun]) -> set[UUID]:
    named: set[UUID] = set()
    for run in runs:
        operations: Mapping[str, Any] = run.run_config.get("ops", {})  # type: ignore[assignment]
        config = operations.get("source_items", {}).get("config", {})
        named.update(UUID(id_) for id_ in config.get("only", []))
    return named
