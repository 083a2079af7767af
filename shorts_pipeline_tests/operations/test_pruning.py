from collections.abc import Callable
from datetime import timedelta

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorageTable
from dagster_postgres import PostgresEventLogStorage
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import JobLog, JobStatus, JobType, Notice
from shorts_pipeline.operations.pruning import JOB_LOGS_KEPT, NOTICES_KEPT, STEP_LOGS_KEPT, prune
from shorts_pipeline_tests.rows import a_channel


def test_old_job_logs_go_and_running_ones_stay(sessions: sessionmaker[Session], clock: ManualClock) -> None:
    old, young = clock.now() - JOB_LOGS_KEPT - timedelta(days=1), clock.now() - timedelta(days=1)
    with sessions.begin() as session:
        for status, completed_at in (
            (JobStatus.COMPLETED, old),
            (JobStatus.FAILED, young),
            (JobStatus.RUNNING, None),
        ):
            session.add(JobLog(job_type=JobType.COLLECT, status=status, completed_at=completed_at))
    assert prune(sessions, None, now=clock.now()).job_logs == 1
    assert prune(sessions, None, now=clock.now()).job_logs == 0


def test_what_people_were_told_long_ago_goes_and_what_is_untold_stays(
    sessions: sessionmaker[Session], clock: ManualClock
) -> None:
    old, young = clock.now() - NOTICES_KEPT - timedelta(days=1), clock.now() - timedelta(days=1)
    with sessions.begin() as session:
        channel = a_channel(session)
        for subject, sent_at in (("old", old), ("young", young), ("untold", None)):
            told = {"event": "waiting", "subject": subject, "claimed_until": young, "sent_at": sent_at}
            session.add(Notice(channel_id=channel.id, **told))
    assert prune(sessions, None, now=clock.now()).notices == 1
    with sessions() as session:
        assert set(session.scalars(sa.select(Notice.subject))) == {"young", "untold"}


def test_old_steps_go_from_dagsters_log_and_the_catalog_stays(
    sessions: sessionmaker[Session], clock: ManualClock, make_database: Callable[..., str]
) -> None:
    """`event_logs` is never pruned by Dagster: about 300 MB a day at a run every five minutes."""
    url = make_database(empty=True)
    storage = PostgresEventLogStorage(url.replace("postgresql+psycopg://", "postgresql+psycopg2://"), True)

    @dg.asset
    def topics() -> None: ...

    with dg.instance_for_test() as instance:
        result = dg.materialize([topics], instance=instance)
        for entry in instance.all_logs(result.run_id):
            storage.store_event(entry)
    engine = sa.create_engine(url)
    future = clock.now().replace(year=2100)
    removed = prune(sessions, engine, now=future).step_logs
    with engine.connect() as connection:
        left = list(connection.scalars(sa.select(SqlEventLogStorageTable.c.dagster_event_type)))
    engine.dispose()
    assert removed > 5
    assert "ASSET_MATERIALIZATION" in left
    assert "STEP_START" not in left
    assert storage.get_latest_materialization_events([dg.AssetKey("topics")])
    assert prune(sessions, None, now=future + STEP_LOGS_KEPT).step_logs == 0
