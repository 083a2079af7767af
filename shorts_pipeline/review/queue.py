"""Queue: what waits for a person, most pressing first, with enough of it to decide."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from shorts_pipeline.database import Channel, ReviewQueue, ReviewStatus, ReviewType, Script, Topic, Upload, Video
from shorts_pipeline.errors import PipelineError

OPEN = (ReviewStatus.PENDING, ReviewStatus.IN_PROGRESS)


class WhichReview(PipelineError):
    """An abbreviated id names no review, or several."""


@dataclass(frozen=True)
class Waiting:
    """One review: what it is about (title, preview of the content) and why a person is asked."""

    id: UUID
    channel: str
    review_type: ReviewType
    target_id: UUID
    status: ReviewStatus
    title: str
    preview: str
    priority: int
    risk_score: float
    risk_reasons: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None


def waiting(
    session: Session,
    channel_id: UUID | None = None,
    review_type: ReviewType | None = None,
    *,
    untold_or_ending_by: datetime | None = None,
    limit: int | None = None,
) -> list[Waiting]:
    """Reviews nobody has decided yet: higher priority first, then higher risk, then older.

    With `untold_or_ending_by` only those that nobody was told of, and those that expire until then.
    """
    statement = _with_content().where(ReviewQueue.status.in_(OPEN))
    if channel_id is not None:
        statement = statement.where(ReviewQueue.channel_id == channel_id)
    if review_type is not None:
        statement = statement.where(ReviewQueue.review_type == review_type)
    if untold_or_ending_by is not None:
        ending = ReviewQueue.expires_at <= untold_or_ending_by
        statement = statement.where(or_(ReviewQueue.notification_sent.is_(False), ending))
    ordered = statement.order_by(
        ReviewQueue.priority.desc(), ReviewQueue.risk_score.desc(), ReviewQueue.created_at, ReviewQueue.id
    )
    return [_waiting(row) for row in session.execute(ordered.limit(limit))]


def shown(session: Session, review_id: UUID) -> Waiting | None:
    """One review, decided or not."""
    row = session.execute(_with_content().where(ReviewQueue.id == review_id)).first()
    return None if row is None else _waiting(row)


def named(session: Session, start: str) -> UUID:
    """The review whose id begins with `start` (at least 4 characters). Raises WhichReview."""
    if len(start) < 4 or any(character not in "0123456789abcdefABCDEF-" for character in start):
        raise WhichReview(f"“{start}” is not an id: give at least its first 4 characters")
    statement = select(ReviewQueue.id).where(func.text(ReviewQueue.id).startswith(start.lower())).limit(2)
    found = list(session.scalars(statement))
    if len(found) != 1:
        raise WhichReview(f"{'several reviews begin' if found else 'no review begins'} with “{start}”")
    return found[0]


def _with_content() -> Select[ReviewQueue, str, str, str]:
    topic, script, video, upload = (
        _of(kind) for kind in (ReviewType.TOPIC, ReviewType.SCRIPT, ReviewType.VIDEO, ReviewType.UPLOAD)
    )
    video_script = aliased(Script)
    about = aliased(Topic)  # the story a script, or a video's script, tells
    title = func.coalesce(Upload.title, Topic.title_translated, Topic.title_original, about.title_original, "")
    preview = case(
        (topic, func.coalesce(Topic.summary, "")),
        (script, Script.script_text),
        (video, func.concat(Video.video_path, "\n", video_script.script_text)),
        else_=func.coalesce(Upload.description, ""),
    )
    return (
        select(ReviewQueue, Channel.slug, title, preview)
        .join(Channel, Channel.id == ReviewQueue.channel_id)
        .outerjoin(Topic, and_(topic, Topic.id == ReviewQueue.target_id))
        .outerjoin(Script, and_(script, Script.id == ReviewQueue.target_id))
        .outerjoin(Video, and_(video, Video.id == ReviewQueue.target_id))
        .outerjoin(video_script, video_script.id == Video.script_id)
        .outerjoin(Upload, and_(upload, Upload.id == ReviewQueue.target_id))
        .outerjoin(about, about.id == func.coalesce(Script.topic_id, video_script.topic_id))
    )


def _of(review_type: ReviewType) -> ColumnElement[bool]:
    return ReviewQueue.review_type == review_type


def _waiting(row: Row[ReviewQueue, str, str, str]) -> Waiting:
    review, channel, title, preview = row
    return Waiting(
        id=review.id,
        channel=channel,
        review_type=review.review_type,
        target_id=review.target_id,
        status=review.status,
        title=title,
        preview=preview or "",
        priority=review.priority,
        risk_score=review.risk_score,
        risk_reasons=tuple(review.risk_reasons),
        created_at=review.created_at,
        expires_at=review.expires_at,
    )
