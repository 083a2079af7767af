"""Killed runs: the job log of a run that could not say its end itself."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.orm import Session

from shorts_pipeline.database import JobLog, JobStatus


def close_job_logs(session: Session, *, run_id: str, status: JobStatus, reason: str, now: datetime) -> int:
    """End what the run left `running`; the number of rows ended. A run that ended its rows itself has none."""
    return _close(session, JobLog.run_metadata["run_id"].astext == run_id, status=status, reason=reason, now=now)


def close_killed_step(session: Session, *, channel_id: UUID, step: str, now: datetime) -> int:
    """End what earlier processes left `running` of a step that nobody else works on now; the number of rows ended."""
    left = and_(JobLog.channel_id == channel_id, JobLog.run_metadata["step"].astext == step)
    reason = "its process was killed"
    return _close(session, left, status=JobStatus.FAILED, reason=reason, now=now)


def _close(session: Session, left: ColumnElement[bool], *, status: JobStatus, reason: str, now: datetime) -> int:
    ended = session.scalars(
        update(JobLog)
        .where(JobLog.status == JobStatus.RUNNING, left)
        .values(status=status, completed_at=now, error_message=reason)
        .returning(JobLog.id)
    )
    return len(ended.all())
