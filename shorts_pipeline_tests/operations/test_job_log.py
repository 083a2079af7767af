import pytest
import redis as redis_client
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import JobLog, JobStatus, JobType
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.resources.redis import RedisResource


def the_job(sessions: sessionmaker[Session]) -> JobLog:
    with sessions.begin() as session:
        return session.scalars(select(JobLog)).one()


def test_a_job_is_seen_running_and_then_completed_with_its_result(
    sessions: sessionmaker[Session], clock: ManualClock, redis: redis_client.Redis
) -> None:
    metadata = {"run_id": "a-run", "partition": "a-channel"}
    with logged(sessions, JobType.COLLECT, clock=clock, metadata=metadata, redis=redis) as job:
        assert the_job(sessions).status is JobStatus.RUNNING
        assert redis.get(f"job:{job.id}:status") == "running"
        job.result = {"topics": 3}
    row = the_job(sessions)
    assert (row.status, row.result, row.run_metadata) == (JobStatus.COMPLETED, {"topics": 3}, metadata)
    assert row.completed_at == clock.now()
    assert 0 < int(redis.ttl(f"job:{job.id}:status")) <= 24 * 3600


def test_a_failed_job_keeps_its_reason_and_still_fails(sessions: sessionmaker[Session], clock: ManualClock) -> None:
    with pytest.raises(ValueError, match="no feed"), logged(sessions, JobType.COLLECT, clock=clock):
        raise ValueError("no feed answered")
    assert the_job(sessions).status is JobStatus.FAILED
    assert the_job(sessions).error_message == "ValueError: no feed answered"


def test_an_interrupted_job_is_cancelled(sessions: sessionmaker[Session], clock: ManualClock) -> None:
    with pytest.raises(KeyboardInterrupt), logged(sessions, JobType.COLLECT, clock=clock):
        raise KeyboardInterrupt
    assert the_job(sessions).status is JobStatus.CANCELLED


def test_redis_that_is_down_stops_no_job(sessions: sessionmaker[Session], clock: ManualClock) -> None:
    with logged(sessions, JobType.COLLECT, clock=clock, redis=RedisResource(url="").client):
        pass
    assert the_job(sessions).status is JobStatus.COMPLETED
