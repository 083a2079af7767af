"""Leases and failures of long work: one row of `stage_attempts` for a stage and a target.

A claim is a short transaction. The work happens outside any transaction, the lease is renewed while it
lasts, and its end is in the same transaction as the result. A lease that ran out is free again, so what a
killed process held is taken up by the next run. A row that keeps failing is parked with its reason and
costs nothing more until a person, or a change, frees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shorts_pipeline.database import StageAttempt
from shorts_pipeline.errors import NeedsPerson, Parked, Rejected, RetryLater

MOST_ATTEMPTS = 5
FIRST_BACK_OFF = timedelta(minutes=2)
LONGEST_BACK_OFF = timedelta(hours=6)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
REASON_LIMIT = 2000


class LeaseLost(Exception):
    """Somebody else holds the row now: what was made for it must not be kept."""


@dataclass(frozen=True)
class Failure:
    """A row that failed: why, and whether it waits for a person."""

    target_id: UUID
    reason: str
    parked: bool


def claim(
    session: Session,
    *,
    stage: str,
    candidates: Select[UUID],
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    force: bool = False,
) -> list[UUID]:
    """Lease at most `limit` candidates, in the candidates' order; rows leased, waiting or parked are passed over.

    `force` takes waiting and parked rows too and forgets their failures; a live lease is never broken.
    """
    _park_the_exhausted(session, stage, now)
    wanted = _free_candidates(session, stage, candidates, now, limit, force)
    if not wanted:
        return []
    session.execute(
        insert(StageAttempt)
        .values([{"id": uuid4(), "stage": stage, "target_id": target} for target in sorted(wanted)])
        .on_conflict_do_nothing(index_elements=["stage", "target_id"])
    )
    free = (
        select(StageAttempt.id)
        .where(StageAttempt.stage == stage, StageAttempt.target_id.in_(wanted), _is_free(now, force))
        .with_for_update(skip_locked=True)
    )
    leased = set(
        session.scalars(
            update(StageAttempt)
            .where(StageAttempt.id.in_(free))
            .values(
                attempts=1 if force else StageAttempt.attempts + 1,
                claimed_by=owner,
                claimed_until=now + lease,
                next_attempt_at=None,
                parked_until=None,
                reason=None if force else StageAttempt.reason,
            )
            .returning(StageAttempt.target_id)
            .execution_options(synchronize_session=False)
        )
    )
    return _still_candidates(session, stage, candidates, wanted, leased)


def free(
    session: Session,
    *,
    stage: str,
    candidates: Select[UUID],
    now: datetime,
    limit: int | None = None,
    force: bool = False,
) -> list[UUID]:
    """What `claim` would lease now, in the candidates' order; nothing is leased."""
    _park_the_exhausted(session, stage, now)
    return _free_candidates(session, stage, candidates, now, limit, force)


def renew(session: Session, *, stage: str, target_id: UUID, owner: str, until: datetime) -> bool:
    """Hold the lease until `until`; False where it is no longer ours."""
    renewed = session.scalars(
        update(StageAttempt)
        .where(StageAttempt.stage == stage, StageAttempt.target_id == target_id, StageAttempt.claimed_by == owner)
        .values(claimed_until=until)
        .returning(StageAttempt.id)
    )
    return renewed.first() is not None


def complete(session: Session, *, stage: str, target_id: UUID, owner: str) -> None:
    """End the lease with success. Raises `LeaseLost` where it is no longer ours: roll back then."""
    ended = session.scalars(
        delete(StageAttempt)
        .where(StageAttempt.stage == stage, StageAttempt.target_id == target_id, StageAttempt.claimed_by == owner)
        .returning(StageAttempt.id)
    )
    if ended.first() is None:
        raise LeaseLost(f"{stage} {target_id}: the lease was taken over while the work went on")


def fail(
    session: Session, *, stage: str, target_id: UUID, owner: str, error: BaseException, now: datetime
) -> Failure | None:
    """Record a failure and end the lease; None where the lease is no longer ours."""
    row = session.scalars(
        select(StageAttempt)
        .where(StageAttempt.stage == stage, StageAttempt.target_id == target_id, StageAttempt.claimed_by == owner)
        .with_for_update()
    ).first()
    if row is None:
        return None
    row.claimed_by, row.claimed_until = None, None
    row.reason = reason_of(error)
    if isinstance(error, Parked):
        row.parked_until = error.until
        row.attempts -= 1  # a quota is not the row's fault
    elif isinstance(error, NeedsPerson | Rejected) or row.attempts >= MOST_ATTEMPTS:
        row.parked_until = FOREVER
    else:
        delay = error.delay if isinstance(error, RetryLater) else None
        row.next_attempt_at = now + (delay or back_off(row.attempts))
    return Failure(target_id, row.reason, parked=row.parked_until == FOREVER)


def release(session: Session, *, stage: str, target_ids: Sequence[UUID]) -> int:
    """Free parked and waiting rows, as a person or a change asks; the number of rows freed."""
    freed = session.scalars(
        delete(StageAttempt)
        .where(StageAttempt.stage == stage, StageAttempt.target_id.in_(target_ids), StageAttempt.claimed_by.is_(None))
        .returning(StageAttempt.id)
    )
    return len(freed.all())


def back_off(attempts: int) -> timedelta:
    """How long to wait after this many attempts: doubling, capped."""
    return min(FIRST_BACK_OFF * float(2 ** max(attempts - 1, 0)), LONGEST_BACK_OFF)


def reason_of(error: BaseException) -> str:
    """The error in one stored text, its kind first where the kind is not one of ours."""
    known = isinstance(error, RetryLater | Parked | NeedsPerson | Rejected)
    text = str(error) if known else f"{type(error).__name__}: {error}"
    return text[:REASON_LIMIT]


def _is_free(now: datetime, force: bool) -> ColumnElement[bool]:
    no_lease = or_(StageAttempt.claimed_until.is_(None), StageAttempt.claimed_until <= now)
    if force:
        return no_lease
    return and_(
        no_lease,
        or_(StageAttempt.next_attempt_at.is_(None), StageAttempt.next_attempt_at <= now),
        or_(StageAttempt.parked_until.is_(None), StageAttempt.parked_until <= now),
    )


def _free_candidates(
    session: Session, stage: str, candidates: Select[UUID], now: datetime, limit: int | None, force: bool
) -> list[UUID]:
    target = candidates.subquery("candidates")
    ranked = select(target.c[0].label("id"), func.row_number().over().label("rank")).subquery("ranked")
    statement = (
        select(ranked.c.id)
        .outerjoin(StageAttempt, and_(StageAttempt.stage == stage, StageAttempt.target_id == ranked.c.id))
        .where(or_(StageAttempt.id.is_(None), _is_free(now, force)))
        .order_by(ranked.c.rank)
        .limit(limit)
    )
    return list(session.scalars(statement))


def _still_candidates(
    session: Session, stage: str, candidates: Select[UUID], wanted: Sequence[UUID], leased: set[UUID]
) -> list[UUID]:
    """What is still to be done: another run may have finished a row between our look and our lease."""
    if not leased:
        return []
    target = candidates.subquery("candidates")
    current = set(session.scalars(select(target.c[0]).where(target.c[0].in_(leased))))
    if finished := leased - current:
        session.execute(delete(StageAttempt).where(StageAttempt.stage == stage, StageAttempt.target_id.in_(finished)))
    return [target_id for target_id in wanted if target_id in current]


def _park_the_exhausted(session: Session, stage: str, now: datetime) -> None:
    """A row whose workers keep dying says nothing itself: park it here."""
    session.execute(
        update(StageAttempt)
        .where(
            StageAttempt.stage == stage,
            StageAttempt.attempts >= MOST_ATTEMPTS,
            StageAttempt.claimed_until <= now,
            StageAttempt.parked_until.is_(None),
        )
        .values(
            parked_until=FOREVER,
            claimed_by=None,
            claimed_until=None,
            reason=func.coalesce(StageAttempt.reason, f"its worker died {MOST_ATTEMPTS} times"),
        )
        .execution_options(synchronize_session=False)
    )
