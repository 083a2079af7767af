"""Killed runs: the job log of a run that could not say its end itself."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from shorts_pipeline.database import JobLog, JobStatus


def close_job_logs(session: Session, *, run_id: str, status: JobStatus, reason: str, now: datetime) -> int:
    """End what the run left `running`; the number of rows ended. A run that ended its rows itself has none."""
    ended = session.scalars(
        update(JobLog)
        .where(JobLog.status == JobStatus.RUNNING, JobLog.run_metadata["run_id"].astext == run_id)
        .values(status=status, completed_at=now, error_message=reason)
        .returning(JobLog.id)
    )
    return len(ended.all())
