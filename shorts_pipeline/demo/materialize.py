"""Materialize the true assets, one run after another, on the true instance: the runs stay for the UI."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from shorts_pipeline.errors import PipelineError

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class RunFailed(PipelineError):
    """A run of the demo failed; the message names it, the UI shows it."""


class Materializer:
    """Runs assets of one code location in this process."""

    def __init__(self, defs: dg.Definitions, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self._job = defs.resolve_implicit_global_asset_job_def()

    def materialize(
        self, asset: str, *, partition: str | None = None, config: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """One asset, one partition; returns the metadata of its materialization as plain values."""
        return self._run([asset], partition=partition, config={asset: config} if config else {}, tags={})

    def materialize_range(self, asset: str, first: str, last: str) -> dict[str, Any]:
        """One asset, every partition from `first` to `last`, in one run."""
        return self._run([asset], partition=None, config={}, tags={RANGE_START: first, RANGE_END: last})

    def _run(
        self,
        assets: Sequence[str],
        *,
        partition: str | None,
        config: Mapping[str, Mapping[str, Any]],
        tags: Mapping[str, str],
    ) -> dict[str, Any]:
        ops = {asset: {"config": dict(values)} for asset, values in config.items()}
        result = self._job.execute_in_process(
            instance=self.instance,
            asset_selection=[dg.AssetKey(asset) for asset in assets],
            partition_key=partition,
            run_config={**QUIET, "ops": ops},
            tags={"shorts/demo": "true", **tags},
            raise_on_error=False,
        )
        if not result.success:
            raise RunFailed(f"{', '.join(assets)} {partition or ''}: run {result.run_id} failed: {_reason(result)}")
        events = result.get_asset_materialization_events()
        metadata = events[-1].materialization.metadata if events else {}
        return {name: value.value for name, value in metadata.items()}


def _reason(result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_failure and event.is_step_event:
            error = event.step_failure_data.error
            while error is not None and error.cause is not None:
                error = error.cause
            if error is not None:
                return error.message.strip()
    return "no reason given"
