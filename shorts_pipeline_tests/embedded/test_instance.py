"""dagster.yaml opened for real, and runs whose process is gone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.instance.config import PoolGranularity

from shorts_pipeline.embedded.home import PROJECT
from shorts_pipeline.embedded.interrupted_runs import close_interrupted_runs, limit_renders
from shorts_pipeline.embedded.postgres import Postgres


@pytest.fixture
def instance(postgres_server: Postgres, make_database, tmp_path, monkeypatch) -> Iterator[dg.DagsterInstance]:
    """The project's own instance on an empty database."""
    url = make_database(empty=True).replace("+psycopg:", "+psycopg2:")
    monkeypatch.setenv("DAGSTER_DATABASE_URL", url)
    monkeypatch.setenv("SHORTS_DAGSTER_FOLDER", str(tmp_path))
    with dg.DagsterInstance.from_config(str(PROJECT)) as opened:
        yield opened


@dg.op
def nothing() -> None: ...


@dg.job
def empty_job() -> None:
    nothing()


def test_the_pool_of_renders_is_counted_by_step_and_as_large_as_the_machine_is_good_for(instance):
    assert instance.get_concurrency_config().pool_config.pool_granularity == PoolGranularity.OP
    limit_renders(instance, 3)
    assert instance.event_log_storage.get_concurrency_info("render").slot_count == 3


def test_the_instance_is_as_dagster_yaml_says(instance, tmp_path):
    runs = instance.get_concurrency_config().run_queue_config
    assert runs is not None
    assert runs.max_concurrent_runs == 4
    assert runs.tag_concurrency_limits == [
        {"key": "shorts/channel_upload", "value": {"applyLimitPerUniqueValue": True}, "limit": 1}
    ]
    assert instance.get_concurrency_config().pool_config.default_pool_limit == 1
    assert instance.run_monitoring_enabled
    assert instance.run_monitoring_max_runtime_seconds > 0
    assert instance.run_retries_enabled
    assert not instance.run_retries_retry_on_asset_or_op_failure
    assert not instance.telemetry_enabled
    assert instance.root_directory == str(tmp_path)


def test_a_run_whose_process_is_gone_is_closed_and_will_be_tried_again(instance):
    gone = instance.create_run_for_job(empty_job, status=dg.DagsterRunStatus.STARTED)
    finished = instance.create_run_for_job(empty_job, status=dg.DagsterRunStatus.SUCCESS)
    a_moment_later = datetime.now(UTC) + timedelta(seconds=5)
    assert close_interrupted_runs(instance, before=a_moment_later - timedelta(minutes=1)) == []
    assert close_interrupted_runs(instance, before=a_moment_later) == [gone.run_id]
    closed = instance.get_run_by_id(gone.run_id)
    assert closed.status == dg.DagsterRunStatus.FAILURE
    assert closed.tags["dagster/will_retry"] == "true"
    assert instance.get_run_by_id(finished.run_id).status == dg.DagsterRunStatus.SUCCESS


def test_the_workspace_names_the_pipelines_code(instance):
    code = (
        "from dagster._core.workspace.load_target import WorkspaceFileTarget;"
        "print([one.location_name for one in WorkspaceFileTarget(['workspace.yaml']).create_origins()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['shorts_pipeline.definitions']"
