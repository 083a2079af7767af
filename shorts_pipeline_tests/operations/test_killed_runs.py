from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import JobLog, JobStatus, JobType
from shorts_pipeline.operations.killed_runs import close_job_logs


def test_what_a_killed_run_left_running_is_ended_and_nothing_else(
    sessions: sessionmaker[Session], clock: ManualClock
) -> None:
    rows = {
        "killed": ("run-1", JobStatus.RUNNING),
        "ended by itself": ("run-1", JobStatus.COMPLETED),
        "of another run": ("run-2", JobStatus.RUNNING),
    }
    with sessions.begin() as session:
        ids = {}
        for name, (run_id, status) in rows.items():
            row = JobLog(job_type=JobType.COLLECT, status=status, run_metadata={"run_id": run_id})
            session.add(row)
            session.flush()
            ids[name] = row.id
    with sessions.begin() as session:
        ended = close_job_logs(
            session, run_id="run-1", status=JobStatus.FAILED, reason="the run ended FAILURE", now=clock.now()
        )
    assert ended == 1
    with sessions() as session:
        found = {row.id: row for row in session.scalars(select(JobLog))}
    killed = found[ids["killed"]]
    assert (killed.status, killed.completed_at) == (JobStatus.FAILED, clock.now())
    assert killed.error_message == "the run ended FAILURE"
    assert found[ids["ended by itself"]].status is JobStatus.COMPLETED
    assert found[ids["of another run"]].status is JobStatus.RUNNING
