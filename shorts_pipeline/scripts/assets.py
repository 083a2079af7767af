"""`scripts` and `content_chunks`: what each channel will say, and what it has said, found again by meaning."""

import dagster as dg

from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.launchpad import StageConfig
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.vectors import VectorsResource

SCRIPT_COLUMNS = dg.TableSchema(
    columns=[
        dg.TableColumn("id", "uuid", description="The script."),
        dg.TableColumn("topic_id", "uuid", description="The story it tells."),
        dg.TableColumn("script_text", "text", description="Hook, body and conclusion, a paragraph each."),
        dg.TableColumn("script_version", "integer", description="1, or more where it was written again."),
        dg.TableColumn("generation_model", "varchar", description="Who wrote it; `extractive`: no model."),
        dg.TableColumn("quality_score_style", "float", description="How far it sounds like the persona, 0 to 1."),
        dg.TableColumn("quality_score_hook", "float", description="How well it begins, 0 to 1."),
        dg.TableColumn("quality_issues", "varchar[]", description="What the judge found."),
        dg.TableColumn("estimated_duration", "float", description="Seconds to say it."),
        dg.TableColumn("status", "script_status", description="Where it stands."),
    ]
)
CHUNK_COLUMNS = dg.TableSchema(
    columns=[
        dg.TableColumn("script_id", "uuid", description="The script it is a piece of."),
        dg.TableColumn("chunk_index", "integer", description="Its place there, from 0."),
        dg.TableColumn("chunk_text", "text", description="Whole sentences."),
        dg.TableColumn("chunk_position", "varchar", description="hook, body or conclusion."),
        dg.TableColumn("is_opinion", "boolean", description="Says what the persona thinks."),
        dg.TableColumn("is_example", "boolean", description="Gives an example."),
        dg.TableColumn("is_analogy", "boolean", description="Compares."),
        dg.TableColumn("keywords", "varchar[]", description="Its telling words."),
        dg.TableColumn("vector_id", "varchar", description="Its point in the vector store."),
    ]
)


@dg.asset(
    partitions_def=channels,
    deps=["topics", "approved_topics"],
    group_name="scripts",
    owners=["team:shorts"],
    kinds={"postgres", "python"},
    tags={"stage": "scripts"},
    metadata={"dagster/column_schema": SCRIPT_COLUMNS},
)
def scripts(
    context: dg.AssetExecutionContext,
    config: StageConfig,
    postgres: PostgresResource,
    vectors: VectorsResource,
    models: ModelsResource,
    redis: RedisResource,
    clock: ClockResource,
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What the channel will say about its approved topics, judged and put before the gate."""
    from shorts_pipeline.scripts.service import write_scripts

    written = write_scripts(
        postgres.sessions,
        vectors.store,
        models.embedder,
        channel=context.partition_key,
        clock=clock.clock,
        owner=context.run.run_id,
        selection=config.selection(),
        redis=redis.client,
    )
    return dg.MaterializeResult(metadata=written.as_metadata())


@dg.asset(
    partitions_def=channels,
    deps=["scripts", "approved_scripts"],
    group_name="scripts",
    owners=["team:shorts"],
    kinds={"postgres", "vectors"},
    tags={"stage": "scripts"},
    metadata={"dagster/column_schema": CHUNK_COLUMNS},
)
def content_chunks(
    context: dg.AssetExecutionContext,
    config: StageConfig,
    postgres: PostgresResource,
    vectors: VectorsResource,
    models: ModelsResource,
    redis: RedisResource,
    clock: ClockResource,
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Approved scripts in pieces, with the vectors by which the next scripts find them."""
    from shorts_pipeline.scripts.index import chunk_scripts

    chunked = chunk_scripts(
        postgres.sessions,
        vectors.store,
        models.embedder,
        channel=context.partition_key,
        clock=clock.clock,
        owner=context.run.run_id,
        selection=config.selection(),
        redis=redis.client,
    )
    return dg.MaterializeResult(metadata=chunked.as_metadata())
