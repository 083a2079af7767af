"""Sensors of the review room: thin shells over decided.py, expire.py and notify.py."""

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.notices import NoticesResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource


@dg.sensor(
    target=["scripts", "content_chunks", "videos", "uploads"],
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def decided_rows(
    context: dg.SensorEvaluationContext, postgres: PostgresResource, redis: RedisResource
) -> dg.SensorResult:
    """New decisions: shown in the lineage graph, and the next step's run asked for.

    It starts RUNNING although one of its runs leads to uploads: asking for that run has no effect outside. Whether
    anything leaves this machine is for the uploads service to say: a channel stays on the sandbox until its
    file says `publish_to: youtube`, an upload waits for its own gate, and the global stop halts it.
    """
    from shorts_pipeline.review import pending
    from shorts_pipeline.review.decided import Cursor, plan, read_decisions

    cursor = Cursor.read(context.cursor)
    with postgres.sessions() as session:
        decisions = read_decisions(session, cursor)
    planned = plan(decisions, cursor, context.instance.get_dynamic_partitions(str(channels.name)))
    pending.refresh(postgres.sessions, redis.client)
    return dg.SensorResult(
        asset_events=[
            dg.AssetMaterialization(
                approved.asset,
                partition=approved.channel,
                metadata={"approved": approved.count, "by": ", ".join(approved.by)},
            )
            for approved in planned.approved
        ],
        run_requests=[
            dg.RunRequest(
                run_key=run.run_key,
                partition_key=run.channel,
                asset_selection=[dg.AssetKey(asset) for asset in run.assets],
            )
            for run in planned.runs
        ],
        cursor=planned.cursor.written(),
    )


@dg.sensor(minimum_interval_seconds=300, default_status=dg.DefaultSensorStatus.RUNNING, target=["topics"])
def expiring_reviews(postgres: PostgresResource, redis: RedisResource, clock: ClockResource) -> dg.SkipReason:
    """Reviews whose time is over end here; no run is needed for that."""
    from shorts_pipeline.review import pending
    from shorts_pipeline.review.expire import expire

    with postgres.sessions.begin() as session:
        ended = expire(session, now=clock.now())
    pending.refresh(postgres.sessions, redis.client, {review.channel_id for review in ended})
    return dg.SkipReason(f"{len(ended)} reviews expired")


@dg.sensor(minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING, target=["topics"])
def notifications(postgres: PostgresResource, notices: NoticesResource, clock: ClockResource) -> dg.SkipReason:
    """People are told of what waits, fails or needs them; no run is needed for that."""
    from shorts_pipeline.operations.secrets import secret
    from shorts_pipeline.review.notify import notify
    from shorts_pipeline.settings import settings

    done = notify(postgres.sessions, notices, lambda name: secret(name, settings()), clock=clock.clock)
    faults = "".join(f"; {fault}" for fault in done.faults)
    return dg.SkipReason(f"{done.told} things told in {done.messages} messages{faults}")
