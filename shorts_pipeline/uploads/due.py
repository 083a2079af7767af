"""Due: which channels need their uploads refreshed, and under which run key. `plan` is pure."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, ChannelStatus, StageAttempt, Upload, Video, VideoStatus
from shorts_pipeline.uploads import stops
from shorts_pipeline.uploads.follow import following_condition
from shorts_pipeline.uploads.publish import STAGE, due_uploads

MOST_RUNS_A_TICK = 50
# How often YouTube is asked about an upload: often while it is fresh, seldom when something keeps it back.
FRESH = timedelta(days=2)
LOOK_OFTEN, LOOK_SELDOM = timedelta(minutes=5), timedelta(hours=6)


@dataclass(frozen=True)
class ChannelWork:
    """A channel with something to do. A row to send is named with its attempts: a new try is a new run."""

    slug: str
    to_plan: tuple[str, ...] = ()
    to_send: tuple[tuple[str, int], ...] = ()
    followed_since: datetime | None = None


@dataclass(frozen=True)
class Run:
    """A run to ask for."""

    run_key: str
    channel: str


def plan(work: Iterable[ChannelWork], now: datetime, partitions: Collection[str]) -> list[Run]:
    """One run a channel, the same key while nothing has changed; a channel without a partition is passed over."""
    runs = [Run(key, each.slug) for each in work if each.slug in partitions and (key := _key(each, now))]
    return runs[:MOST_RUNS_A_TICK]


def _key(work: ChannelWork, now: datetime) -> str | None:
    parts = [*sorted(work.to_plan), *(f"{upload}×{attempts}" for upload, attempts in sorted(work.to_send))]
    if work.to_plan:
        # What found no slot is looked at again every day.
        parts.append(now.date().isoformat())
    if work.followed_since is not None:
        pause = LOOK_OFTEN if now - work.followed_since < FRESH else LOOK_SELDOM
        parts.append(f"{pause}#{int(now.timestamp() // pause.total_seconds())}")
    if not parts:
        return None
    return f"uploads:{work.slug}:{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:20]}"


def read_work(session: Session, now: datetime) -> list[ChannelWork]:
    """Active channels with approved videos to plan, uploads to send or to follow, that may send at all."""
    stopped = select(StageAttempt.target_id).where(StageAttempt.stage == stops.STAGE, StageAttempt.parked_until > now)
    active = (
        select(Channel.id, Channel.slug)
        .where(Channel.status == ChannelStatus.ACTIVE, Channel.id.not_in(stopped))
        .order_by(Channel.slug)
    )
    slugs = {row[0]: row[1] for row in session.execute(active)}
    planning, following = _to_plan(session), _followed(session, now)
    sending = {} if stops.halted(session) else _to_send(session, now)
    work = [
        ChannelWork(slug, tuple(planning.get(key, ())), tuple(sending.get(key, ())), following.get(key))
        for key, slug in slugs.items()
    ]
    return [each for each in work if each.to_plan or each.to_send or each.followed_since]


def _to_plan(session: Session) -> dict[UUID, list[str]]:
    rows = session.execute(
        select(Video.channel_id, Video.id)
        .outerjoin(Upload, Upload.video_id == Video.id)
        .where(Video.status == VideoStatus.APPROVED, Upload.id.is_(None))
    )
    found: dict[UUID, list[str]] = {}
    for channel_id, video_id in rows:
        found.setdefault(channel_id, []).append(str(video_id))
    return found


def _to_send(session: Session, now: datetime) -> dict[UUID, list[tuple[str, int]]]:
    free = or_(
        StageAttempt.id.is_(None),
        (func.coalesce(StageAttempt.claimed_until, now) <= now)
        & (func.coalesce(StageAttempt.next_attempt_at, now) <= now)
        & (func.coalesce(StageAttempt.parked_until, now) <= now),
    )
    rows = session.execute(
        due_uploads(now)
        .add_columns(Video.channel_id, func.coalesce(StageAttempt.attempts, 0))
        .outerjoin(StageAttempt, (StageAttempt.stage == STAGE) & (StageAttempt.target_id == Upload.id))
        .where(free)
    )
    found: dict[UUID, list[tuple[str, int]]] = {}
    for upload_id, channel_id, tried in rows:
        found.setdefault(channel_id, []).append((str(upload_id), tried))
    return found


def _followed(session: Session, now: datetime) -> dict[UUID, datetime]:
    """The latest upload of each channel that YouTube is to be asked about."""
    since = func.greatest(Upload.uploaded_at, Upload.scheduled_at)
    rows = session.execute(
        select(Video.channel_id, func.max(since))
        .join(Video, Video.id == Upload.video_id)
        .where(following_condition(now))
        .group_by(Video.channel_id)
    )
    return {row[0]: row[1] for row in rows}
