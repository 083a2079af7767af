"""Notify: tell people what notices.py found: one message a channel, nothing twice.

What is told is claimed first, in a short transaction, so that of two processes one tells it; told, it is marked. Where
no address took the message, it is tried again after a while; a process that dies between telling and marking leaves
the claim, and its message is not told a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Channel, ChannelStatus, Notice, ReviewQueue
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.review.message import Message, message
from shorts_pipeline.review.notices import Told, notices

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=1)
NEVER = timedelta(days=365_000)


class Sender(Protocol):
    """What takes a message to an address. Raises a PipelineError whose text does not hold the address."""

    def send(self, address: SecretStr, message: Message) -> None: ...


class Secrets(Protocol):
    """Finds a secret by its name. Raises a PipelineError that says what to do."""

    def __call__(self, name: str, /) -> SecretStr: ...


@dataclass
class Notified:
    """What a round did: messages sent, things told in them, and what went wrong, by channel and address's name."""

    messages: int = 0
    told: int = 0
    faults: list[str] = field(default_factory=list)


def notify(sessions: sessionmaker[Session], sender: Sender, secret: Secrets, *, clock: Clock) -> Notified:
    """Tell what is new of every active channel that names an address."""
    done = Notified()
    with sessions() as session:
        active = select(Channel).where(Channel.status == ChannelStatus.ACTIVE).order_by(Channel.slug)
        listening = [each.id for each in session.scalars(active) if each.operation_config.notifications.addresses]
    for channel_id in listening:
        _notify_one(sessions, sender, secret, channel_id, clock.now(), done)
    return done


def _notify_one(
    sessions: sessionmaker[Session],
    sender: Sender,
    secret: Secrets,
    channel_id: UUID,
    now: datetime,
    done: Notified,
) -> None:
    with sessions.begin() as session:
        channel = session.get_one(Channel, channel_id)
        new = _claimed(session, channel_id, notices(session, channel, now), now)
        addresses = channel.operation_config.notifications.addresses
        said = message(channel.name, channel.slug, channel.content_config.language, new) if new else None
    if said is None:
        return
    reached = _sent(sender, secret, addresses, said, channel.slug, done)
    with sessions.begin() as session:
        _mark(session, channel_id, new, now, sent=reached > 0)
    done.messages += reached
    done.told += len(new) if reached else 0


def _sent(sender: Sender, secret: Secrets, addresses: Sequence[str], said: Message, slug: str, done: Notified) -> int:
    reached = 0
    for name in addresses:
        try:
            sender.send(secret(name), said)
            reached += 1
        except PipelineError as error:
            done.faults.append(f"{slug}, {name}: {error}")
    return reached


def _claimed(session: Session, channel_id: UUID, found: Sequence[Told], now: datetime) -> list[Told]:
    """Those that nobody has told or is telling; they are ours now."""
    if not found:
        return []
    keys = [(each.event, each.subject) for each in found]
    rows = [
        {"id": uuid4(), "channel_id": channel_id, "event": event, "subject": subject, "claimed_until": now + NEVER}
        for event, subject in dict.fromkeys(keys)
    ]
    fresh = session.execute(
        insert(Notice).values(rows).on_conflict_do_nothing().returning(Notice.event, Notice.subject)
    )
    again = session.execute(
        update(Notice)
        .where(
            Notice.channel_id == channel_id,
            tuple_(Notice.event, Notice.subject).in_(keys),
            Notice.sent_at.is_(None),
            Notice.claimed_until <= now,
        )
        .values(claimed_until=now + NEVER)
        .returning(Notice.event, Notice.subject)
        .execution_options(synchronize_session=False)
    )
    ours = {tuple(row) for row in (*fresh, *again)}
    return [each for each in found if (each.event, each.subject) in ours]


def _mark(session: Session, channel_id: UUID, told: Sequence[Told], now: datetime, *, sent: bool) -> None:
    keys = [(each.event, each.subject) for each in told]
    rows = list(
        session.scalars(
            select(Notice).where(Notice.channel_id == channel_id, tuple_(Notice.event, Notice.subject).in_(keys))
        )
    )
    for row in rows:
        row.tries += 1
        if sent:
            row.sent_at = now
        else:
            row.claimed_until = now + min(FIRST_PAUSE * 2 ** min(row.tries - 1, 10), LONGEST_PAUSE)
    if sent:
        reviews = [each.review_id for each in told if each.review_id]
        session.execute(update(ReviewQueue).where(ReviewQueue.id.in_(reviews)).values(notification_sent=True))
