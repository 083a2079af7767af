"""The ledger: reserved before, spent after, never more than a day has."""

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import QuotaLedger
from shorts_pipeline.resources.youtube import QuotaSpent
from shorts_pipeline.uploads import quota

DAY = date(2026, 3, 1)  # in California


def spend(sessions, clock, *, bucket="insert", cost=1):
    return quota.spending(sessions, project="sandbox", bucket=bucket, cost=cost, clock=clock)


def ledger(sessions):
    with sessions() as session:
        return {(row.bucket, row.day): (row.reserved, row.spent) for row in session.scalars(select(QuotaLedger))}


def test_a_call_is_reserved_before_and_spent_after(sessions, clock):
    with spend(sessions, clock, bucket="units", cost=50):
        assert ledger(sessions) == {("units", DAY): (50, 0)}
    assert ledger(sessions) == {("units", DAY): (0, 50)}


def test_a_failed_call_is_spent_too(sessions, clock):
    with pytest.raises(ConnectionError), spend(sessions, clock):
        raise ConnectionError
    assert ledger(sessions) == {("insert", DAY): (0, 1)}


def test_an_empty_day_refuses_without_a_call_until_pacific_midnight(sessions, clock):
    with spend(sessions, clock, bucket="units", cost=9_990):
        pass
    with pytest.raises(QuotaSpent) as refused, spend(sessions, clock, bucket="units", cost=50):
        raise AssertionError("called")
    assert refused.value.until == datetime(2026, 3, 2, 8, tzinfo=UTC)
    with sessions() as session:
        assert quota.left(session, project="sandbox", bucket="units", now=clock.now()) == 10
        assert quota.left(session, project="sandbox", bucket="units", now=refused.value.until) == 10_000


def test_when_google_says_so_first_the_day_is_closed(sessions, clock):
    with pytest.raises(QuotaSpent), spend(sessions, clock):
        raise QuotaSpent("quotaExceeded", until=clock.now())
    with pytest.raises(QuotaSpent), spend(sessions, clock):
        raise AssertionError("called")


def test_a_new_pacific_day_begins_at_its_own_midnight_on_the_day_the_clocks_change(sessions):
    clock = ManualClock(datetime(2026, 3, 9, 6, 59, tzinfo=UTC))
    with spend(sessions, clock):
        pass
    clock._at = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    with spend(sessions, clock):
        pass
    assert set(ledger(sessions)) == {("insert", date(2026, 3, 8)), ("insert", date(2026, 3, 9))}


def test_many_at_once_never_take_more_than_the_day_has(sessions):
    taken = []

    def take():
        for _ in range(30):
            with sessions.begin() as session:
                if quota.reserve(session, project="sandbox", bucket="insert", cost=1, day=DAY):
                    taken.append(1)

    threads = [threading.Thread(target=take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 100
