"""Send: one upload becomes exactly one YouTube video, whenever and however often its process dies.

The order is the point: the row says `uploading` before the session is opened, its address is committed before the
first byte, and the bytes go to that address only. A finished session repeats its answer, so that a death before the
answer was stored costs a question. If the session or its address is gone, the video is looked for by name before a new
one is opened.
"""

import hashlib
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Upload, UploadStatus, Video, VideoStatus
from shorts_pipeline.errors import NeedsPerson, Rejected, RetryLater
from shorts_pipeline.operations.attempts import reason_of
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.youtube import MyChannel, SessionExpired, YouTube
from shorts_pipeline.resources.youtube.accounts import find
from shorts_pipeline.resources.youtube.limits import objections
from shorts_pipeline.review.states import AlreadyMoved, move
from shorts_pipeline.uploads import quota, stops
from shorts_pipeline.uploads.rows import File, Sender, Sending, load_sending

# my_channel, and a page of the uploads playlist with its videos; more pages are rare.
SEARCH_UNITS = 5
Save = Callable[[Session], str]


class Send:
    """Sends the uploads of one channel, one at a time."""

    def __init__(
        self, sessions: sessionmaker[Session], sender: Sender, youtube: YouTube, media: MediaStore, clock: Clock
    ) -> None:
        self._sessions = sessions
        self._sender = sender
        self._youtube = youtube
        self._media = media
        self._clock = clock

    def __call__(self, upload_id: UUID) -> Save:
        """Send it; what is returned stores the video's id. Errors are kept on the row."""
        with self._sessions() as session:
            sending = load_sending(session, upload_id)
        try:
            video_id = self._send(sending)
        except Rejected as error:
            self._give_up(sending, str(error))
            raise
        except Exception as error:
            self._note(sending, reason_of(error))
            raise
        return lambda session: self._save(session, sending, video_id)

    def _send(self, sending: Sending) -> str:
        self._go_on()
        file = self._file(sending)
        if sending.session_uri is None:
            _check_words(sending)
        self._begin(sending, file)
        # Begun before, and its address is lost: it may be there all the same.
        lost = sending.session_uri is None and sending.status is UploadStatus.UPLOADING
        if lost and (there := self._find(sending, file)) is not None:
            return there
        address = sending.session_uri or self._open(sending, file)
        try:
            return self._youtube.resume(address, file.path, self._go_on)
        except SessionExpired:
            return self._after_expiry(sending, file, address)

    def _after_expiry(self, sending: Sending, file: File, address: str) -> str:
        """The session is gone: perhaps it was complete. Only if the video is nowhere is a new one opened."""
        if (there := self._find(sending, file)) is not None:
            return there
        with self._sessions.begin() as session:
            session.execute(
                update(Upload)
                .where(Upload.id == sending.id, Upload.session_uri == address)
                .values(session_uri=None, session_opened_at=None)
            )
        fresh = self._open(sending, file)
        try:
            return self._youtube.resume(fresh, file.path, self._go_on)
        except SessionExpired:
            raise RetryLater("YouTube gave up a fresh upload session") from None

    def _find(self, sending: Sending, file: File) -> str | None:
        """The id of the video that was sent under this upload's name, if YouTube has it."""
        since = sending.session_opened_at or sending.created_at
        with quota.spending(self._sessions, **self._bucket(quota.UNITS, SEARCH_UNITS)):
            found = self._youtube.find_by_slug(sending.slug(file.sha256), since=since)
        return None if found is None else found.id

    def _go_on(self, sent: int = 0, size: int = 1) -> None:
        """Asked before the first piece and after each: a stop of all uploads does not wait for the file's end."""
        if sent < size:
            with self._sessions() as session:
                stops.check(session, self._clock.now())

    def _file(self, sending: Sending) -> File:
        if sending.video_path is None or not self._media.exists(sending.video_path):
            raise NeedsPerson(f"the video file is missing: {sending.video_path}; render it again")
        path = self._media.path(sending.video_path)
        with path.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        if sending.sha256 not in (None, sha256) and sending.session_uri is not None:
            raise NeedsPerson("the video file was changed while it was being uploaded; restore it or reject the upload")
        return File(path, sha256)

    def _begin(self, sending: Sending, file: File) -> None:
        """The row says that it is on its way, before anybody outside hears of it."""
        values = {"content_sha256": file.sha256, "error_message": None}
        with self._sessions.begin() as session:
            if sending.status is UploadStatus.APPROVED:
                source, to = UploadStatus.APPROVED, UploadStatus.UPLOADING
                move(session, Upload, sending.id, source=source, to=to, values=values)
                move(session, Video, sending.video_id, source=VideoStatus.APPROVED, to=VideoStatus.UPLOADING)
            else:
                session.execute(update(Upload).where(Upload.id == sending.id).values(**values))

    def _open(self, sending: Sending, file: File) -> str:
        """Open a session and commit its address. A second opener loses: only a committed address gets bytes."""
        now = self._clock.now()
        with quota.spending(self._sessions, **self._bucket(quota.INSERT, 1)):
            metadata = sending.metadata(self._sender, now)
            address = self._youtube.open_session(metadata, file.path, sending.slug(file.sha256))
        with self._sessions.begin() as session:
            session.execute(
                update(Upload)
                .where(Upload.id == sending.id, Upload.session_uri.is_(None))
                .values(session_uri=address, session_opened_at=now)
            )
            committed = session.scalar(select(Upload.session_uri).where(Upload.id == sending.id))
        assert committed is not None
        return committed

    def _save(self, session: Session, sending: Sending, video_id: str) -> str:
        """YouTube has it. The session's address has done its work and is forgotten."""
        values = {
            "youtube_video_id": video_id,
            "youtube_url": self._sender.address(video_id),
            "uploaded_at": self._clock.now(),
            "session_uri": None,
            "error_message": None,
        }
        source, to = UploadStatus.UPLOADING, UploadStatus.PROCESSING
        move(session, Upload, sending.id, source=source, to=to, values=values)
        return video_id

    def _give_up(self, sending: Sending, reason: str) -> None:
        """Refused for good. YouTube has no video, so the video itself is as approved as before."""
        with self._sessions.begin() as session:
            values = {"error_message": reason, "session_uri": None}
            source, to = UploadStatus.UPLOADING, UploadStatus.FAILED
            try:
                move(session, Upload, sending.id, source=source, to=to, values=values)
                move(session, Video, sending.video_id, source=VideoStatus.UPLOADING, to=VideoStatus.APPROVED)
            except AlreadyMoved:
                return  # refused before it had begun: its reason stands with its attempts

    def _note(self, sending: Sending, reason: str) -> None:
        with self._sessions.begin() as session:
            session.execute(update(Upload).where(Upload.id == sending.id).values(error_message=reason))

    def _bucket(self, bucket: str, cost: int) -> "quota.Purchase":
        return {"project": self._sender.project, "bucket": bucket, "cost": cost, "clock": self._clock}


def _check_words(sending: Sending) -> None:
    """Words that a person edited may be what YouTube refuses: seen here, they cost no call and can be mended."""
    if found := objections(sending.title, sending.description, sending.tags):
        raise NeedsPerson(f"not sent: {'; '.join(found)}. Edit the upload, then run `uploads` with force")


def check_channel(youtube: YouTube, sender: Sender) -> MyChannel:
    """The credential's channel, which must be this one: an upload to a stranger's cannot be taken back.

    Raises NeedsPerson. In the sandbox a channel's name is its credential's.
    """
    mine = youtube.my_channel()
    if youtube.is_sandbox:
        wrong = mine.title != sender.credential
    elif sender.youtube_channel_id is None:
        raise NeedsPerson(f"write youtube_channel_id: {mine.id} into the file of {sender.slug} if “{mine.title}” is it")
    else:
        wrong = mine.id != sender.youtube_channel_id
    if wrong:
        raise NeedsPerson(
            f"the credential {sender.credential} belongs to the YouTube channel “{mine.title}” ({mine.id}), "
            f"not to {sender.slug}: connect the right one"
        )
    return mine


def check_allowed(session: Session, sender: Sender) -> None:
    """Nothing reaches the real YouTube before a person has said so for this channel. Raises NeedsPerson."""
    if sender.publish_to == "sandbox":
        return
    row = find(session, sender.account)
    if row is None or row.allowed_at is None:
        raise NeedsPerson(
            f"the first upload of {sender.slug} to the real YouTube waits for your word: "
            f"`shorts uploads allow {sender.slug}`"
        )
