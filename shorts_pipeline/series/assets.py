"""The asset of this room: a channel's series."""

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.postgres import PostgresResource

_COLUMNS = dg.TableSchema(
    [
        dg.TableColumn("id", "uuid", "the same from run to run"),
        dg.TableColumn("name", "varchar", "the words its stories share"),
        dg.TableColumn("episode_count", "integer", "published stories"),
        dg.TableColumn("avg_views", "double", "per episode"),
        dg.TableColumn("trend", "varchar", "rising, stable or declining"),
        dg.TableColumn("trend_confidence", "double", "0–1, that views change at all"),
        dg.TableColumn("status", "series_status", "a person pauses or ends it"),
    ]
)


@dg.asset(
    partitions_def=channels,
    deps=["performance"],
    group_name="series",
    owners=["team:shorts"],
    kinds={"postgres", "scikitlearn"},
    tags={"stage": "series"},
    metadata={"dagster/column_schema": _COLUMNS},
)
def series(
    context: dg.AssetExecutionContext, postgres: PostgresResource, models: ModelsResource, clock: ClockResource
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Subjects that keep working, each one series; new stories are matched to those that run."""
    from shorts_pipeline.series.find import find_series

    found = find_series(
        postgres.sessions,
        models.embedder,
        channel=context.partition_key,
        clock=clock.clock,
        run_id=context.run.run_id,
    )
    return dg.MaterializeResult(metadata=found.as_metadata() | {"table": dg.MetadataValue.md(found.as_markdown())})
