"""Files check: does every video that counts as made still have its files, as they were measured?"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Video, VideoStatus
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.verify import LONGEST_SECONDS, moov_first

# Uploaded videos may have been cleared away by retention: they are YouTube's now.
_HERE = (VideoStatus.GENERATED, VideoStatus.IN_REVIEW, VideoStatus.APPROVED, VideoStatus.UPLOADING)


@dataclass(frozen=True)
class Broken:
    """A video and what is wrong with its files."""

    video_id: UUID
    fault: str


def broken_files(session: Session, store: MediaStore) -> list[Broken]:
    """The videos whose files are missing, changed or not what a Short may be. Files were decoded when made."""
    found = session.scalars(select(Video).where(Video.status.in_(_HERE)).order_by(Video.created_at, Video.id))
    return [Broken(video.id, fault) for video in found if (fault := _fault(video, store))]


def _fault(video: Video, store: MediaStore) -> str | None:
    for path in (video.video_path, video.thumbnail_path, video.subtitle_path):
        if path is None or not store.exists(path):
            return f"missing: {path or 'no path'}"
    assert video.video_path is not None
    file = store.path(video.video_path)
    if file.stat().st_size != video.file_size_bytes:
        return f"{file.stat().st_size} bytes instead of {video.file_size_bytes}"
    if not 0 < (video.duration_seconds or 0) <= LONGEST_SECONDS + 0.1:
        return f"lasts {video.duration_seconds} s"
    return None if moov_first(file) else "its index does not come first"
