"""A backfill of `performance_snapshots` by Dagster's own machinery, in a process of its own.

`python -m … RESULT FOLDER FIRST LAST SLUG…`: an instance in FOLDER, the channels' partitions, a backfill over the days,
and the daemon's own iterations until it is over. RESULT is what backfill, runs and partitions became, as JSON.
"""

import json
import logging
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.workspace.load_target import ModuleTarget
from dagster._daemon.backfill import execute_backfill_iteration

from shorts_pipeline.partitions import channels

TARGET = ModuleTarget(
    module_name="shorts_pipeline_tests.performance.backfilled_definitions",
    attribute=None,
    working_directory=None,
    location_name="backfilled",
)
AT_ONCE = {
    "run_launcher": {
        "module": "dagster._core.launcher.sync_in_memory_run_launcher",
        "class": "SyncInMemoryRunLauncher",
    },
    "run_coordinator": {"module": "dagster.core.run_coordinator", "class": "DefaultRunCoordinator"},
}
SNAPSHOTS = dg.AssetKey("performance_snapshots")
OVER = {
    BulkActionStatus.COMPLETED_SUCCESS,
    BulkActionStatus.COMPLETED_FAILED,
    BulkActionStatus.COMPLETED,
    BulkActionStatus.FAILED,
}
MOST_ITERATIONS = 20


def backfill(folder: str, first: date, last: date, slugs: list[str]) -> dict[str, object]:
    """Ask for all days of all channels and see it through."""
    keys = [f"{slug}|{first + timedelta(days=n)}" for slug in slugs for n in range((last - first).days + 1)]
    with dg.DagsterInstance.local_temp(folder, overrides=AT_ONCE) as instance:
        instance.add_dynamic_partitions(str(channels.name), slugs)
        with create_test_daemon_workspace_context(TARGET, instance) as workspace:
            instance.add_backfill(
                PartitionBackfill.from_asset_partitions(
                    backfill_id="range",
                    asset_graph=workspace.create_request_context().asset_graph,
                    partition_names=keys,
                    asset_selection=[SNAPSHOTS],
                    backfill_timestamp=time.time(),
                    tags={},
                    dynamic_partitions_store=instance,
                    all_partitions=False,
                    title=None,
                    description=None,
                    run_config=None,
                )
            )
            for _ in range(MOST_ITERATIONS):
                errors = [error for error in execute_backfill_iteration(workspace, logging.getLogger()) if error]
                assert not errors, errors
                found = instance.get_backfill("range")
                assert found is not None
                if found.status in OVER:
                    break
        return {
            "status": found.status.value,
            "runs": sorted((run.status.value, *_range(run)) for run in instance.get_runs()),
            "materialized": sorted(instance.get_materialized_partitions(SNAPSHOTS)),
            "failed": sorted(_failed(found, SNAPSHOTS)),
        }


def _range(run: dg.DagsterRun) -> tuple[str, str]:
    single = run.tags.get("dagster/partition", "")
    names = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
    begin, end = (run.tags.get(name, single) for name in names)
    return begin, end


def _failed(found: PartitionBackfill, key: dg.AssetKey) -> set[str]:
    data = found.asset_backfill_data
    assert data is not None
    return {one.partition_key or "" for one in data.failed_and_downstream_subset.iterate_asset_partitions()}


if __name__ == "__main__":
    told, asked = Path(sys.argv[1]), sys.argv[2:]
    done = backfill(asked[0], *map(date.fromisoformat, asked[1:3]), asked[3:])
    told.write_text(json.dumps(done), encoding="utf-8")
