"""Presence: which of a channel's videos YouTube still has.

Figures of a video that is gone must go too (performance/retention.py), and YouTube's terms want stored data looked at
again within 30 days. Every video is looked at once a week. Gone is only what the owner's own credential does not find
in two answers: an error, or a look as somebody else, who does not see private videos, says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Channel, ChannelStatus, JobType, Upload, Video
from shorts_pipeline.operations.attempts import reason_of
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.resources.youtube import YouTube, accounts
from shorts_pipeline.uploads import quota
from shorts_pipeline.uploads.rows import Connects, Sender, sender_of
from shorts_pipeline.uploads.send import check_channel

MOST_IDS = 50
LOOK_AGAIN = timedelta(days=7)
# A new video is followed (follow.py); YouTube's lists may not show it yet.
SETTLED = timedelta(days=1)
# One that is gone may come back (a channel that was suspended): it is looked for so long.
STILL_LOOKED_FOR = timedelta(days=30)


@dataclass
class Looked:
    """What a look found: videos that are there, that were found gone now, that are there again."""

    looked_at: int = 0
    present: int = 0
    removed: list[str] = field(default_factory=list)
    returned: int = 0
    skipped: str | None = None

    def as_metadata(self) -> dict[str, Any]:
        """Counts and ids for the UI and the job log."""
        if self.skipped is not None:
            return {"skipped": self.skipped}
        counts = {"looked_at": self.looked_at, "present": self.present, "returned": self.returned}
        return counts | {"removed": list(self.removed)}


@dataclass
class LookedAll:
    """The same for every active channel; reasons where one could not be looked at."""

    done: dict[str, Looked] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def as_metadata(self) -> dict[str, Any]:
        """Sums, the videos that are gone, and what failed."""
        looks = self.done.values()
        sums = {name: sum(getattr(one, name) for one in looks) for name in ("looked_at", "present", "returned")}
        removed = [video_id for one in looks for video_id in one.removed]
        return {"channels": len(looks), **sums, "removed": removed, "failed": self.failed}


def look_at_all(sessions: sessionmaker[Session], *, youtube: Connects, clock: Clock, run_id: str) -> LookedAll:
    """Every active channel in turn; one that fails does not stop the others."""
    with sessions() as session:
        active = select(Channel.slug).where(Channel.status == ChannelStatus.ACTIVE).order_by(Channel.slug)
        slugs = list(session.scalars(active))
    looked = LookedAll()
    for slug in slugs:
        try:
            looked.done[slug] = look(sessions, channel=slug, youtube=youtube, clock=clock, run_id=run_id)
        except Exception as error:
            looked.failed[slug] = reason_of(error)
    return looked


def look(
    sessions: sessionmaker[Session], *, channel: str, youtube: Connects, clock: Clock, run_id: str = "by hand"
) -> Looked:
    """Look for the channel's videos whose turn it is, 50 a call; a paused or archived channel is skipped."""
    with sessions() as session:
        found = channel_by_slug(session, channel)
        sender = sender_of(session, found)
        if sender is None:
            return Looked(skipped=f"the channel is {found.status}")
        rows = due(session, sender, clock.now())
    if not rows:
        return Looked()
    details = {"run_id": run_id, "partition": channel, "step": "presence"}
    with logged(sessions, JobType.UPLOAD, clock=clock, channel_id=sender.id, metadata=details) as job:
        looked = Looked()
        connected = _as_owner(sessions, sender, youtube, clock)
        for begin in range(0, len(rows), MOST_IDS):
            _look_at(sessions, sender, connected, rows[begin : begin + MOST_IDS], clock, looked)
            job.result = looked.as_metadata()
    return looked


def due(session: Session, sender: Sender, now: datetime) -> Sequence[tuple[UUID, str, bool]]:
    """Upload, video id, and whether it was gone: what was not seen for a week, in id order.

    Only what was published where the channel publishes now: the sandbox knows no video of the real YouTube.
    """
    rehearsed = func.coalesce(Upload.youtube_url, "").startswith("sandbox:")
    rows = session.execute(
        select(Upload.id, Upload.youtube_video_id, Upload.removed_at.is_not(None))
        .join(Video, Video.id == Upload.video_id)
        .where(
            Video.channel_id == sender.id,
            Upload.youtube_video_id.is_not(None),
            Upload.uploaded_at <= now - SETTLED,
            rehearsed if sender.publish_to == "sandbox" else ~rehearsed,
            or_(Upload.seen_at.is_(None), Upload.seen_at <= now - LOOK_AGAIN),
            or_(Upload.removed_at.is_(None), Upload.removed_at > now - STILL_LOOKED_FOR),
        )
        .order_by(Upload.id)
    )
    return [(upload_id, str(video_id), gone) for upload_id, video_id, gone in rows]


def _as_owner(sessions: sessionmaker[Session], sender: Sender, youtube: Connects, clock: Clock) -> YouTube:
    """The channel's YouTube, once it is known to be its own; a true account counts as verified by that."""
    connected = sender.connected(youtube, sessions, clock)
    with quota.spending(sessions, project=sender.project, bucket=quota.UNITS, cost=1, clock=clock):
        check_channel(connected, sender)
    if sender.publish_to == "youtube":
        with sessions.begin() as session:
            accounts.accepted(session, sender.account, clock.now())
    return connected


def _look_at(
    sessions: sessionmaker[Session],
    sender: Sender,
    youtube: YouTube,
    rows: Sequence[tuple[UUID, str, bool]],
    clock: Clock,
    looked: Looked,
) -> None:
    there = _there(sessions, sender, youtube, [video_id for _, video_id, _ in rows], clock)
    # Asked once more: what an answer forgot is not gone.
    missing = [video_id for _, video_id, _ in rows if video_id not in there]
    there |= _there(sessions, sender, youtube, missing, clock) if missing else set()
    present = [upload_id for upload_id, video_id, _ in rows if video_id in there]
    absent = [upload_id for upload_id, video_id, _ in rows if video_id not in there]
    now = clock.now()
    with sessions.begin() as session:
        session.execute(update(Upload).where(Upload.id.in_(present)).values(seen_at=now, removed_at=None))
        gone = Upload.id.in_(absent) & Upload.removed_at.is_(None)
        session.execute(update(Upload).where(gone).values(removed_at=now))
    looked.looked_at, looked.present = looked.looked_at + len(rows), looked.present + len(present)
    looked.removed += [video_id for _, video_id, was_gone in rows if video_id not in there and not was_gone]
    looked.returned += sum(was_gone and video_id in there for _, video_id, was_gone in rows)


def _there(
    sessions: sessionmaker[Session], sender: Sender, youtube: YouTube, ids: Sequence[str], clock: Clock
) -> set[str]:
    with quota.spending(sessions, project=sender.project, bucket=quota.UNITS, cost=1, clock=clock):
        return {state.id for state in youtube.videos(ids) if state.upload_status != "deleted"}
