"""Notices: what people should hear of: what waits, what is risky or about to expire, what YouTube refuses.

Found by queries that are safe to repeat; each thing has a subject under which it is told once (notify.py). A review
about to expire is told of once more, and then never again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, Credential, Notice, Script, Upload, UploadStatus, Video
from shorts_pipeline.database.documents.operation_config import Notice as Event
from shorts_pipeline.database.enums import CredentialState
from shorts_pipeline.review.queue import Waiting, waiting

HIGH_RISK = 60.0
EXPIRES_WITHIN = timedelta(hours=6)
"""Long enough to act before a night is over, if the day is."""
LATELY = timedelta(days=7)
_OF_REVIEWS: tuple[Event, ...] = ("waiting", "high-risk", "expiring")


@dataclass(frozen=True)
class Told:
    """One thing to tell: what kind it is, what it is known by, and its line. `review_id` where it is one."""

    event: Event
    subject: str
    line: str
    review_id: UUID | None = None


def notices(session: Session, channel: Channel, now: datetime) -> list[Told]:
    """Everything there is to tell of a channel now, of the events that it wants told; some of it was told before.

    Asked every minute: of the reviews that people know only those about to expire are read again.
    """
    wanted = set(channel.operation_config.notifications.events)
    open_ = waiting(session, channel.id, untold_or_ending_by=now + EXPIRES_WITHIN)
    found = [*_reviews(open_, wanted, now), *_failed(session, channel, now)]
    return [told for told in [*found, *_lapsed(session, channel)] if told.event in wanted]


def forget(session: Session, review_id: UUID) -> None:
    """A review begins anew: people may be told of it again."""
    session.execute(delete(Notice).where(Notice.subject == str(review_id), Notice.event.in_(_OF_REVIEWS)))


def _reviews(open_: list[Waiting], wanted: set[Event], now: datetime) -> Iterator[Told]:
    for each in open_:
        line = f"{each.title} ({each.review_type}, {each.risk_score:.0f})"
        risky = each.risk_score >= HIGH_RISK and "high-risk" in wanted
        why = f": {each.risk_reasons[0]}" if risky and each.risk_reasons else ""
        yield Told("high-risk" if risky else "waiting", str(each.id), line + why, each.id)
        if each.expires_at and now < each.expires_at <= now + _reminded_before(each):
            yield Told("expiring", str(each.id), f"{line}, {each.expires_at:%m-%d %H:%M} UTC", each.id)


def _reminded_before(each: Waiting) -> timedelta:
    """How long before its end: of a short time a quarter, so that nobody is reminded at once."""
    return min(EXPIRES_WITHIN, (each.expires_at - each.created_at) / 4) if each.expires_at else EXPIRES_WITHIN


def _failed(session: Session, channel: Channel, now: datetime) -> Iterator[Told]:
    statement = (
        select(Upload.id, Upload.title, Upload.error_message)
        .join(Video, Video.id == Upload.video_id)
        .join(Script, Script.id == Video.script_id)
        .where(
            Video.channel_id == channel.id,
            Upload.upload_status == UploadStatus.FAILED,
            Upload.updated_at > now - LATELY,
        )
        .order_by(Upload.updated_at)
    )
    for upload_id, title, reason in session.execute(statement):
        # The same upload failing for another reason is news.
        digest = hashlib.sha256((reason or "").encode()).hexdigest()[:12]
        yield Told("upload-failed", f"{upload_id}:{digest}", f"{title}: {reason or '?'}")


def _lapsed(session: Session, channel: Channel) -> Iterator[Told]:
    statement = select(Credential).where(
        Credential.channel_id == channel.id, Credential.state == CredentialState.NEEDS_REAUTHORISING
    )
    for credential in session.scalars(statement):
        # Authorised anew and lapsed again is news: the token is another one.
        digest = hashlib.sha256(credential.encrypted_token.encode()).hexdigest()[:12]
        yield Told(
            "needs-authorising", f"{credential.id}:{digest}", f"YouTube: `shorts youtube connect {channel.slug}`"
        )
