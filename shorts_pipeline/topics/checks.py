"""Asset checks of this room: thin shells over repeated.py."""

import dagster as dg

from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.vectors import VectorsResource

SHOWN = 10


@dg.asset_check(asset="topics", description="No story stands twice among a channel's topics, by title or by meaning.")
def no_duplicate_topics(
    postgres: PostgresResource, vectors: VectorsResource, models: ModelsResource, clock: ClockResource
) -> dg.AssetCheckResult:
    """A repeat by meaning may be a person's own (`shorts topics add`): a warning, with the pairs shown."""
    from shorts_pipeline.topics.repeated import repeated_topics

    found = repeated_topics(postgres.sessions, vectors.store, models.embedder, clock.now())
    return dg.AssetCheckResult(
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"repeated": len(found), "first": [str(one) for one in found[:SHOWN]]},
    )
