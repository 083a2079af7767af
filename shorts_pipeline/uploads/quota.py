"""Quota: what a Google project has left today, reserved before each call, spent after it.

A reservation that a kill leaves behind counts as spent: rather too careful than refused. Days are Pacific.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import QuotaLedger
from shorts_pipeline.resources.youtube import QuotaSpent
from shorts_pipeline.resources.youtube.faults import pacific_midnight

# A project's daily limits: YouTube Data API, quota overview.
LIMITS = {"insert": 100, "search": 100, "units": 10_000, "batch": 10_000}
INSERT, UNITS = "insert", "units"
_PACIFIC = ZoneInfo("America/Los_Angeles")


class Purchase(TypedDict):
    """What a call costs, and whom."""

    project: str
    bucket: str
    cost: int
    clock: Clock


@contextmanager
def spending(sessions: sessionmaker[Session], *, project: str, bucket: str, cost: int, clock: Clock) -> Iterator[None]:
    """Reserve, let the call happen, and count it as spent however it ended: Google charges failed calls too.

    Raises QuotaSpent, without a call, where the day has not enough left; when Google says so first, the day is closed.
    """
    day, until = _day(clock.now()), pacific_midnight(clock.now())
    with sessions.begin() as session:
        reserved = reserve(session, project=project, bucket=bucket, cost=cost, day=day)
    if not reserved:
        raise QuotaSpent(f"today's quota of {project} ({bucket}) is spent", until=until)
    try:
        yield
    except QuotaSpent:
        with sessions.begin() as session:
            _close_day(session, project=project, bucket=bucket, day=day)
        raise
    finally:
        with sessions.begin() as session:
            settle(session, project=project, bucket=bucket, cost=cost, day=day)


def reserve(session: Session, *, project: str, bucket: str, cost: int, day: date) -> bool:
    """Take `cost` from what the day has left; False where it has not enough. Two at once never take more than that."""
    limit = LIMITS[bucket]
    if cost > limit:
        return False
    statement = insert(QuotaLedger).values(project=project, bucket=bucket, day=day, reserved=cost, limit=limit)
    taken = session.scalars(
        statement.on_conflict_do_update(
            index_elements=["project", "bucket", "day"],
            set_={"reserved": QuotaLedger.reserved + cost, "updated_at": func.now()},
            where=QuotaLedger.reserved + QuotaLedger.spent + cost <= QuotaLedger.limit,
        ).returning(QuotaLedger.id)
    )
    return taken.first() is not None


def settle(session: Session, *, project: str, bucket: str, cost: int, day: date) -> None:
    """A reservation has become a call."""
    session.execute(
        update(QuotaLedger)
        .where(QuotaLedger.project == project, QuotaLedger.bucket == bucket, QuotaLedger.day == day)
        .values(
            reserved=func.greatest(QuotaLedger.reserved - cost, 0),
            spent=func.least(QuotaLedger.spent + cost, QuotaLedger.limit),
        )
    )


def left(session: Session, *, project: str, bucket: str, now: datetime) -> int:
    """What the Pacific day of `now` has left."""
    row = session.execute(
        select(QuotaLedger.limit - QuotaLedger.reserved - QuotaLedger.spent).where(
            QuotaLedger.project == project, QuotaLedger.bucket == bucket, QuotaLedger.day == _day(now)
        )
    ).scalar()
    return LIMITS[bucket] if row is None else max(row, 0)


def today(session: Session, now: datetime, projects: Iterable[str] = ()) -> list[tuple[str, str, int, int]]:
    """(project, bucket, left, limit) on the Pacific day of `now`: what was used, and what `projects` upload with."""
    found = {(project, bucket): (LIMITS[bucket], LIMITS[bucket]) for project in projects for bucket in (INSERT, UNITS)}
    for row in session.scalars(select(QuotaLedger).where(QuotaLedger.day == _day(now))):
        found[row.project, row.bucket] = (max(row.limit - row.reserved - row.spent, 0), row.limit)
    return [(project, bucket, left, limit) for (project, bucket), (left, limit) in sorted(found.items())]


def _close_day(session: Session, *, project: str, bucket: str, day: date) -> None:
    session.execute(
        update(QuotaLedger)
        .where(QuotaLedger.project == project, QuotaLedger.bucket == bucket, QuotaLedger.day == day)
        .values(spent=QuotaLedger.limit)
    )


def _day(now: datetime) -> date:
    return now.astimezone(_PACIFIC).date()
