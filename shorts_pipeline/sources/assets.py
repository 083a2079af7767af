"""`source_items`: what the sources said, shared by all channels and therefore without partitions."""

import dagster as dg

from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.fetch import FetchResource
from shorts_pipeline.resources.launchpad import StageConfig
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource

COLUMNS = dg.TableSchema(
    columns=[
        dg.TableColumn("source_id", "uuid", description="The source that said it."),
        dg.TableColumn("item_key", "text", description="Guid, else canonical link, else hash; once a source."),
        dg.TableColumn("url", "text", description="Its address, http(s) only, without tracking parameters."),
        dg.TableColumn("title", "text", description="The headline as it came, without markup."),
        dg.TableColumn("text", "text", description="What the feed gives of the story, without markup."),
        dg.TableColumn("published_at", "timestamptz", description="When it was published, as the source says."),
        dg.TableColumn("fetched_at", "timestamptz", description="When it was read."),
        dg.TableColumn("run_id", "text", description="The run that read it."),
    ]
)


@dg.asset(
    group_name="sources",
    owners=["team:shorts"],
    kinds={"postgres", "rss"},
    tags={"stage": "sources"},
    metadata={"dagster/column_schema": COLUMNS, "dagster/table_name": "source_items"},
)
def source_items(
    context: dg.AssetExecutionContext,
    config: StageConfig,
    postgres: PostgresResource,
    fetch: FetchResource,
    redis: RedisResource,
    clock: ClockResource,
) -> dg.MaterializeResult[None]:
    """What the sources said: each source read once for all its channels. `only` names sources; none: those due now."""
    from shorts_pipeline.sources.collect import collect

    collected = collect(
        postgres.sessions,
        fetch.fetcher,
        source_ids=config.selection().only or None,
        clock=clock.clock,
        redis=redis.client,
        run_id=context.run.run_id,
        limit=config.limit,
        dry_run=config.dry_run,
    )
    return dg.MaterializeResult(metadata=collected.as_metadata())
