from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import StageAttempt, Topic
from shorts_pipeline.errors import NeedsPerson, Parked, Rejected, RetryLater
from shorts_pipeline.operations import attempts
from shorts_pipeline_tests.rows import a_channel, a_topic

LEASE = timedelta(minutes=10)
BEST_FIRST: Select[tuple[UUID]] = select(Topic.id).order_by(Topic.score_total.desc())


@pytest.fixture
def topics(sessions: sessionmaker[Session]) -> list[UUID]:
    """Three topics, best first."""
    with sessions.begin() as session:
        channel = a_channel(session)
        return [a_topic(session, channel, score_total=score).id for score in (90, 80, 70)]


def claim(sessions: sessionmaker[Session], clock: ManualClock, *, owner: str = "run-1", limit: int = 10, **over: bool):
    with sessions.begin() as session:
        return attempts.claim(
            session,
            stage="scripts",
            candidates=BEST_FIRST,
            owner=owner,
            now=clock.now(),
            lease=LEASE,
            limit=limit,
            **over,
        )


def fail(
    sessions: sessionmaker[Session], clock: ManualClock, target: UUID, error: Exception
) -> attempts.Failure | None:
    with sessions.begin() as session:
        return attempts.fail(session, stage="scripts", target_id=target, owner="run-1", error=error, now=clock.now())


def test_the_best_candidates_are_leased_first(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    assert claim(sessions, clock, limit=2) == topics[:2]
    assert claim(sessions, clock, owner="run-2") == topics[2:], "what another run holds is passed over"


def test_a_lease_that_ran_out_is_taken_up_by_the_next_run(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    claim(sessions, clock)
    clock.move(LEASE)
    assert claim(sessions, clock, owner="run-2") == topics


def test_a_renewed_lease_holds(sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]) -> None:
    claim(sessions, clock)
    with sessions.begin() as session:
        until = clock.now() + 2 * LEASE
        assert attempts.renew(session, stage="scripts", target_id=topics[0], owner="run-1", until=until)
        assert not attempts.renew(session, stage="scripts", target_id=topics[0], owner="run-2", until=until)
    clock.move(LEASE)
    assert claim(sessions, clock, owner="run-2") == topics[1:]


def test_a_result_is_refused_when_the_lease_was_taken_over(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    claim(sessions, clock)
    clock.move(LEASE)
    claim(sessions, clock, owner="run-2")
    with pytest.raises(attempts.LeaseLost), sessions.begin() as session:
        attempts.complete(session, stage="scripts", target_id=topics[0], owner="run-1")


def test_a_failed_row_waits_longer_each_time_and_is_parked_in_the_end(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    waits = []
    for _ in range(attempts.MOST_ATTEMPTS):
        assert topics[0] in claim(sessions, clock)
        failure = fail(sessions, clock, topics[0], RuntimeError("the encoder fell over"))
        with sessions.begin() as session:
            row = session.scalars(select(StageAttempt).where(StageAttempt.target_id == topics[0])).one()
            waits.append(row.next_attempt_at - clock.now() if row.next_attempt_at else None)
        clock.move(attempts.LONGEST_BACK_OFF)
    assert waits[:-1] == [timedelta(minutes=minutes) for minutes in (2, 4, 8, 16)]
    assert failure == attempts.Failure(topics[0], "RuntimeError: the encoder fell over", parked=True)
    assert topics[0] not in claim(sessions, clock)


def test_a_quota_parks_until_its_end_and_costs_no_attempt(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    claim(sessions, clock, limit=1)
    fail(sessions, clock, topics[0], Parked("daily quota used", until=clock.now() + timedelta(hours=8)))
    clock.move(timedelta(hours=7))
    assert topics[0] not in claim(sessions, clock, owner="run-1")
    clock.move(timedelta(hours=1))
    assert topics[0] in claim(sessions, clock, owner="run-1")
    with sessions.begin() as session:
        assert session.scalars(select(StageAttempt.attempts).where(StageAttempt.target_id == topics[0])).one() == 1


@pytest.mark.parametrize("error", [NeedsPerson("no voice"), Rejected("no text")])
def test_what_only_a_person_can_mend_is_parked_until_one_frees_it(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID], error: Exception
) -> None:
    claim(sessions, clock, limit=1)
    failure = fail(sessions, clock, topics[0], error)
    assert failure is not None
    assert failure.parked
    clock.move(timedelta(days=365))
    assert topics[0] not in claim(sessions, clock, owner="run-2", limit=1)
    with sessions.begin() as session:
        assert attempts.release(session, stage="scripts", target_ids=[topics[0]]) == 1
    assert claim(sessions, clock, owner="run-3", limit=1) == topics[:1]


def test_a_service_says_how_long_to_wait(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    claim(sessions, clock, limit=1)
    fail(sessions, clock, topics[0], RetryLater("busy", delay=timedelta(seconds=30)))
    clock.move(timedelta(seconds=30))
    assert claim(sessions, clock, limit=1) == topics[:1]


def test_force_takes_parked_rows_but_never_a_live_lease(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    claim(sessions, clock, limit=2)
    fail(sessions, clock, topics[0], Rejected("no text"))
    assert claim(sessions, clock, owner="run-2", force=True) == [topics[0], topics[2]]


def test_a_row_whose_workers_keep_dying_is_parked(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    for _ in range(attempts.MOST_ATTEMPTS):
        assert topics[0] in claim(sessions, clock)
        clock.move(LEASE)
    assert claim(sessions, clock) == []
    with sessions.begin() as session:
        reasons = set(session.scalars(select(StageAttempt.reason)))
    assert reasons == {"its worker died 5 times"}


def test_a_row_that_another_run_finished_meanwhile_is_not_done_again(
    sessions: sessionmaker[Session], clock: ManualClock, topics: list[UUID]
) -> None:
    """The look and the lease are two statements: between them another run may have ended its work."""
    with sessions.begin() as session:
        leased = attempts._still_candidates(
            session, "scripts", BEST_FIRST, [*topics, gone := uuid4()], {topics[0], gone}
        )
    assert leased == [topics[0]]
