"""Doubles: uploads that look as if one video had gone out twice, or had gone out unrecorded."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Upload, UploadStatus, Video

_SENT = (UploadStatus.PROCESSING, UploadStatus.UPLOADED, UploadStatus.PUBLISHED)


@dataclass(frozen=True)
class Doubles:
    """Files that one channel sent more than once, and rows that say sent and name no video."""

    sent_twice: tuple[str, ...]
    nameless: tuple[str, ...]

    @property
    def none(self) -> bool:
        return not self.sent_twice and not self.nameless

    def as_metadata(self) -> dict[str, Any]:
        """For the check's result."""
        return {"sent_twice": list(self.sent_twice[:20]), "nameless": list(self.nameless[:20])}


def find_doubles(session: Session) -> Doubles:
    """Look at all channels. That no video row has two uploads is the database's own rule."""
    twice = session.scalars(
        select(Upload.content_sha256)
        .join(Video, Video.id == Upload.video_id)
        .where(Upload.youtube_video_id.is_not(None), Upload.content_sha256.is_not(None))
        .group_by(Video.channel_id, Upload.content_sha256)
        .having(func.count() > 1)
    )
    nameless = session.scalars(
        select(Upload.id).where(Upload.upload_status.in_(_SENT), Upload.youtube_video_id.is_(None))
    )
    return Doubles(tuple(str(each) for each in twice), tuple(str(each) for each in nameless))
