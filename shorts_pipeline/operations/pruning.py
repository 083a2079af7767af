"""Prune: what grows without end and that nobody asks for again.

The job log, what people were told long ago, Dagster's own log of a run's steps, and pictures that were downloaded.
What an asset, a check or a partition is known by is kept, so that the catalog and the partitions look the same
afterwards.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import JobLog, JobStatus, Notice
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.media.pruning import Freed, prune_cache

JOB_LOGS_KEPT = timedelta(days=180)
NOTICES_KEPT = timedelta(days=180)
"""Longer than any review can wait, so that nobody is told twice of one."""
STEP_LOGS_KEPT = timedelta(days=30)
BATCH = 10_000
NOTHING = Freed(0, 0)


@dataclass(frozen=True)
class Pruned:
    """Rows removed, and files of the media cache."""

    job_logs: int
    notices: int
    step_logs: int
    cache: Freed = NOTHING

    def as_metadata(self) -> dict[str, int]:
        return {
            "job_logs": self.job_logs,
            "notices": self.notices,
            "step_logs": self.step_logs,
            "cached_files": self.cache.files,
            "cached_bytes": self.cache.size,
        }


def prune(
    sessions: sessionmaker[Session], dagster_engine: Engine | None, *, now: datetime, media: MediaStore | None = None
) -> Pruned:
    """Remove what is older than it is kept, a batch a transaction; safe to repeat and to interrupt."""
    job_logs = notices = step_logs = 0
    while removed := _prune_job_logs(sessions, now - JOB_LOGS_KEPT):
        job_logs += removed
    while removed := _prune_notices(sessions, now - NOTICES_KEPT):
        notices += removed
    if dagster_engine is not None:
        while removed := _prune_step_logs(dagster_engine, now - STEP_LOGS_KEPT):
            step_logs += removed
    return Pruned(job_logs, notices, step_logs, prune_cache(media, now=now) if media is not None else NOTHING)


def _prune_job_logs(sessions: sessionmaker[Session], before: datetime) -> int:
    old = select(JobLog.id).where(JobLog.completed_at < before, JobLog.status != JobStatus.RUNNING).limit(BATCH)
    with sessions.begin() as session:
        return len(session.scalars(delete(JobLog).where(JobLog.id.in_(old)).returning(JobLog.id)).all())


def _prune_notices(sessions: sessionmaker[Session], before: datetime) -> int:
    old = select(Notice.id).where(Notice.sent_at < before).limit(BATCH)
    with sessions.begin() as session:
        return len(session.scalars(delete(Notice).where(Notice.id.in_(old)).returning(Notice.id)).all())


def _prune_step_logs(engine: Engine, before: datetime) -> int:
    """Dagster never prunes `event_logs`. Rows with an asset key are what its catalog is made of: they stay."""
    with engine.begin() as connection:
        removed = connection.execute(
            text(
                "DELETE FROM event_logs WHERE id IN (SELECT id FROM event_logs"
                " WHERE asset_key IS NULL AND timestamp < :before"
                " AND coalesce(dagster_event_type, '') NOT LIKE 'ASSET%' ORDER BY id LIMIT :batch)"
            ),
            {"before": before.replace(tzinfo=None), "batch": BATCH},
        )
        return removed.rowcount
