"""Runs whose process is gone, closed so that Dagster's daemon runs them again, and the room for renders.

`python -m shorts_pipeline.embedded.interrupted_runs --before TIMESTAMP`: in a process of its own, because importing
Dagster takes longer than everything else that `shorts up` does. Called when nobody works in the home.
"""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shorts_pipeline.settings import settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

RENDER_POOL = "render"
MESSAGE = "The process of this run is gone: the machine's services were killed or stopped while it ran."


def is_new(url: str) -> bool:
    """Whether Dagster has not yet made its tables in the database at `url`."""
    from sqlalchemy import create_engine, inspect
    from sqlalchemy.pool import NullPool

    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 10})
    return not inspect(engine).has_table("alembic_version")


def close_interrupted_runs(instance: "DagsterInstance", *, before: datetime) -> list[str]:
    """Fail every run that was under way and was made before `before`; the ids. The daemon's retries take them up."""
    from dagster import DagsterRunStatus, RunsFilter
    from dagster._core.events import JobFailureData, RunFailureReason

    under_way = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
    closed = []
    for run in instance.get_runs(RunsFilter(statuses=under_way, created_before=before)):
        if run.status == DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, MESSAGE)
        else:
            reason = JobFailureData(error=None, failure_reason=RunFailureReason.UNEXPECTED_TERMINATION)
            instance.report_run_failed(run, MESSAGE, reason)
        closed.append(run.run_id)
    return closed


def limit_renders(instance: "DagsterInstance", at_once: int) -> None:
    """As many renders at once as the machine is good for, over all runs."""
    instance.event_log_storage.set_concurrency_slots(RENDER_POOL, at_once)


def main() -> None:
    """Close them in the instance of `DAGSTER_HOME`."""
    from dagster import DagsterInstance

    parser = argparse.ArgumentParser()
    parser.add_argument("--before", type=float, required=True)
    before = datetime.fromtimestamp(parser.parse_args().before, UTC)
    with DagsterInstance.get() as instance:
        for run_id in close_interrupted_runs(instance, before=before):
            sys.stdout.write(f"{run_id}\n")
        limit_renders(instance, settings().renders_at_once)


if __name__ == "__main__":
    main()
