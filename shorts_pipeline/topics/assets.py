"""`topics`: stories worth telling, one row each, for the channel that is the partition."""

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.launchpad import StageConfig
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.vectors import VectorsResource

COLUMNS = dg.TableSchema(
    columns=[
        dg.TableColumn("title_original", "text", description="The story's title without marks and site names."),
        dg.TableColumn("title_normalized", "text", description="The title as titles are compared."),
        dg.TableColumn("content_hash", "varchar(64)", description="SHA-256 of title_normalized; once a channel."),
        dg.TableColumn("summary", "text", description="Whole sentences of the source, at most 200 characters."),
        dg.TableColumn("categories", "varchar[]", description="The channel's own categories, best first."),
        dg.TableColumn("keywords", "varchar[]", description="The most telling words, best first."),
        dg.TableColumn("entities", "jsonb", description="Who and what it names: name, type, sentiment."),
        dg.TableColumn("score_total", "integer", description="0–100, the rounded sum of score_parts."),
        dg.TableColumn("score_parts", "jsonb", description="Every part: value, weight, points; preset and version."),
        dg.TableColumn("status", "topic_status", description="pending, approved, rejected, used or expired."),
        dg.TableColumn("expires_at", "timestamptz", description="When it is too old to be told."),
    ]
)


@dg.asset(
    partitions_def=channels,
    deps=["source_items"],
    group_name="topics",
    owners=["team:shorts"],
    kinds={"postgres", "python"},
    tags={"stage": "topics"},
    metadata={"dagster/column_schema": COLUMNS, "dagster/table_name": "topics"},
)
def topics(
    context: dg.AssetExecutionContext,
    config: StageConfig,
    postgres: PostgresResource,
    redis: RedisResource,
    vectors: VectorsResource,
    models: ModelsResource,
    clock: ClockResource,
) -> dg.MaterializeResult[None]:
    """Stories worth telling: what the channel's sources brought, deduplicated, scored. `only` names source items."""
    from shorts_pipeline.topics.choose import choose_topics

    chosen = choose_topics(
        postgres.sessions,
        vectors.store,
        models.embedder,
        redis.client,
        channel=context.partition_key,
        clock=clock.clock,
        selection=config.selection(),
        run={"run_id": context.run.run_id},
    )
    metadata = chosen.as_metadata()
    return dg.MaterializeResult(metadata={**metadata, "preview": dg.MetadataValue.md(metadata["preview"])})
