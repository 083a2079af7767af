"""Retention: YouTube's figures that may not be kept.

YouTube's terms let statistics that a channel's owner authorised be kept for as long as that authorisation is verified
at least every 30 days; what is gone from YouTube must go here too. Both are the channel's setting
(`operation_config.retention`), and both delete figures only: `performance_days` and what is projected from them. What
comes back is pulled again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import (
    Channel,
    ChannelStatus,
    Credential,
    Performance,
    PerformanceAge,
    PerformanceDay,
    PerformanceMonth,
    Upload,
    Video,
)
from shorts_pipeline.performance.projection import lock_projection

WARNED_BEFORE = timedelta(days=7)


@dataclass
class Forgotten:
    """Rows deleted; the channels that lost theirs for want of an authorisation, and those that soon will."""

    removed_videos: int = 0
    days: int = 0
    unverified: list[str] = field(default_factory=list)
    verify_soon: list[str] = field(default_factory=list)

    def as_metadata(self) -> dict[str, Any]:
        """Counts and slugs for the UI."""
        counts = {"removed_videos": self.removed_videos, "days": self.days}
        return counts | {"unverified": list(self.unverified), "verify_soon": list(self.verify_soon)}


def forget(sessions: sessionmaker[Session], *, now: datetime) -> Forgotten:
    """Delete what the channels' settings say, a channel a transaction; safe to repeat. Only active channels."""
    with sessions() as session:
        active = select(Channel.id).where(Channel.status == ChannelStatus.ACTIVE).order_by(Channel.id)
        channels = list(session.scalars(active))
    forgotten = Forgotten()
    for channel_id in channels:
        with sessions.begin() as session:
            _forget_channel(session, session.get_one(Channel, channel_id), now, forgotten)
    return forgotten


def verified_at(session: Session, channel: Channel) -> datetime | None:
    """When Google last took the channel's authorisation; None: never, or there is none."""
    name = channel.operation_config.publish.credential or channel.slug
    mine = (Credential.channel_id == channel.id) & (Credential.purpose == name)
    return session.scalars(select(Credential.checked_at).where(mine)).one_or_none()


def _forget_channel(session: Session, channel: Channel, now: datetime, forgotten: Forgotten) -> None:
    rules = channel.operation_config.retention
    if rules.youtube_removed == "delete":
        videos, days = _delete(session, channel.id, Upload.removed_at.is_not(None))
        forgotten.removed_videos, forgotten.days = forgotten.removed_videos + videos, forgotten.days + days
    if rules.youtube_unverified == "keep" or channel.operation_config.publish.publish_to != "youtube":
        return
    verified, allowed = verified_at(session, channel), timedelta(days=rules.youtube_verified_days)
    if verified is not None and now - verified <= allowed:
        if now - verified > allowed - WARNED_BEFORE:
            forgotten.verify_soon.append(channel.slug)
        return
    # What a rehearsal in the sandbox invented is nobody's data.
    videos, days = _delete(session, channel.id, ~func.coalesce(Upload.youtube_url, "").startswith("sandbox:"))
    if videos or days:
        forgotten.unverified.append(channel.slug)
        forgotten.days += days


def _delete(session: Session, channel_id: UUID, which: ColumnElement[bool]) -> tuple[int, int]:
    """Uploads that lost their figures, and rows of days."""
    # A pull that is at its end projects before or after, never in between.
    lock_projection(session, channel_id)
    mine: Select[UUID] = (
        select(Upload.id).join(Video, Video.id == Upload.video_id).where(Video.channel_id == channel_id, which)
    )
    days = session.scalars(
        delete(PerformanceDay).where(PerformanceDay.upload_id.in_(mine)).returning(PerformanceDay.upload_id)
    ).all()
    for projected in (PerformanceMonth, PerformanceAge):
        session.execute(delete(projected).where(projected.upload_id.in_(mine)))
    totals = session.scalars(
        delete(Performance).where(Performance.upload_id.in_(mine)).returning(Performance.upload_id)
    ).all()
    return len({*days, *totals}), len(days)
