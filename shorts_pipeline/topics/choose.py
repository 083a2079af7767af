"""Choose topics: the stage's verb. A channel's waiting items, batch by batch, until none is left.

One run at a time for a channel: an advisory lock that its connection's end frees, so that a killed run blocks nobody.
Should the lock be lost, the unique index and the judgements' key still make every topic once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from redis import Redis
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import JobType
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.review import pending
from shorts_pipeline.selection import Selection
from shorts_pipeline.topics.chosen import Chosen
from shorts_pipeline.topics.desk import Desk, open_desk
from shorts_pipeline.topics.items import BATCH, Item, waiting_items
from shorts_pipeline.topics.judge import Judge, Judged
from shorts_pipeline.topics.lock import Busy, only_run
from shorts_pipeline.topics.past import (
    COLLECTION,
    longest_window,
    read_past,
    remember_hashes,
    remember_vectors,
    seen_lately,
)
from shorts_pipeline.topics.queue import expire_topics
from shorts_pipeline.topics.save import Saved, by_hash, save
from shorts_pipeline.topics.trend import NO_TRENDS, read_trends

if TYPE_CHECKING:
    import numpy as np

    from shorts_pipeline.resources.models.embedder import Embedder
    from shorts_pipeline.resources.vectors.store import VectorStore

EVERYTHING = Selection()
# Items told late may belong to a story told a window before: the past reaches back twice as far, and so do the vectors.
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
            logged(sessions, JobType.COLLECT, clock=clock, channel_id=desk.id, metadata=about, redis=redis) as job,
        ):
            chosen = work.choose(desk)
            job.result = chosen.counts()
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
        batch = self._next(desk, chosen, after=None)
        while batch:
            judged = judge.judge(batch)
            if self.selection.dry_run:
                chosen.would(judged, len(batch))
            else:
                saved = self.save(desk, judged, now)
                chosen.add(saved, len(batch))
            judge.past.add([each.telling for each in judged.proposals], self._matrix(judged))
            batch = self._next(desk, chosen, after=batch[-1])
        return chosen

    def judge(self, desk: Desk, now: datetime) -> Judge:
        """The judge of the channel at this time, with its past read and repaired."""
        window = timedelta(hours=desk.topics.duplicates.window_hours)
        settings = desk.sources.trends
        with self.sessions() as session:
            longest = longest_window(session)
            trends = read_trends(session, desk.id, now, settings.least_growth) if settings.enabled else NO_TRENDS
        past = read_past(self.sessions, self.store, self.embedder, desk.id, now - WINDOWS_KEPT * window)
        self.store.drop_before(COLLECTION, now - WINDOWS_KEPT * longest)

        def told_before(hashes: Sequence[str]) -> Mapping[str, UUID]:
            recent = {each.content_hash for each in past.tellings}
            asked = [each for each in hashes if each not in recent]
            suspected = seen_lately(self.redis, desk.id, asked)
            with self.sessions() as session:
                return by_hash(session, desk.id, suspected)

        return Judge(desk, past, trends, self.embedder, now, told_before)

    def _next(self, desk: Desk, chosen: Chosen, after: Item | None) -> list[Item]:
        limit = BATCH if self.selection.limit is None else min(BATCH, self.selection.limit - chosen.read)
        if limit <= 0:
            return []
        only = self.selection.only
        with self.sessions() as session:
            return waiting_items(session, desk.id, limit=limit, after=after, only=only, again=self.selection.force)

    def save(self, desk: Desk, judged: Judged, now: datetime) -> Saved:
        """One transaction; then the copies in the vector store and Redis, which the next run would repair."""
        with self.sessions.begin() as session:
            saved = save(
                session, desk, judged, self.embedder.thresholds.same_language, again=self.selection.force, now=now
            )
        made = {each.id for each in saved.made}
        kept = [each for each in judged.proposals if each.id in made]
        tellings = [each.telling for each in kept]
        remember_vectors(self.store, desk.id, tellings, [each.vector for each in kept])
        remember_hashes(self.redis, desk.id, [each.content_hash for each in tellings])
        judged.proposals = kept
        return saved

    def _matrix(self, judged: Judged) -> "np.ndarray[Any, np.dtype[np.float32]]":
        import numpy as np

        rows = [each.vector for each in judged.proposals]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.embedder.dimension)
