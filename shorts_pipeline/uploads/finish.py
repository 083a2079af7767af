"""Finish: thumbnail and playlist, each a step of its own that may fail and be tried again without a second upload."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Upload, UploadStatus, Video
from shorts_pipeline.operations.work import Worked, work_through
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.youtube import YouTube
from shorts_pipeline.uploads import quota
from shorts_pipeline.uploads.rows import Sender

THUMBNAIL_STAGE, PLAYLIST_STAGE = "upload_thumbnail", "upload_playlist"
THUMBNAIL_UNITS, PLAYLIST_UNITS = 50, 51
LEASE = timedelta(minutes=5)
# YouTube takes a thumbnail once it is done processing.
_PROCESSED = (UploadStatus.UPLOADED, UploadStatus.PUBLISHED)
_NO_THUMBNAIL = and_(Video.thumbnail_path.is_not(None), Upload.thumbnail_set_at.is_(None))
_NOT_LISTED = Upload.playlist_added_at.is_(None)


@dataclass(frozen=True)
class Finished:
    """How many thumbnails were set and videos put into the playlist, and what failed."""

    thumbnails: int
    playlist: int
    failed: tuple[str, ...]


def finish(
    sessions: sessionmaker[Session],
    *,
    sender: Sender,
    youtube: YouTube,
    media: MediaStore,
    clock: Clock,
    owner: str,
    limit: int | None = None,
) -> Finished:
    """Set missing thumbnails, fill the playlist. A failure is kept with its step and stops nothing else."""
    steps = _Steps(sessions, sender, clock, owner, limit)

    def thumbnail(upload_id: UUID) -> Callable[[Session], str]:
        video_id, path = steps.load(upload_id, Video.thumbnail_path)
        with steps.paying(THUMBNAIL_UNITS):
            youtube.set_thumbnail(video_id, media.path(path))
        return lambda session: steps.done(session, upload_id, "thumbnail_set_at", video_id)

    def playlist(upload_id: UUID) -> Callable[[Session], str]:
        video_id, _ = steps.load(upload_id, Upload.title)
        with steps.paying(PLAYLIST_UNITS):
            youtube.add_to_playlist(sender.playlist or "", video_id)
        return lambda session: steps.done(session, upload_id, "playlist_added_at", video_id)

    set_now = steps.work(THUMBNAIL_STAGE, _processed(sender).where(_NO_THUMBNAIL), thumbnail)
    added: Worked[str] = Worked()
    if sender.playlist:
        added = steps.work(PLAYLIST_STAGE, _processed(sender).where(_NOT_LISTED), playlist)
    failed = tuple(f"{failure.target_id}: {failure.reason}" for failure in [*set_now.failed, *added.failed])
    return Finished(len(set_now.done), len(added.done), failed)


def unfinished(session: Session, sender: Sender) -> bool:
    """Whether any of the channel's videos lacks its thumbnail or its place in the playlist."""
    lacking = or_(_NO_THUMBNAIL, _NOT_LISTED) if sender.playlist else _NO_THUMBNAIL
    return session.scalars(_processed(sender).where(lacking).limit(1)).first() is not None


def _processed(sender: Sender) -> Select[UUID]:
    """The channel's uploads that YouTube is done with, oldest first."""
    return (
        select(Upload.id)
        .join(Video, Video.id == Upload.video_id)
        .where(
            Video.channel_id == sender.id,
            Upload.youtube_video_id.is_not(None),
            Upload.upload_status.in_(_PROCESSED),
        )
        .order_by(Upload.uploaded_at, Upload.id)
    )


@dataclass(frozen=True)
class _Steps:
    sessions: sessionmaker[Session]
    sender: Sender
    clock: Clock
    owner: str
    limit: int | None

    def work(self, stage: str, candidates: Select[UUID], do: Callable[[UUID], Callable[[Session], str]]) -> Worked[str]:
        return work_through(
            self.sessions,
            stage=stage,
            candidates=candidates,
            owner=self.owner,
            clock=self.clock,
            lease=LEASE,
            limit=self.limit,
            do=do,
        )

    def load(self, upload_id: UUID, column: object) -> tuple[str, str]:
        with self.sessions() as session:
            row = session.execute(
                select(Upload.youtube_video_id, column)  # type: ignore[call-overload]
                .join(Video, Video.id == Upload.video_id)
                .where(Upload.id == upload_id)
            ).one()
        return str(row[0]), str(row[1])

    def paying(self, units: int) -> AbstractContextManager[None]:
        return quota.spending(
            self.sessions, project=self.sender.project, bucket=quota.UNITS, cost=units, clock=self.clock
        )

    def done(self, session: Session, upload_id: UUID, column: str, video_id: str) -> str:
        session.execute(update(Upload).where(Upload.id == upload_id).values({column: self.clock.now()}))
        return video_id
