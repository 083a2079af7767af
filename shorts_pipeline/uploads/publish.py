"""Publish: send what is due for a channel, one process at a time, until it is done or has to stop."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import PrivacyStatus, StageAttempt, Upload, UploadStatus, Video
from shorts_pipeline.database.only_one import only_one
from shorts_pipeline.errors import NeedsPerson, Parked, PipelineError
from shorts_pipeline.operations import attempts
from shorts_pipeline.operations.attempts import Failure
from shorts_pipeline.operations.work import work_through
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.youtube import (
    ChannelLimit,
    NeedsAuthorising,
    QuotaSpent,
    SetUpWrong,
    YouTube,
)
from shorts_pipeline.resources.youtube.accounts import StoredAccount
from shorts_pipeline.selection import Selection
from shorts_pipeline.uploads import quota, stops
from shorts_pipeline.uploads.rows import Connects, Sender, rules_for, sender_of, taken_slots
from shorts_pipeline.uploads.schedule import local_day, made_up
from shorts_pipeline.uploads.send import Save, Send, check_allowed, check_channel

EVERYTHING = Selection()
STAGE = "uploads"
LEASE = timedelta(minutes=30)
# A public short goes up this long before its time, private with `publishAt`.
AHEAD = timedelta(days=7)
# What is not later than this is not late.
GRACE = timedelta(minutes=10)
KEPT_PAST_THE_DAY = timedelta(days=2)
_STOPPING = (QuotaSpent, ChannelLimit, NeedsAuthorising, SetUpWrong, stops.Halted)
_OF_ALL_CHANNELS = (QuotaSpent, stops.Halted)


@dataclass
class Published:
    """What one run sent: YouTube ids in order, failures, and why it stopped early, if it did."""

    video_ids: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    stopped: str | None = None


def publish(
    sessions: sessionmaker[Session],
    *,
    channel: str,
    youtube: Connects,
    media: MediaStore,
    redis: Redis | None,
    clock: Clock,
    owner: str,
    selection: Selection = EVERYTHING,
) -> Published:
    """Send the channel's due uploads. Raises NeedsPerson where nothing can be sent until somebody acts."""
    with sessions() as session:
        sender = sender_of(session, channel_by_slug(session, channel))
        waiting = [] if sender is None else list(session.scalars(_due(sender.id, clock.now(), selection)))
    if sender is None or not waiting or selection.dry_run:
        return Published()
    with sessions.begin() as session:
        if selection.force:
            stops.free(session, sender.id)
        if reason := stops.halted(session):
            return Published(stopped=f"all uploads are stopped ({reason})")
        if reason := stops.stopped(session, sender.id, clock.now()):
            return Published(stopped=reason)
    with only_one(sessions, f"uploads:{sender.id}") as mine:
        if not mine:
            return Published(stopped="another process is sending for this channel")
        with sessions.begin() as session:
            _free_dead_leases(session, sender.id)
            if selection.force:
                attempts.release(session, stage=STAGE, target_ids=waiting)
            _make_up(session, channel, clock.now(), selection)
        published = _Channel(sessions, sender, youtube, media, clock, owner, clock.now()).work(selection, len(waiting))
    if published.video_ids:
        remember(sessions, redis, sender, clock.now())
    return published


@dataclass
class _Channel:
    """A channel's sending, once its lock is ours."""

    sessions: sessionmaker[Session]
    sender: Sender
    youtube: Connects
    media: MediaStore
    clock: Clock
    owner: str
    began: datetime
    stop: PipelineError | None = None

    def work(self, selection: Selection, most: int) -> Published:
        done = Published()
        try:
            connected = self._connected()
        except Parked as error:
            return self._ended(Published(stopped=str(error)))
        send = Send(self.sessions, self.sender, connected, self.media, self.clock)

        def do(upload_id: UUID) -> Save:
            with self._told():
                return send(upload_id)

        for _ in range(most if selection.limit is None else min(most, selection.limit)):
            try:
                self._check(connected)
            except PipelineError as error:
                self.stop = self.stop or error
                if not done.video_ids and not isinstance(error, Parked):
                    raise
                break
            worked = work_through(
                self.sessions,
                stage=STAGE,
                candidates=_due(self.sender.id, self.clock.now(), selection),
                owner=self.owner,
                clock=self.clock,
                lease=LEASE,
                limit=1,
                do=do,
            )
            done.video_ids += worked.done
            done.failed += worked.failed
            if self.stop is not None or not (worked.done or worked.failed):
                break
        done.stopped = str(self.stop) if self.stop else None
        return self._ended(done)

    def _ended(self, done: Published) -> Published:
        if isinstance(self.stop, NeedsPerson):
            raise self.stop
        return done

    def _connected(self) -> YouTube:
        """A connection of a channel that may publish there."""
        with self._told():
            connected = self.sender.connected(self.youtube, self.sessions, self.clock)
            with self.sessions() as session:
                check_allowed(session, self.sender)
            return connected

    def _check(self, connected: YouTube) -> None:
        """Before each upload: whose the credential is, asked of YouTube."""
        spending = quota.spending(
            self.sessions, project=self.sender.project, bucket=quota.UNITS, cost=1, clock=self.clock
        )
        with self._told(), spending:
            check_channel(connected, self.sender)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What would fail all of the channel's uploads stops the channel; the row that met it only waits."""
        try:
            yield
        except _STOPPING as error:
            self.stop = error
            if isinstance(error, _OF_ALL_CHANNELS):
                raise
            if isinstance(error, NeedsAuthorising) and self.sender.publish_to == "youtube":
                StoredAccount(self.sessions, self.sender.account).refused(str(error), since=self.began)
            with self.sessions.begin() as session:
                stops.stop(session, self.sender.id, error, self.clock.now())
            if isinstance(error, Parked):
                raise
            raise _Waits(str(error), until=self.clock.now() + stops.LOOK_AGAIN) from error


class _Waits(Parked):
    """The row waits with its channel."""


def due_uploads(now: datetime) -> Select[UUID]:
    """Uploads of all channels that are to be sent at `now`, first come, first served."""
    ahead = and_(Upload.privacy_status == PrivacyStatus.PUBLIC, Upload.scheduled_at <= now + AHEAD)
    approved = and_(
        Upload.upload_status == UploadStatus.APPROVED,
        or_(Upload.scheduled_at.is_(None), Upload.scheduled_at <= now, ahead),
    )
    return (
        select(Upload.id)
        .join(Video, Video.id == Upload.video_id)
        .where(or_(Upload.upload_status == UploadStatus.UPLOADING, approved))
        .order_by(Upload.scheduled_at.asc().nulls_first(), Upload.created_at, Upload.id)
    )


def remember(sessions: sessionmaker[Session], redis: Redis | None, sender: Sender, now: datetime) -> None:
    """The channel's two keys in Redis, written anew from the table: lost or stale, they never decide anything."""
    zone = ZoneInfo(sender.zone)
    today = local_day(now, zone)
    on_day = func.date(func.timezone(sender.zone, Upload.uploaded_at)) == today
    with sessions() as session:
        latest, count = session.execute(
            select(func.max(Upload.uploaded_at), func.count().filter(on_day))
            .join(Video, Video.id == Upload.video_id)
            .where(Video.channel_id == sender.id)
        ).one()
    if redis is None or latest is None:
        return
    with suppress(RedisError):
        redis.set(f"channel:{sender.id}:last_upload", latest.isoformat())
        redis.set(f"channel:{sender.id}:daily:{today.isoformat()}", count, ex=KEPT_PAST_THE_DAY)


def _due(channel_id: UUID, now: datetime, selection: Selection) -> Select[UUID]:
    statement = due_uploads(now).where(Video.channel_id == channel_id)
    if selection.only:
        statement = statement.where(or_(Upload.id.in_(selection.only), Upload.video_id.in_(selection.only)))
    return statement


def _free_dead_leases(session: Session, channel_id: UUID) -> None:
    """Whoever held these leases is dead: the channel's lock went with the process. Its death is not the row's fault."""
    mine = select(Upload.id).join(Video, Video.id == Upload.video_id).where(Video.channel_id == channel_id)
    session.execute(
        update(StageAttempt)
        .where(StageAttempt.stage == STAGE, StageAttempt.target_id.in_(mine), StageAttempt.claimed_by.is_not(None))
        .values(claimed_by=None, claimed_until=None, attempts=func.greatest(StageAttempt.attempts - 1, 0))
        .execution_options(synchronize_session=False)
    )


def _make_up(session: Session, channel: str, now: datetime, selection: Selection) -> None:
    """A slot that was missed is made up once: now if the rules allow it, else in the next free slot."""
    found = channel_by_slug(session, channel, lock=True)
    late = session.scalars(
        select(Upload)
        .where(
            Upload.id.in_(_due(found.id, now, selection)),
            Upload.upload_status == UploadStatus.APPROVED,
            Upload.scheduled_at < now - GRACE,
        )
        .order_by(Upload.scheduled_at, Upload.id)
    ).all()
    rules = rules_for(session, found) if late else None
    for upload in late:
        assert rules is not None
        taken = taken_slots(session, found.id, but=[upload.id])
        upload.scheduled_at = made_up(rules, taken=taken, now=now) or upload.scheduled_at
        session.flush()
