"""The verb of this room: bring in what a channel published before it came here.

Page by page, newest first, each page in one transaction: an import that was killed goes on where it stopped, and one
that runs again brings in what is new. What YouTube refuses for today ends it early and keeps what there is.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from redis import Redis
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import JobType
from shorts_pipeline.database.only_one import only_one
from shorts_pipeline.errors import NeedsPerson, Parked, RetryLater
from shorts_pipeline.importing.learn import learn_figures, learn_words
from shorts_pipeline.importing.listen import listen
from shorts_pipeline.importing.results import Imported
from shorts_pipeline.importing.save import known, save, sent_from_here, source_of
from shorts_pipeline.importing.shorts import Skip, why_not
from shorts_pipeline.importing.till import Till
from shorts_pipeline.importing.told import Published, described, tell
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.operations.killed_runs import close_killed_step
from shorts_pipeline.resources.youtube import ExistingVideo, Page, YouTube, accounts
from shorts_pipeline.resources.youtube.authorising import CAPTIONS_SCOPE
from shorts_pipeline.review import pending
from shorts_pipeline.scripts.material import Newsroom, newsroom
from shorts_pipeline.topics.desk import Desk, open_desk
from shorts_pipeline.topics.items import origin
from shorts_pipeline.uploads.rows import Connects, Sender, sender_of
from shorts_pipeline.uploads.send import check_channel

if TYPE_CHECKING:
    from shorts_pipeline.resources.models.embedder import Embedder
    from shorts_pipeline.resources.vectors.store import VectorStore

# How long before it goes public a video may have been uploaded: the list is ordered by the upload.
SCHEDULED_AHEAD = timedelta(days=60)
STEP = "import"
Tell = Callable[[str, int, int], object]


@dataclass(frozen=True)
class Asked:
    """What a person asked for: at most `limit` new shorts, none that went public before `since`, captions for at most
    `captions` shorts (250 units each), figures of the last `history` days (None: of all, within reason)."""

    limit: int | None = None
    since: datetime | None = None
    captions: int = 0
    history: int | None = 0
    dry_run: bool = False


@dataclass(frozen=True)
class Import:
    """Everything that importing into one channel takes."""

    sessions: sessionmaker[Session]
    store: "VectorStore"
    embedder: "Embedder"
    redis: Redis
    clock: Clock
    sender: Sender
    desk: Desk
    room: Newsroom
    youtube: YouTube
    till: Till
    tell: Tell
    run_id: str = field(default_factory=lambda: f"import-{uuid4()}")


def import_channel(
    sessions: sessionmaker[Session],
    youtube: Connects,
    store: "VectorStore",
    embedder: "Embedder",
    redis: Redis,
    *,
    channel: str,
    clock: Clock,
    asked: Asked,
    tell: Tell = lambda *_: None,
) -> Imported:
    """Bring in the public Shorts of the channel (its slug) from where its file says that it publishes.

    Raises NeedsPerson where the channel is not active, its account is not connected, is another channel's, or lacks the
    permission for captions. `tell` hears (what, how many, of how many).
    """
    with sessions() as session:
        sender, project_scopes = _sender(session, channel)
        desk, room = open_desk(session, channel), newsroom(session, channel)
    _check_scope(sender, project_scopes, asked)
    connected = sender.connected(youtube, sessions, clock)
    till = Till(sessions, sender.project, clock)
    work = Import(sessions, store, embedder, redis, clock, sender, desk, room, connected, till, tell)
    done = Imported(channel, sandbox=connected.is_sandbox, dry_run=asked.dry_run)
    if asked.dry_run:
        _bring(work, asked, done)
        return done
    with only_one(sessions, f"import:{sender.id}") as mine:
        if not mine:
            raise RetryLater(f"another import of {channel} is under way: wait until it has ended")
        _logged(work, asked, done)
    return done


def _logged(work: Import, asked: Asked, done: Imported) -> None:
    """All of it, as a row of the job log; what a killed one left there is ended first."""
    sessions, clock, id = work.sessions, work.clock, work.sender.id
    with sessions.begin() as session:
        close_killed_step(session, channel_id=id, step=STEP, now=clock.now())
    details = {"run_id": work.run_id, "partition": work.sender.slug, "step": STEP}
    with logged(sessions, JobType.COLLECT, clock=clock, channel_id=id, metadata=details, redis=work.redis) as job:
        try:
            _all_of_it(work, asked, done)
        finally:
            job.result = done.as_metadata()


def _all_of_it(work: Import, asked: Asked, done: Imported) -> None:
    _bring(work, asked, done)
    if asked.captions and not done.stopped:
        with _ends_early(work, done):
            listen(work, asked.captions, done.captions)
    pending.refresh(work.sessions, work.redis, [work.sender.id])
    learn_words(work, done)
    if asked.history != 0:
        with _ends_early(work, done):
            learn_figures(work, done, asked.history)


@contextmanager
def _ends_early(work: Import, done: Imported) -> Iterator[None]:
    """What is passing, or spent for today, ends a part and is told; what was done stays."""
    try:
        yield
    except Parked as error:
        done.stopped = f"{error}. Go on with the same command after {error.until:%Y-%m-%d %H:%M} UTC."
    except RetryLater as error:
        done.stopped = f"{error}. Go on with the same command."
    finally:
        done.units = work.till.units


def _bring(work: Import, asked: Asked, done: Imported) -> None:
    """Every page of the uploads, until the limit or the date is reached."""
    with _ends_early(work, done):
        with work.till.paying():
            mine = check_channel(work.youtube, work.sender)
        done.youtube_channel = f"{mine.title} ({mine.id})"
        token: str | None = None
        while True:
            with work.till.paying():
                page = work.youtube.uploads_page(mine.uploads_playlist, token)
            shorts = _shorts(work, page, mine.id, asked, done)
            if asked.limit is not None:
                shorts = shorts[: asked.limit - done.made]
            _save(work, shorts, asked, done)
            work.tell("videos", done.looked_at, page.total)
            token = page.next
            full = asked.limit is not None and done.made >= asked.limit
            if token is None or full or (asked.since and page.ends_before(asked.since - SCHEDULED_AHEAD)):
                return


def _shorts(work: Import, page: Page, channel_id: str, asked: Asked, done: Imported) -> list[ExistingVideo]:
    """The page's Shorts that are not here yet; the others are counted with their reasons."""
    ids = [video.id for video in page.videos]
    done.looked_at += len(ids)
    with work.sessions() as session:
        there = known(session, ids)
    for owner, imported in there.values():
        here = Skip.IMPORTED if imported else Skip.MADE_HERE
        done.skipped[here if owner == work.sender.id else Skip.ELSEWHERE] += 1
    new = [id for id in ids if id not in there]
    if not new:
        return []
    with work.till.paying():
        videos = {video.id: video for video in work.youtube.existing_videos(new)}
    with work.sessions() as session:
        ours = sent_from_here(session, list(videos.values()))
    found = []
    for id in new:
        if id not in videos:
            reason: Skip | None = Skip.GONE
        elif id in ours:
            reason = Skip.MADE_HERE
        else:
            reason = why_not(videos[id], youtube_channel_id=channel_id, since=asked.since)
        if reason is None:
            found.append(videos[id])
        else:
            done.skipped[reason] += 1
    return found


def _save(work: Import, videos: Sequence[ExistingVideo], asked: Asked, done: Imported) -> None:
    shorts = [
        (Published.of(video, work.sender.address(video.id)), described(video, work.room.content.language))
        for video in videos
    ]
    done.by_source.update(words.source.value for _, words in shorts)
    if asked.dry_run or not shorts:
        done.made += len(shorts)
        return
    with work.sessions.begin() as session:
        source = origin(source_of(session), None)
    now = work.clock.now()
    told = tell(work.desk, source, shorts, work.embedder, now)
    with work.sessions.begin() as session:
        saved = save(session, work.sender, list(zip(videos, told, strict=True)), run_id=work.run_id, now=now)
    done.made += len(saved.ids)
    done.joined += saved.joined


def _sender(session: Session, slug: str) -> tuple[Sender, frozenset[str]]:
    """The channel as a sender, and what its account may do."""
    channel = channel_by_slug(session, slug)
    sender = sender_of(session, channel)
    if sender is None:
        raise NeedsPerson(f"{slug} is {channel.status}: `shorts channels resume {slug}` first")
    account = accounts.find(session, sender.account)
    return sender, frozenset(account.scopes if account else ())


def _check_scope(sender: Sender, scopes: frozenset[str], asked: Asked) -> None:
    """Before anything is asked: a permission that is missing is found at the first caption otherwise."""
    if asked.captions and sender.publish_to == "youtube" and scopes and CAPTIONS_SCOPE not in scopes:
        raise NeedsPerson(
            f"captions need a permission that the account of {sender.slug} did not give (youtube.force-ssl): "
            f"`shorts youtube connect {sender.slug} --captions`, or import without --captions"
        )
