"""Videos of a channel are steps of their own: side by side where the pool allows it, one by one where it does not."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.reconstruct import ReconstructableJob
from dagster._core.executor.in_process import InProcessExecutor
from dagster._core.executor.multiprocess import MultiprocessExecutor
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import JobLog, JobStatus, ScriptStatus, Video, VideoStatus
from shorts_pipeline.resources.executor import steps_executor
from shorts_pipeline.settings import settings
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic
from shorts_pipeline_tests.videos.film_job import film_job

AUTO = {"review": {"video": {"mode": "auto"}}}


@pytest.fixture
def several(
    sessions: sessionmaker[Session],
    tmp_path: Path,
    own_database_url: str,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[dg.DagsterInstance]:
    """Two approved scripts of one channel, a machine for two renders at once, and an instance with pools by step."""
    with sessions.begin() as session:
        channel = a_channel(session, slug="film", operation_config=AUTO)
        for text in ("수출이 늘었습니다.", "왜일까요?"):
            a_script(session, a_topic(session, channel), script_text=text, status=ScriptStatus.APPROVED)
    root = tmp_path / "media"
    for name, value in (
        ("FILM_ROOT", str(root)),
        ("FILM_DATABASE", own_database_url),
        ("FILM_REDIS", redis_url),
        ("RENDERS_AT_ONCE", "2"),
    ):
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    (tmp_path / "dagster").mkdir()
    pools = {"concurrency": {"pools": {"default_limit": 1, "granularity": "op"}}}
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster"), overrides=pools) as instance:
        instance.add_dynamic_partitions("channels", ["film"])
        yield instance
    settings.cache_clear()


def test_only_a_run_that_makes_videos_starts_processes_and_only_where_several_may_be_made_at_once(
    several: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = dg.reconstructable(film_job)
    assert isinstance(_executor(job, several), MultiprocessExecutor)
    with dg.DagsterInstance.ephemeral() as fleeting:
        assert isinstance(_executor(job, fleeting), InProcessExecutor)
    monkeypatch.setenv("RENDERS_AT_ONCE", "1")
    settings.cache_clear()
    assert isinstance(_executor(job, several), InProcessExecutor)


def _executor(job: ReconstructableJob, instance: dg.DagsterInstance) -> dg.Executor:
    create = steps_executor.executor_creation_fn
    assert create is not None
    return create(dg.InitExecutorContext(job, steps_executor, {}, instance))


@pytest.mark.soak
@pytest.mark.parametrize("limit", [2, 1])
def test_each_video_is_a_process_of_its_own_and_the_pool_says_how_many_at_once(
    limit: int, several: dg.DagsterInstance, sessions: sessionmaker[Session]
) -> None:
    several.event_log_storage.set_concurrency_slots("render", limit)
    run = dg.execute_job(
        dg.reconstructable(film_job), instance=several, tags={"dagster/partition": "film"}, raise_on_error=True
    )
    assert run.success
    spans, processes = _spans(several, run.run_id)
    assert len(spans) == 2
    (_, first_end), (second_start, _) = sorted(spans)
    assert (second_start < first_end) == (limit == 2)
    assert len(processes) >= 2
    with sessions() as session:
        assert set(session.scalars(select(Video.status))) == {VideoStatus.APPROVED}
        logs = session.scalars(select(JobLog)).all()
    assert [log.status for log in logs] == [JobStatus.COMPLETED]
    assert logs[0].result["made"] == 2
    told = [record.user_message for record in several.all_logs(run.run_id)]
    assert any(message.endswith("100% encoded") for message in told)


def _spans(instance: dg.DagsterInstance, run_id: str) -> tuple[list[tuple[float, float]], set[str]]:
    """From when to when each render step worked, and the processes that told so."""
    starts, ends, processes = {}, {}, set()
    for record in instance.all_logs(run_id):
        if record.step_key is None or "rendered" not in record.step_key or record.dagster_event is None:
            continue
        if record.dagster_event.is_step_start:
            starts[record.step_key] = record.timestamp
            processes.add(str(record.dagster_event.pid))
        elif record.dagster_event.is_step_success:
            ends[record.step_key] = record.timestamp
    return [(starts[step], ends[step]) for step in starts], processes
