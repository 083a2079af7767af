"""Decisions: a person says yes or no, once.

The review row, its target and the append-only list move in one transaction, by compare-and-set: of two
who decide at once one wins and the other is told. Redis follows after the commit (pending.py).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from shorts_pipeline.database import ReviewDecision, ReviewQueue, ReviewStatus, ReviewType
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.review.edits import NOTHING, Edits, NotEditable, edit
from shorts_pipeline.review.gates import APPROVE
from shorts_pipeline.review.queue import waiting
from shorts_pipeline.review.states import move
from shorts_pipeline.review.targets import TARGETS, Target, signature, standings

__all__ = ["AlreadyDecided", "Decided", "NotEditable", "NotInReview", "approve", "expire_one", "reject", "waiting"]

REJECT, EXPIRE = "reject", "expire"
_OPEN = (ReviewStatus.PENDING, ReviewStatus.IN_PROGRESS)
_STATUS = {APPROVE: ReviewStatus.APPROVED, REJECT: ReviewStatus.REJECTED, EXPIRE: ReviewStatus.EXPIRED}


class AlreadyDecided(PipelineError):
    """Somebody, or a rule, was first; the message says who, what and when. Nothing was changed."""


class NotInReview(PipelineError):
    """There is no such review."""


@dataclass(frozen=True)
class Decided:
    """What was decided on."""

    review_id: UUID
    channel_id: UUID
    review_type: ReviewType
    target_id: UUID


def approve(
    session: Session, review_id: UUID, *, by: str, now: datetime, notes: str | None = None, edits: Edits = NOTHING
) -> Decided:
    """Let it go on to the next step, changed as `edits` say (edits.py).

    Raises AlreadyDecided, NotInReview or NotEditable.
    """
    return _decide(session, review_id, APPROVE, by=by, now=now, notes=notes, edits=edits)


def reject(session: Session, review_id: UUID, *, by: str, now: datetime, notes: str | None = None) -> Decided:
    """Keep it from going on, for good. Raises AlreadyDecided or NotInReview."""
    return _decide(session, review_id, REJECT, by=by, now=now, notes=notes)


def expire_one(session: Session, review_id: UUID, *, now: datetime) -> Decided:
    """Nobody decided in time: the review ends and its target does not go on."""
    return _decide(session, review_id, EXPIRE, by="rule:expiry", now=now, notes="nobody decided in time")


def _decide(
    session: Session,
    review_id: UUID,
    action: str,
    *,
    by: str,
    now: datetime,
    notes: str | None,
    edits: Edits = NOTHING,
) -> Decided:
    decided = _close(session, review_id, action, by=by, now=now, notes=notes)
    target = TARGETS[decided.review_type]
    found = standings(session, decided.review_type, [decided.target_id], lock=True).get(decided.target_id)
    if found is None:
        raise AlreadyDecided(f"the {decided.review_type} under review is gone; nothing was changed")
    changed = edit(session, decided.review_type, decided.target_id, edits) if edits else {}
    if changed:
        found = standings(session, decided.review_type, [decided.target_id])[decided.target_id]
    if found.status == target.waits:
        to, values = _end_of(target, action, by=by, now=now, notes=notes)
        move(session, target.model, decided.target_id, source=target.waits, to=to, values=values)
    elif action != EXPIRE:
        raise AlreadyDecided(f"the {decided.review_type} is {found.status} by now; nothing was changed")
    entry = {"review_id": review_id, "decided_by": by[:100], "decided_at": now, "action": action, "reason": notes}
    what = {"content_hash": found.content_hash, "edits": changed}
    session.execute(insert(ReviewDecision).values(**entry, **what, created_at=func.clock_timestamp()))
    return decided


def _close(session: Session, review_id: UUID, action: str, *, by: str, now: datetime, notes: str | None) -> Decided:
    closed = session.execute(
        update(ReviewQueue)
        .where(ReviewQueue.id == review_id, ReviewQueue.status.in_(_OPEN))
        .values(
            status=_STATUS[action],
            reviewed_at=now,
            reviewed_by=by[:100],
            review_action=action,
            review_notes=notes,
        )
        .returning(ReviewQueue.channel_id, ReviewQueue.review_type, ReviewQueue.target_id)
        .execution_options(synchronize_session="fetch")
    ).first()
    if closed is None:
        raise _why_not(session, review_id)
    return Decided(review_id, *closed)


def _why_not(session: Session, review_id: UUID) -> PipelineError:
    row = session.execute(
        select(ReviewQueue.status, ReviewQueue.reviewed_by, ReviewQueue.reviewed_at).where(ReviewQueue.id == review_id)
    ).first()
    if row is None:
        return NotInReview(f"there is no review {review_id}")
    when = f" at {row[2]:%Y-%m-%d %H:%M} UTC" if row[2] else ""
    return AlreadyDecided(f"review {review_id} was {row[0]} by {row[1] or 'somebody'}{when}; nothing was changed")


def _end_of(
    target: Target, action: str, *, by: str, now: datetime, notes: str | None
) -> tuple[StrEnum, dict[str, object]]:
    """The target's new status and what its own row keeps of the decision."""
    to = {APPROVE: target.approved, REJECT: target.rejected, EXPIRE: target.expired}[action]
    values = signature(target, by=by[:100], now=now)
    if notes and hasattr(target.model, "review_notes"):
        values["review_notes"] = notes
    return to, values
