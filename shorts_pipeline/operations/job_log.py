"""The job log: one row of `job_logs` a run of a stage, for people who ask what happened and when.

PostgreSQL has the truth; `job:{id}:status` in Redis shows the live state and may be missing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import JobLog, JobStatus, JobType

KEPT_AFTER_THE_END = timedelta(days=1)


@dataclass
class Job:
    """A job under way; `result` is stored when it ends."""

    id: UUID
    result: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def logged(
    sessions: sessionmaker[Session],
    job_type: JobType,
    *,
    clock: Clock,
    channel_id: UUID | None = None,
    metadata: Mapping[str, Any] | None = None,
    redis: Redis | None = None,
) -> Iterator[Job]:
    """A row that says running while the block lasts, then completed with its result, failed, or cancelled."""
    job = begin(sessions, job_type, clock=clock, channel_id=channel_id, metadata=metadata, redis=redis)
    try:
        yield job
    except Exception as error:
        end(sessions, job, JobStatus.FAILED, clock.now(), redis, f"{type(error).__name__}: {error}")
        raise
    except BaseException:
        end(sessions, job, JobStatus.CANCELLED, clock.now(), redis, "interrupted")
        raise
    end(sessions, job, JobStatus.COMPLETED, clock.now(), redis, None)


def begin(
    sessions: sessionmaker[Session],
    job_type: JobType,
    *,
    clock: Clock,
    channel_id: UUID | None = None,
    metadata: Mapping[str, Any] | None = None,
    redis: Redis | None = None,
) -> Job:
    """A row that says running, for a job whose end is in another step of its run; what dies, sensors.py ends."""
    job = Job(uuid4())
    with sessions.begin() as session:
        session.add(
            JobLog(
                id=job.id,
                job_type=job_type,
                channel_id=channel_id,
                status=JobStatus.RUNNING,
                started_at=clock.now(),
                run_metadata=dict(metadata or {}),
            )
        )
    _show(redis, job.id, JobStatus.RUNNING)
    return job


def end(
    sessions: sessionmaker[Session],
    job: Job,
    status: JobStatus,
    now: datetime,
    redis: Redis | None,
    error: str | None,
) -> None:
    """The job has ended: its status, its result, and why where it failed."""
    with sessions.begin() as session:
        session.execute(
            update(JobLog)
            .where(JobLog.id == job.id)
            .values(status=status, completed_at=now, result=dict(job.result), error_message=error)
        )
    _show(redis, job.id, status)


def _show(redis: Redis | None, job_id: UUID, status: JobStatus) -> None:
    if redis is None:
        return
    key = f"job:{job_id}:status"
    with suppress(RedisError):
        redis.set(key, status.value, ex=None if status is JobStatus.RUNNING else KEPT_AFTER_THE_END)
