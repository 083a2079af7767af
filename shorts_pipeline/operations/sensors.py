"""The safety net under the job log: Dagster knows of a killed run what the run itself could not write."""

from typing import TYPE_CHECKING

import dagster as dg

from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource

if TYPE_CHECKING:
    from shorts_pipeline.database import JobStatus


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.FAILURE,
    name="failed_runs",
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Ends the job log of runs that died.",
)
def failed_runs(
    context: dg.RunStatusSensorContext, postgres: PostgresResource, clock: ClockResource
) -> dg.SkipReason | None:
    from shorts_pipeline.database import JobStatus

    return _close(context, postgres, clock, JobStatus.FAILED)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.CANCELED,
    name="cancelled_runs",
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Ends the job log of runs that were cancelled.",
)
def cancelled_runs(
    context: dg.RunStatusSensorContext, postgres: PostgresResource, clock: ClockResource
) -> dg.SkipReason | None:
    from shorts_pipeline.database import JobStatus

    return _close(context, postgres, clock, JobStatus.CANCELLED)


def _close(
    context: dg.RunStatusSensorContext, postgres: PostgresResource, clock: ClockResource, status: "JobStatus"
) -> dg.SkipReason | None:
    from shorts_pipeline.operations.killed_runs import close_job_logs

    run_id = context.dagster_run.run_id
    with postgres.sessions.begin() as session:
        ended = close_job_logs(session, run_id=run_id, status=status, reason=f"the run ended {status}", now=clock.now())
    return None if ended else dg.SkipReason(f"run {run_id} ended its job log itself")
