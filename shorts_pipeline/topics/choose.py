"""Choose topics: the stage's verb. A channel's waiting items, batch by batch, until none is left.

One run at a time for a channel: an advisory lock that its connection's end frees, so that a killed run blocks nobody.
Should the lock be lost, the unique index and the judgements' key still make every topic once.
"""

import gc
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from redis import Redis
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import JobType
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.operations.model_calls import channel_model
from shorts_pipeline.review import pending
from shorts_pipeline.selection import Selection
from shorts_pipeline.topics.chosen import Chosen
from shorts_pipeline.topics.desk import Desk, open_desk
from shorts_pipeline.topics.items import BATCH, waiting_batches
from shorts_pipeline.topics.judge import Judge, Judged
from shorts_pipeline.topics.lock import Busy, only_run
from shorts_pipeline.topics.outcomes import forget_outcomes, open_outcomes
from shorts_pipeline.topics.past import Past, longest_window
from shorts_pipeline.topics.queue import expire_topics
from shorts_pipeline.topics.remember import COLLECTION, remember_hashes, remember_vectors
from shorts_pipeline.topics.repair import repair_vectors
from shorts_pipeline.topics.save import Saved, save
from shorts_pipeline.topics.trend import NO_TRENDS, read_trends
from shorts_pipeline.topics.understanding import Reader

if TYPE_CHECKING:
    from shorts_pipeline.resources.models.embedder import Embedder
    from shorts_pipeline.resources.vectors.store import VectorStore

EVERYTHING = Selection()
# Items told late may belong to a story told a window before: vectors are kept twice as far back.
WINDOWS_KEPT = 2


def choose_topics(
    sessions: sessionmaker[Session],
    store: "VectorStore",
    embedder: "Embedder",
    redis: Redis | None,
    *,
    channel: str,
    clock: Clock,
    selection: Selection = EVERYTHING,
    run: Mapping[str, Any] | None = None,
) -> Chosen:
    """Judge everything that waits for the channel (its slug): topics, repeats, what is left out and why.

    `selection.only` names source items; with `force` those of them that were not kept are judged again. A paused or
    archived channel, or one that another run works on, is passed over with a message. Raises `NeedsPerson` where there
    is no such channel. `run` goes into the job log.
    """
    with sessions() as session:
        desk = open_desk(session, channel)
    if desk.closed:
        return Chosen(channel, skipped=desk.closed)
    work = Work(sessions, store, embedder, redis, clock, selection)
    about = {"asset": "topics", "partition": channel, **(run or {})}
    try:
        with (
            only_run(sessions, desk.id),
            _seldom_collected(),
            logged(sessions, JobType.COLLECT, clock=clock, channel_id=desk.id, metadata=about, redis=redis) as job,
        ):
            chosen = work.choose(desk)
            job.result = {**chosen.counts(), "embedder": embedder.model}
    except Busy as busy:
        return Chosen(channel, skipped=str(busy))
    pending.refresh(sessions, redis, [desk.id])
    return chosen


class Work:
    """One run for one channel; what add.py does for one story is the same."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        store: "VectorStore",
        embedder: "Embedder",
        redis: Redis | None,
        clock: Clock,
        selection: Selection,
    ) -> None:
        self.sessions, self.store, self.embedder = sessions, store, embedder
        self.redis, self.clock, self.selection = redis, clock, selection

    def choose(self, desk: Desk) -> Chosen:
        """Everything that waits, in batches."""
        now = self.clock.now()
        chosen = Chosen(desk.slug, dry_run=self.selection.dry_run)
        if not self.selection.dry_run:
            with self.sessions.begin() as session:
                chosen.expired = expire_topics(session, desk.id, now=now)
        judge = self.judge(desk, now)
        before: Future[None] | None = None
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="save") as beside:
            for batch in waiting_batches(self.sessions, desk.id, self.selection, size=BATCH):
                # Read and sifted while the database is busy with the batch before, which comparing must know.
                sifted = judge.sift(batch)
                if before:
                    before.result()
                judged = judge.compare(sifted)
                before = beside.submit(self._end, desk, judge, judged, chosen, len(batch))
            if before:
                before.result()
        chosen.reading = judge.reader.notes
        return chosen

    def _end(self, desk: Desk, judge: Judge, judged: Judged, chosen: Chosen, read: int) -> None:
        """A batch of so many items written, or imagined, and counted."""
        if self.selection.dry_run:
            chosen.would(judged, read)
            _imagine(judge.past, judged)
        else:
            chosen.add(self.save(desk, judged, judge.now), read)

    def judge(self, desk: Desk, now: datetime) -> Judge:
        """The judge of the channel at this time; what its past lacks is repaired first."""
        window = timedelta(hours=desk.topics.duplicates.window_hours)
        settings = desk.sources.trends
        with self.sessions() as session:
            longest = longest_window(session)
            trends = read_trends(session, desk.id, now, settings.least_growth) if settings.enabled else NO_TRENDS
        repair_vectors(self.sessions, self.store, self.embedder, desk.id, now - WINDOWS_KEPT * window)
        self.store.drop_before(COLLECTION, now - WINDOWS_KEPT * longest)
        past = Past(self.sessions, self.store, self.redis, desk.id, desk.topics.duplicates)
        outcomes = open_outcomes(self.sessions, self.store, self.embedder, desk.id, now)
        forget_outcomes(self.store, now)
        return Judge(desk, past, outcomes, trends, self.embedder, now, self.reader(desk))

    def reader(self, desk: Desk) -> Reader:
        """Who reads the channel's stories; a dry run pays no model."""
        categories = tuple(desk.topics.include.categories)
        if self.selection.dry_run:
            return Reader(categories, desk.language)
        open_model = partial(channel_model, self.sessions, desk.id, stage="topics", clock=self.clock)
        return Reader(categories, desk.language, open_model)

    def save(self, desk: Desk, judged: Judged, now: datetime) -> Saved:
        """One transaction; then the copies in the vector store and Redis, which the next run would repair."""
        with self.sessions.begin() as session:
            # What a crash of the server would lose is whole batches, and those are judged again.
            session.execute(text("SET LOCAL synchronous_commit = off"))
            saved = save(
                session, desk, judged, self.embedder.thresholds.same_language, again=self.selection.force, now=now
            )
        told = [each.telling for each in saved.made]
        remember_vectors(self.store, desk.id, told, [each.vector for each in saved.made])
        remember_hashes(self.redis, desk.id, [each.content_hash for each in told])
        return saved


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Hardly anything that a batch makes is a cycle: looking for some at every 700 objects takes a seventh of a run."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], 50_000), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _imagine(past: Past, judged: Judged) -> None:
    """What a dry run does not write must be known to its next batch all the same."""
    proposals = judged.proposals
    past.imagine(
        [each.telling for each in proposals], [each.bands for each in proposals], [each.vector for each in proposals]
    )
