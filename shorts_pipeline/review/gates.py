"""Gates: does this need a person? Asked by a stage when it has made something.

`auto` passes it, `manual` waits, `hybrid` passes what is below a risk. Whatever passes leaves the same
trace as a person's decision: a review row, its risk and an entry in the append-only list (decisions.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from shorts_pipeline.database import ReviewDecision, ReviewQueue, ReviewStatus, ReviewType
from shorts_pipeline.database.documents.operation_config import GateMode
from shorts_pipeline.review.risk import Risk
from shorts_pipeline.review.states import AlreadyMoved, move
from shorts_pipeline.review.targets import TARGETS, Standing, signature, standings

__all__ = ["Outcome", "ReviewRequest", "Risk", "submit"]

APPROVE = "approve"


class Outcome(Enum):
    """What became of a request."""

    APPROVED = "approved"
    WAITING = "waiting"
    REJECTED = "rejected"


@dataclass(frozen=True)
class ReviewRequest:
    """One thing made, and by which rule it may go on. `threshold` (0–100) counts for `hybrid` only."""

    channel_id: UUID
    review_type: ReviewType
    target_id: UUID
    mode: GateMode
    threshold: float
    risk: Risk
    priority: int = 0
    expires_at: datetime | None = None
    analysis: dict[str, Any] = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        """Whether the rule lets it go on without a person."""
        return self.mode == "auto" or (self.mode == "hybrid" and self.risk.score < self.threshold)

    @property
    def why(self) -> str:
        """Why it passed, for the record."""
        if self.mode == "auto":
            return f"the gate is automatic; risk {self.risk.score:g}"
        return f"risk {self.risk.score:g} is below {self.threshold:g}"


def submit(session: Session, requests: Sequence[ReviewRequest], *, now: datetime) -> dict[UUID, Outcome]:
    """Put what was made before its gate; what became of each, by target id.

    Asked again about a target it answers as before and changes nothing, unless the content was edited after its
    approval: then it asks anew. Raises AlreadyMoved if a target is no longer where its stage left it.
    """
    outcomes: dict[UUID, Outcome] = {}
    for review_type in dict.fromkeys(request.review_type for request in requests):
        asked = {request.target_id: request for request in requests if request.review_type == review_type}
        found = standings(session, review_type, asked, lock=True)
        new = _insert(session, list(asked.values()), now)
        _open(session, review_type, [asked[target] for target in new], new, found, now)
        outcomes |= {target: _answer(asked[target]) for target in new}
        known = [request for target, request in asked.items() if target not in new]
        outcomes |= _ask_again(session, review_type, known, found, now)
    return outcomes


def edited_since_approval(session: Session, review_type: ReviewType, target_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the targets whose content is no longer what was last approved."""
    ids = list(target_ids)
    approved = _last_hashes(session, review_type, ids)
    found = standings(session, review_type, ids)
    return {target for target, now in found.items() if approved.get(target, now.content_hash) != now.content_hash}


def _insert(session: Session, requests: Sequence[ReviewRequest], now: datetime) -> dict[UUID, UUID]:
    """Review rows for requests that have none yet: target id → review id."""
    rows = [{"id": uuid4(), **_columns(request, now)} for request in requests]
    statement = (
        insert(ReviewQueue)
        .values(rows)
        .on_conflict_do_nothing(constraint="uq_review_target")
        .returning(ReviewQueue.target_id, ReviewQueue.id)
    )
    return dict(session.execute(statement).all())


def _columns(request: ReviewRequest, now: datetime) -> dict[str, Any]:
    passed = request.passes
    return {
        "review_type": request.review_type,
        "target_id": request.target_id,
        "channel_id": request.channel_id,
        "status": ReviewStatus.APPROVED if passed else ReviewStatus.PENDING,
        "priority": request.priority,
        "risk_score": request.risk.score,
        "risk_reasons": list(request.risk.reasons),
        "ai_analysis": request.analysis,
        "expires_at": request.expires_at,
        "reviewed_at": now if passed else None,
        "reviewed_by": f"rule:{request.mode}" if passed else None,
        "review_action": APPROVE if passed else None,
        "review_notes": request.why if passed else None,
    }


def _open(
    session: Session,
    review_type: ReviewType,
    requests: Sequence[ReviewRequest],
    reviews: dict[UUID, UUID],
    found: dict[UUID, Standing],
    now: datetime,
) -> None:
    """Move the targets of new review rows and record what the rule decided."""
    target = TARGETS[review_type]
    passed = [request for request in requests if request.passes]
    for mode in dict.fromkeys(request.mode for request in passed):
        ids = [request.target_id for request in passed if request.mode == mode]
        sign = signature(target, by=f"rule:{mode}", now=now)
        _move_all(session, review_type, ids, to=target.approved, values=sign)
    waiting = [request.target_id for request in requests if not request.passes]
    _move_all(session, review_type, waiting, to=target.waits, values={})
    _record(session, passed, reviews, found, now)


def _move_all(
    session: Session, review_type: ReviewType, ids: Sequence[UUID], *, to: object, values: dict[str, object]
) -> None:
    """Compare-and-set of many rows in one statement; all or an error."""
    if not ids:
        return
    target = TARGETS[review_type]
    statement = (
        update(target.model)
        .where(target.model.id.in_(ids), getattr(target.model, target.status) == target.made)
        .values({target.status: to, **values})
        .returning(target.model.id)
        .execution_options(synchronize_session="fetch")
    )
    missing = set(ids) - set(session.scalars(statement))
    if missing:
        listed = ", ".join(sorted(map(str, missing)))
        raise AlreadyMoved(f"{review_type} {listed}: not {target.made} (any more), so no decision was asked for")


def _record(
    session: Session,
    passed: Sequence[ReviewRequest],
    reviews: dict[UUID, UUID],
    found: dict[UUID, Standing],
    now: datetime,
) -> None:
    rows = [
        {
            "review_id": reviews[request.target_id],
            "decided_by": f"rule:{request.mode}",
            "decided_at": now,
            # Not now(), the transaction's start: decisions of one transaction are told apart by their order.
            "created_at": func.clock_timestamp(),
            "action": APPROVE,
            "reason": request.why,
            "content_hash": found[request.target_id].content_hash,
        }
        for request in passed
    ]
    if rows:
        session.execute(insert(ReviewDecision).values(rows))


def _answer(request: ReviewRequest) -> Outcome:
    return Outcome.APPROVED if request.passes else Outcome.WAITING


def _ask_again(
    session: Session,
    review_type: ReviewType,
    requests: Sequence[ReviewRequest],
    found: dict[UUID, Standing],
    now: datetime,
) -> dict[UUID, Outcome]:
    """Answers for targets that have a review row already; the edited ones are put before the gate anew."""
    if not requests:
        return {}
    keys = [(request.review_type, request.target_id) for request in requests]
    statement = select(ReviewQueue.target_id, ReviewQueue.id, ReviewQueue.status).where(
        tuple_(ReviewQueue.review_type, ReviewQueue.target_id).in_(keys)
    )
    reviews = {row[0]: (row[1], row[2]) for row in session.execute(statement)}
    approved = _last_hashes(session, review_type, list(reviews))
    outcomes: dict[UUID, Outcome] = {}
    for request in requests:
        review_id, status = reviews[request.target_id]
        standing = found.get(request.target_id)
        edited = standing is not None and approved.get(request.target_id) not in (None, standing.content_hash)
        if edited and standing and standing.status == TARGETS[review_type].approved and status == ReviewStatus.APPROVED:
            _reopen(session, request, review_id, found, now)
            outcomes[request.target_id] = _answer(request)
        else:
            outcomes[request.target_id] = _OUTCOMES[status]
    return outcomes


_OUTCOMES = {
    ReviewStatus.PENDING: Outcome.WAITING,
    ReviewStatus.IN_PROGRESS: Outcome.WAITING,
    ReviewStatus.APPROVED: Outcome.APPROVED,
    ReviewStatus.REJECTED: Outcome.REJECTED,
    ReviewStatus.EXPIRED: Outcome.REJECTED,
}


def _reopen(
    session: Session, request: ReviewRequest, review_id: UUID, found: dict[UUID, Standing], now: datetime
) -> None:
    """Edited after approval: the review row starts again, and so does the target unless the rule passes it."""
    target = TARGETS[request.review_type]
    values = {**_columns(request, now), "notification_sent": False}
    values.pop("status")
    move(session, ReviewQueue, review_id, source=ReviewStatus.APPROVED, to=ReviewStatus.PENDING, values=values)
    if request.passes:
        move(session, ReviewQueue, review_id, source=ReviewStatus.PENDING, to=ReviewStatus.APPROVED)
        _record(session, [request], {request.target_id: review_id}, found, now)
    else:
        move(session, target.model, request.target_id, source=target.approved, to=target.waits)


def _last_hashes(session: Session, review_type: ReviewType, target_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Hash of what was approved last, by target id."""
    statement = (
        select(ReviewQueue.target_id, ReviewDecision.content_hash)
        .join(ReviewQueue, ReviewQueue.id == ReviewDecision.review_id)
        .where(
            ReviewQueue.review_type == review_type,
            ReviewQueue.target_id.in_(target_ids),
            ReviewDecision.action == APPROVE,
        )
        .order_by(ReviewQueue.target_id, ReviewDecision.created_at.desc())
        .ext(distinct_on(ReviewQueue.target_id))
    )
    return dict(session.execute(statement).all())
