"""Edited: what somebody changed after its approval is asked about again, before the next step takes it up.

Whoever changes an approved row in the database is not heard of; the hash of what was decided on tells. A person is
asked, whatever the gate: what the rule found was found in other words.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, ReviewQueue, ReviewStatus, ReviewType
from shorts_pipeline.review.gates import edited_since_approval
from shorts_pipeline.review.notices import forget
from shorts_pipeline.review.states import move
from shorts_pipeline.review.targets import TARGETS

REASON = "edited after its approval"


def ask_again(session: Session, review_type: ReviewType, channel_id: UUID, *, now: datetime) -> int:
    """Put the channel's approved rows that were edited since before a person again; how many.

    `review_type`: topic, script or video. An upload's words are judged anew by the stage itself (uploads/plan.py).
    """
    target = TARGETS[review_type]
    approved = select(target.model.id).where(
        target.model.channel_id == channel_id,  # type: ignore[union-attr]
        getattr(target.model, target.status) == target.approved,
    )
    edited = edited_since_approval(session, review_type, session.scalars(approved.with_for_update()))
    if edited:
        _reopen(session, review_type, edited, _ends(session, review_type, channel_id, now))
    return len(edited)


def _ends(session: Session, review_type: ReviewType, channel_id: UUID, now: datetime) -> datetime:
    operation = session.scalars(select(Channel.operation_config).where(Channel.id == channel_id)).one()
    return now + timedelta(hours=getattr(operation.review, review_type.value).expires_after_hours)


def _reopen(session: Session, review_type: ReviewType, targets: Iterable[UUID], expires_at: datetime) -> None:
    target = TARGETS[review_type]
    statement = select(ReviewQueue).where(
        ReviewQueue.review_type == review_type,
        ReviewQueue.target_id.in_(list(targets)),
        ReviewQueue.status == ReviewStatus.APPROVED,
    )
    for review in session.scalars(statement.order_by(ReviewQueue.id)).all():
        values = {
            "risk_reasons": [REASON, *(reason for reason in review.risk_reasons if reason != REASON)],
            "expires_at": expires_at,
            "notification_sent": False,
            **dict.fromkeys(("reviewed_at", "reviewed_by", "review_action", "review_notes")),
        }
        move(session, ReviewQueue, review.id, source=ReviewStatus.APPROVED, to=ReviewStatus.PENDING, values=values)
        forget(session, review.id)
        move(session, target.model, review.target_id, source=target.approved, to=target.waits)
