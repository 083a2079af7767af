"""Queue: which topics wait, which make room, which have grown too old.

Below the least score nothing waits; when the queue is full the lowest makes room. What a script is being written for
stays. Rows never disappear: they become `expired`, with the reason on their judgement.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    ItemJudgement,
    JudgementOutcome,
    ReviewQueue,
    ReviewStatus,
    ReviewType,
    StageAttempt,
    Topic,
    TopicStatus,
)
from shorts_pipeline.database.documents import TopicConfig

WAITING = (TopicStatus.PENDING, TopicStatus.APPROVED)
_OPEN_REVIEWS = (ReviewStatus.PENDING, ReviewStatus.IN_PROGRESS)


@dataclass(frozen=True)
class Place:
    """A topic that waits, or would like to."""

    id: UUID
    score: int


@dataclass(frozen=True)
class Room:
    """Who of the new comes in, and who that waited makes room (with the score of who took the place)."""

    admitted: tuple[UUID, ...] = ()
    turned_away: tuple[UUID, ...] = ()
    evicted: tuple[UUID, ...] = ()
    least_admitted: int | None = None


def make_room(waiting: Sequence[Place], new: Sequence[Place], most: int) -> Room:
    """The best `most` of both stay. Of equal scores the one that waits already stays, then the one named first.

    Nobody is put out only because `most` was lowered: then a new one still needs a lower one's place.
    """
    ranked = sorted(
        [(-place.score, 0, index, place) for index, place in enumerate(waiting)]
        + [(-place.score, 1, index, place) for index, place in enumerate(new)],
        key=lambda each: each[:3],
    )
    staying = {place.id for *_, place in ranked[: max(most, len(waiting))]}
    admitted = [place for place in new if place.id in staying]
    return Room(
        admitted=tuple(place.id for place in admitted),
        turned_away=tuple(place.id for place in new if place.id not in staying),
        evicted=tuple(place.id for place in waiting if place.id not in staying),
        least_admitted=min((place.score for place in admitted), default=None),
    )


def count_waiting(session: Session, channel_id: UUID) -> int:
    """How many of the channel's topics wait for a decision or a script."""
    wait = (Topic.channel_id == channel_id, Topic.status.in_(WAITING))
    return session.scalar(select(func.count()).select_from(Topic).where(*wait)) or 0


def lowest_places(session: Session, channel_id: UUID, limit: int) -> list[Place]:
    """The lowest of the channel's waiting topics, best first: those that make room."""
    rows = session.execute(
        select(Topic.id, Topic.score_total)
        .where(Topic.channel_id == channel_id, Topic.status.in_(WAITING))
        .order_by(Topic.score_total, Topic.created_at.desc(), Topic.id.desc())
        .limit(limit)
    ).all()
    return [Place(*row) for row in reversed(rows)]


def expires_at(told_at: datetime, categories: Sequence[str], config: TopicConfig) -> datetime:
    """When a story is too old to be told; the shortest of its categories' times counts."""
    return told_at + timedelta(hours=config.expiry.hours_for(categories))


def expire_topics(session: Session, channel_id: UUID, *, now: datetime) -> int:
    """End every waiting topic of the channel whose time is over; the number of topics ended."""
    return len(_end(session, channel_id, Topic.expires_at <= now, reason="too old to be told", now=now))


def evict(session: Session, channel_id: UUID, ids: Collection[UUID], *, reason: str, now: datetime) -> set[UUID]:
    """End these waiting topics so that better ones have room; those that were ended."""
    return set(_end(session, channel_id, Topic.id.in_(list(ids)), reason=reason, now=now)) if ids else set()


def _end(session: Session, channel_id: UUID, which: ColumnElement[bool], *, reason: str, now: datetime) -> list[UUID]:
    own = (Topic.channel_id == channel_id, Topic.status.in_(WAITING), which)
    # Reviews are locked before their topics, as a reviewer's decision does: two in the other order would wait for
    # each other.
    session.execute(
        select(ReviewQueue.id)
        .where(ReviewQueue.review_type == ReviewType.TOPIC, ReviewQueue.status.in_(_OPEN_REVIEWS))
        .where(ReviewQueue.target_id.in_(select(Topic.id).where(*own)))
        .order_by(ReviewQueue.id)
        .with_for_update()
    )
    being_written = exists().where(StageAttempt.target_id == Topic.id, StageAttempt.claimed_until > now)
    ended = list(
        session.scalars(
            update(Topic)
            .where(*own, ~being_written)
            .values(status=TopicStatus.EXPIRED)
            .returning(Topic.id)
            .execution_options(synchronize_session=False)
        )
    )
    if ended:
        _say_why(session, channel_id, ended, reason, now)
    return ended


def _say_why(session: Session, channel_id: UUID, ended: list[UUID], reason: str, now: datetime) -> None:
    """The reason stands on the judgement that made the topic; nobody needs to decide about it any more."""
    session.execute(
        update(ItemJudgement)
        .where(ItemJudgement.channel_id == channel_id, ItemJudgement.topic_id.in_(ended))
        .where(ItemJudgement.outcome == JudgementOutcome.TOPIC)
        .values(reason=func.concat_ws("; ", ItemJudgement.reason, reason))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ReviewQueue)
        .where(ReviewQueue.review_type == ReviewType.TOPIC, ReviewQueue.target_id.in_(ended))
        .where(ReviewQueue.status.in_(_OPEN_REVIEWS))
        .values(
            status=ReviewStatus.EXPIRED,
            reviewed_at=now,
            reviewed_by="rule:queue",
            review_action="expire",
            review_notes=reason,
        )
        .execution_options(synchronize_session=False)
    )
