"""Follow: what YouTube makes of an upload, until it is public, or as private or unlisted as it was meant to be.

What YouTube says is compared with what was asked: a video that it keeps private against our word needs a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import PrivacyStatus, Upload, UploadStatus, Video, VideoStatus
from shorts_pipeline.resources.youtube import VideoState, YouTube
from shorts_pipeline.review.states import AlreadyMoved, move
from shorts_pipeline.uploads import quota
from shorts_pipeline.uploads.rows import Sender

MOST_IDS = 50
# YouTube's lists show a new video at once, or nearly.
SHOWN_WITHIN = timedelta(hours=1)
PROCESSED_WITHIN = timedelta(hours=24)
_VIDEO = {
    UploadStatus.UPLOADED: VideoStatus.UPLOADED,
    UploadStatus.PUBLISHED: VideoStatus.PUBLISHED,
    UploadStatus.FAILED: VideoStatus.FAILED,
}


@dataclass(frozen=True)
class Followed:
    """An upload that YouTube has, as our row says."""

    id: UUID
    video_id: UUID
    youtube_video_id: str
    status: UploadStatus
    privacy: PrivacyStatus
    scheduled_at: datetime | None
    uploaded_at: datetime


@dataclass(frozen=True)
class Verdict:
    """Where the row goes, and what is to be kept: a reason, or when it went public."""

    status: UploadStatus
    problem: str | None = None
    published_at: datetime | None = None


@dataclass
class Following:
    """What a look at YouTube found."""

    looked_at: int = 0
    published: int = 0
    uploaded: int = 0
    failed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def judge(row: Followed, state: VideoState | None, now: datetime) -> Verdict:
    """What YouTube's word means for the row. Pure."""
    if state is None:
        if now - row.uploaded_at < SHOWN_WITHIN:
            return Verdict(row.status)
        return Verdict(UploadStatus.FAILED, "YouTube does not know the video any more: it was deleted there")
    if state.trouble is not None:
        kind = "rejected" if state.rejection_reason else "could not process"
        return Verdict(UploadStatus.FAILED, f"YouTube {kind} the video: {state.trouble}")
    if not state.processed:
        late = now - row.uploaded_at > PROCESSED_WITHIN
        return Verdict(row.status, "YouTube has been processing the video for more than a day" if late else None)
    if state.privacy_status == "public" and row.privacy is PrivacyStatus.PUBLIC:
        return Verdict(UploadStatus.PUBLISHED, published_at=state.published_at or now)
    if state.privacy_status == row.privacy.value or _waits_for_its_time(row, state, now):
        return Verdict(UploadStatus.UPLOADED)
    return Verdict(
        UploadStatus.UPLOADED,
        f"asked for {row.privacy}, YouTube says {state.privacy_status}: look at the video in YouTube Studio; "
        "where all uploads are locked to private, the Google project needs YouTube's audit",
    )


def follow(sessions: sessionmaker[Session], *, sender: Sender, youtube: YouTube, clock: Clock) -> Following:
    """Ask YouTube about every upload that may have changed, 50 in a call, and store what it says."""
    with sessions() as session:
        rows = to_follow(session, sender.id, clock.now())
    following = Following(looked_at=len(rows))
    for begin in range(0, len(rows), MOST_IDS):
        some = rows[begin : begin + MOST_IDS]
        with quota.spending(sessions, project=sender.project, bucket=quota.UNITS, cost=1, clock=clock):
            states = {state.id: state for state in youtube.videos([row.youtube_video_id for row in some])}
        with sessions.begin() as session:
            for row in some:
                verdict = judge(row, states.get(row.youtube_video_id), clock.now())
                _store(session, row, verdict)
                _count(following, row, verdict)
    return following


def following_condition(now: datetime) -> Any:
    """Uploads that YouTube has and that may change: in process, or public to be with their time behind them."""
    its_time = or_(Upload.scheduled_at.is_(None), Upload.scheduled_at <= now)
    waits = and_(Upload.upload_status == UploadStatus.UPLOADED, Upload.privacy_status == PrivacyStatus.PUBLIC, its_time)
    return and_(Upload.youtube_video_id.is_not(None), or_(Upload.upload_status == UploadStatus.PROCESSING, waits))


def to_follow(session: Session, channel_id: UUID, now: datetime) -> Sequence[Followed]:
    """The channel's uploads worth a look, oldest first."""
    rows = session.execute(
        select(
            Upload.id,
            Upload.video_id,
            Upload.youtube_video_id,
            Upload.upload_status,
            Upload.privacy_status,
            Upload.scheduled_at,
            Upload.uploaded_at,
        )
        .join(Video, Video.id == Upload.video_id)
        .where(Video.channel_id == channel_id, following_condition(now))
        .order_by(Upload.uploaded_at, Upload.id)
    )
    return [
        Followed(key, video, str(youtube_id), status, privacy, scheduled, uploaded or now)
        for key, video, youtube_id, status, privacy, scheduled, uploaded in rows
    ]


def _waits_for_its_time(row: Followed, state: VideoState, now: datetime) -> bool:
    """Private, but scheduled by YouTube, or its minute has only just come."""
    if state.privacy_status != "private" or row.privacy is not PrivacyStatus.PUBLIC or row.scheduled_at is None:
        return False
    return state.publish_at is not None or now < row.scheduled_at


def _store(session: Session, row: Followed, verdict: Verdict) -> None:
    values = {"error_message": verdict.problem, "published_at": verdict.published_at}
    if verdict.status is row.status:
        session.execute(update(Upload).where(Upload.id == row.id).values(error_message=verdict.problem))
        return
    try:
        with session.begin_nested():
            move(session, Upload, row.id, source=row.status, to=verdict.status, values=values)
            reason = {"error_message": verdict.problem} if verdict.status is UploadStatus.FAILED else {}
            source = VideoStatus.UPLOADING if row.status is UploadStatus.PROCESSING else VideoStatus.UPLOADED
            move(session, Video, row.video_id, source=source, to=_VIDEO[verdict.status], values=reason)
    except AlreadyMoved:
        return  # another look was faster and saw the same


def _count(following: Following, row: Followed, verdict: Verdict) -> None:
    if verdict.status is not row.status:
        following.published += verdict.status is UploadStatus.PUBLISHED
        following.uploaded += verdict.status is UploadStatus.UPLOADED
    if verdict.status is UploadStatus.FAILED:
        following.failed.append(f"{row.youtube_video_id}: {verdict.problem}")
    elif verdict.problem:
        following.problems.append(f"{row.youtube_video_id}: {verdict.problem}")
