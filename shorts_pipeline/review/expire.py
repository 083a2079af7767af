"""Expire: a review that nobody decided in time ends, and what it was about does not go on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import ReviewQueue
from shorts_pipeline.review.decisions import AlreadyDecided, Decided, expire_one
from shorts_pipeline.review.queue import OPEN


@dataclass(frozen=True)
class Deadline:
    """An open review and until when it may be decided."""

    review_id: UUID
    expires_at: datetime | None


def overdue(deadlines: Iterable[Deadline], now: datetime) -> list[UUID]:
    """Reviews whose time is over at `now`, the longest overdue first. Without a time a review waits for ever."""
    late = [deadline for deadline in deadlines if deadline.expires_at is not None and deadline.expires_at <= now]
    return [deadline.review_id for deadline in sorted(late, key=lambda late: (late.expires_at, late.review_id))]


def expire(session: Session, *, now: datetime, limit: int = 500) -> list[Decided]:
    """End at most `limit` overdue reviews; what was decided a moment earlier stays as decided."""
    statement = (
        select(ReviewQueue.id, ReviewQueue.expires_at)
        .where(ReviewQueue.status.in_(OPEN), ReviewQueue.expires_at <= now)
        .order_by(ReviewQueue.expires_at)
        .limit(limit)
    )
    ended = []
    for review_id in overdue((Deadline(*row) for row in session.execute(statement)), now):
        try:
            with session.begin_nested():
                ended.append(expire_one(session, review_id, now=now))
        except AlreadyDecided:
            continue
    return ended
