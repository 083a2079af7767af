"""Gates: does this need a person? Asked by a stage when it has made something.

`auto` passes it, `manual` waits, `hybrid` passes what is below a risk, once the rule has earned it (earned.py).
Whatever passes leaves the same trace as a person's decision: a review row, its risk and an entry in the append-only
list (decisions.py).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Uuid, any_, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import Session

from shorts_pipeline.database import ReviewDecision, ReviewQueue, ReviewStatus, ReviewType
from shorts_pipeline.database.documents.operation_config import GateConfig, GateMode
from shorts_pipeline.database.insert_rows import insert_rows
from shorts_pipeline.review.earned import agreements
from shorts_pipeline.review.notices import forget
from shorts_pipeline.review.risk import Risk
from shorts_pipeline.review.states import AlreadyMoved, move
from shorts_pipeline.review.targets import TARGETS, Standing, signature, standings

__all__ = ["Outcome", "ReviewRequest", "Risk", "submit"]

APPROVE = "approve"
NOTHING_PLACED: Mapping[UUID, Standing] = {}


class Outcome(Enum):
    """What became of a request."""

    APPROVED = "approved"
    WAITING = "waiting"
    REJECTED = "rejected"


@dataclass(frozen=True)
class ReviewRequest:
    """One thing made, and the gate it stands before.

    `person`: why a person must decide whatever the gate says; empty where its rule may.
    """

    channel_id: UUID
    review_type: ReviewType
    target_id: UUID
    gate: GateConfig
    risk: Risk
    person: str = ""
    priority: int = 0
    expires_at: datetime | None = None
    analysis: dict[str, Any] = field(default_factory=dict)

    @property
    def mode(self) -> GateMode:
        """How this one is decided."""
        return "manual" if self.person else self.gate.mode

    @property
    def safe(self) -> bool:
        """Whether the rule alone would let it go on."""
        return self.mode == "auto" or (self.mode == "hybrid" and self.risk.score < self.gate.threshold)

    @property
    def sampled(self) -> bool:
        """Whether it is one of those that a person sees although the rule would pass it; the same each time."""
        drawn = int.from_bytes(hashlib.sha256(self.target_id.bytes).digest()[:8], "big")
        return self.safe and self.gate.shown_one_in > 0 and drawn % self.gate.shown_one_in == 0

    @property
    def passes(self) -> bool:
        """Whether it goes on without a person."""
        return self.safe and not self.sampled

    @property
    def reasons(self) -> list[str]:
        """What the reviewer is told: the risk's reasons, and why a person is asked in spite of a low risk."""
        spot = f"shown to a person as one in {self.gate.shown_one_in}" if self.sampled else ""
        known = "\n".join(self.risk.reasons)
        return [*self.risk.reasons, *(each for each in (self.person, spot) if each and each not in known)]

    @property
    def why(self) -> str:
        """Why it passed, for the record."""
        if self.mode == "auto":
            return f"the gate is automatic; risk {self.risk.score:g}"
        return f"risk {self.risk.score:g} is below {self.gate.threshold:g}"


def submit(
    session: Session,
    requests: Sequence[ReviewRequest],
    *,
    now: datetime,
    placed: Mapping[UUID, Standing] = NOTHING_PLACED,
) -> dict[UUID, Outcome]:
    """Put what was made before its gate; what became of each, by target id.

    `placed`: how the targets stand that this transaction made, each with the status that its request's `passes` says.

    Asked again about a target it answers as before and changes nothing, unless the content was edited after its
    approval: then it asks anew. Raises AlreadyMoved if a target is no longer where its stage left it.
    """
    outcomes: dict[UUID, Outcome] = {}
    requests = as_earned(session, requests)
    for review_type in dict.fromkeys(request.review_type for request in requests):
        asked = {request.target_id: request for request in requests if request.review_type == review_type}
        unknown = asked.keys() - placed.keys()
        found = {**placed, **(standings(session, review_type, unknown, lock=True) if unknown else {})}
        new = _insert(session, list(asked.values()), now)
        _move(session, review_type, [asked[target] for target in new if target in unknown], now)
        _record(session, [asked[target] for target in new if asked[target].passes], new, found, now)
        outcomes |= {target: _answer(asked[target]) for target in new}
        known = [request for target, request in asked.items() if target not in new]
        outcomes |= _ask_again(session, review_type, known, found, now)
    return outcomes


def as_earned(session: Session, requests: Sequence[ReviewRequest]) -> list[ReviewRequest]:
    """The requests, each with the person it must wait for where its gate's rule has not earned to decide alone."""
    owed: dict[tuple[UUID, ReviewType, GateConfig], str] = {}
    told = []
    for request in requests:
        gate, key = request.gate, (request.channel_id, request.review_type, request.gate)
        if request.mode == "hybrid" and gate.earned and key not in owed:
            agreed = agreements(session, *key[:2], threshold=gate.threshold, last=gate.earned.of_last)
            owed[key] = agreed.missing(gate.earned)
        told.append(replace(request, person=owed.get(key, "")) if request.mode == "hybrid" else request)
    return told


def edited_since_approval(session: Session, review_type: ReviewType, target_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the targets whose content is no longer what was last approved."""
    ids = list(target_ids)
    approved = _last_hashes(session, review_type, ids)
    found = standings(session, review_type, ids)
    return {target for target, now in found.items() if approved.get(target, now.content_hash) != now.content_hash}


def _insert(session: Session, requests: Sequence[ReviewRequest], now: datetime) -> dict[UUID, UUID]:
    """Review rows for requests that have none yet: target id → review id."""
    rows = [{"id": uuid4(), **_columns(request, now)} for request in requests]
    inserted = insert_rows(
        session,
        ReviewQueue,
        rows,
        on_conflict="ON CONSTRAINT uq_review_target DO NOTHING",
        returning="review_queue.target_id, review_queue.id",
    )
    return {row.target_id: row.id for row in inserted}


def _columns(request: ReviewRequest, now: datetime) -> dict[str, Any]:
    passed = request.passes
    return {
        "review_type": request.review_type,
        "target_id": request.target_id,
        "channel_id": request.channel_id,
        "status": ReviewStatus.APPROVED if passed else ReviewStatus.PENDING,
        "priority": request.priority,
        "risk_score": request.risk.score,
        "risk_reasons": request.reasons,
        "ai_analysis": request.analysis,
        "expires_at": request.expires_at,
        "reviewed_at": now if passed else None,
        "reviewed_by": f"rule:{request.mode}" if passed else None,
        "review_action": APPROVE if passed else None,
        "review_notes": request.why if passed else None,
    }


def _move(session: Session, review_type: ReviewType, requests: Sequence[ReviewRequest], now: datetime) -> None:
    """Move the targets of new review rows to where their requests put them."""
    target = TARGETS[review_type]
    passed = [request for request in requests if request.passes]
    for mode in dict.fromkeys(request.mode for request in passed):
        ids = [request.target_id for request in passed if request.mode == mode]
        sign = signature(target, by=f"rule:{mode}", now=now)
        _move_all(session, review_type, ids, to=target.approved, values=sign)
    waiting = [request.target_id for request in requests if not request.passes]
    _move_all(session, review_type, waiting, to=target.waits, values={})


def _move_all(
    session: Session, review_type: ReviewType, ids: Sequence[UUID], *, to: object, values: dict[str, object]
) -> None:
    """Compare-and-set of many rows in one statement; all or an error."""
    if not ids:
        return
    target = TARGETS[review_type]
    these = literal(list(ids), ARRAY(Uuid))
    statement = (
        update(target.model)
        .where(target.model.id == any_(these), getattr(target.model, target.status) == target.made)
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
            "action": APPROVE,
            "reason": request.why,
            "content_hash": found[request.target_id].content_hash,
        }
        for request in passed
    ]
    # Not now(), the transaction's start: decisions of one transaction are told apart by their order.
    insert_rows(session, ReviewDecision, rows, computed={"created_at": "clock_timestamp()"})


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
    forget(session, review_id)
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
