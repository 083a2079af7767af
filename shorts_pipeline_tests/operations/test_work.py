from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import StageAttempt, Topic, TopicStatus
from shorts_pipeline.operations.work import AllFailed, Worked, work_through
from shorts_pipeline_tests.rows import a_channel, a_topic

PENDING = select(Topic.id).where(Topic.status == TopicStatus.PENDING).order_by(Topic.score_total.desc())


@pytest.fixture
def topics(sessions: sessionmaker[Session]) -> list[UUID]:
    with sessions.begin() as session:
        channel = a_channel(session)
        return [a_topic(session, channel, score_total=score).id for score in (90, 80, 70)]


def use(topic_id: UUID) -> Callable[[Session], UUID]:
    def save(session: Session) -> UUID:
        session.get_one(Topic, topic_id).status = TopicStatus.USED
        return topic_id

    return save


def work(
    sessions: sessionmaker[Session],
    clock: ManualClock,
    do: Callable[[UUID], Callable[[Session], UUID]],
    limit: int | None = None,
) -> Worked[UUID]:
    return work_through(
        sessions,
        stage="scripts",
        candidates=PENDING,
        owner="run",
        clock=clock,
        lease=timedelta(minutes=5),
        limit=limit,
        do=do,
    )


def test_every_candidate_is_done_once_and_best_first(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    assert work(sessions, clock, use, limit=2).done == topics[:2]
    assert work(sessions, clock, use).done == topics[2:]
    assert work(sessions, clock, use).done == []
    with sessions.begin() as session:
        assert session.scalars(select(StageAttempt)).all() == [], "a lease ends with its result"


def test_a_row_that_fails_is_explained_and_stops_no_other(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    def do(topic_id: UUID) -> Callable[[Session], UUID]:
        if topic_id == topics[1]:
            raise ValueError("no sentence to build on")
        return use(topic_id)

    worked = work(sessions, clock, do)
    assert worked.done == [topics[0], topics[2]]
    assert [(failure.target_id, failure.reason) for failure in worked.failed] == [
        (topics[1], "ValueError: no sentence to build on")
    ]
    worked.raise_if_all_failed()


def test_a_run_fails_only_when_all_its_rows_failed(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    def do(topic_id: UUID) -> Callable[[Session], UUID]:
        raise ValueError("nothing works")

    with pytest.raises(AllFailed, match="all 3 rows failed"):
        work(sessions, clock, do).raise_if_all_failed()


def test_a_save_that_breaks_leaves_nothing_half_done(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    def do(topic_id: UUID) -> Callable[[Session], UUID]:
        def save(session: Session) -> UUID:
            use(topic_id)(session)
            session.flush()
            raise ValueError("broke after the write")

        return save

    assert len(work(sessions, clock, do).failed) == 3
    with sessions.begin() as session:
        assert set(session.scalars(select(Topic.status))) == {TopicStatus.PENDING}


def test_no_transaction_is_open_while_the_work_goes_on(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    open_transactions = []

    def do(topic_id: UUID) -> Callable[[Session], UUID]:
        with sessions.begin() as session:
            statement = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start < now()"
            )
            open_transactions.append(session.connection().exec_driver_sql(statement).scalar_one())
        return use(topic_id)

    work(sessions, clock, do)
    assert open_transactions == [0, 0, 0]


def test_what_was_made_under_a_lost_lease_is_not_kept(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    def do(topic_id: UUID) -> Callable[[Session], UUID]:
        with sessions.begin() as session:
            lease = session.scalars(select(StageAttempt).where(StageAttempt.target_id == topic_id)).one()
            lease.claimed_by = "somebody else"
        return use(topic_id)

    worked = work(sessions, clock, do, limit=1)
    assert worked.done == []
    assert "taken over" in worked.failed[0].reason
