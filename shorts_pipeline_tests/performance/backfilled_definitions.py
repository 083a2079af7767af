"""The one asset that is backfilled, with the resources the environment names, in one process a run."""

import dagster as dg

from shorts_pipeline.performance.assets import performance_snapshots
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.youtube import YouTubeResource

defs = dg.Definitions(
    [performance_snapshots],
    resources={
        "postgres": PostgresResource.from_settings(),
        "youtube": YouTubeResource.from_settings(),
        "clock": ClockResource.from_settings(),
    },
    executor=dg.in_process_executor,
)
