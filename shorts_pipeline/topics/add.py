"""Add: a story by hand. It goes the way of one from a feed, but no filter, score or full queue keeps it out.

It stands as an item of a source of its own ("by hand"), so that a topic always says where it came from.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from redis import Redis
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import SourceItem, SourceRegion, Topic, TopicStatus
from shorts_pipeline.errors import Rejected
from shorts_pipeline.language import clean_line, clean_text
from shorts_pipeline.selection import Selection
from shorts_pipeline.sources.unread import unread_source
from shorts_pipeline.topics.choose import Work
from shorts_pipeline.topics.desk import Desk, open_desk
from shorts_pipeline.topics.filter import Sieve
from shorts_pipeline.topics.items import Item, origin
from shorts_pipeline.topics.lock import only_run
from shorts_pipeline.topics.score import explain

if TYPE_CHECKING:
    from shorts_pipeline.resources.models.embedder import Embedder
    from shorts_pipeline.resources.vectors.store import VectorStore

BY_HAND = "by hand"


@dataclass(frozen=True)
class Added:
    """The topic that was made, its status after the gate, and its score in one line."""

    topic_id: UUID
    title: str
    status: TopicStatus
    sum: str


def add_topic(
    sessions: sessionmaker[Session],
    store: "VectorStore",
    embedder: "Embedder",
    redis: Redis | None,
    *,
    channel: str,
    title: str,
    text: str = "",
    url: str | None = None,
    clock: Clock,
) -> Added:
    """Make a topic of a person's story and put it before the channel's gate.

    Raises `Rejected` where the channel has told the story already (the message names the topic) or the title says
    nothing, `NeedsPerson` where there is no such channel, `RetryLater` where a run holds it for too long.
    """
    now = clock.now()
    with sessions() as session:
        desk = _by_hand(open_desk(session, channel))
    with only_run(sessions, desk.id):
        with sessions.begin() as session:
            item = _item(session, clean_line(title), clean_text(text), url, desk, clock)
        work = Work(sessions, store, embedder, redis, clock, Selection())
        judged = work.judge(desk, now).judge([item])
        if judged.dropped:
            raise Rejected(f"not added: {judged.dropped[0].reason}")
        if judged.repeats:
            match = judged.repeats[0].match
            raise Rejected(f"told already as topic {match.leader} ({match.how.value}); not added")
        saved = work.save(desk, judged, now)
        if not saved.made:
            raise Rejected(f"told already as topic {saved.repeats[0].match.leader}; not added")
    made = saved.made[0]
    with sessions() as session:
        status = session.scalars(select(Topic.status).where(Topic.id == made.id)).one()
    return Added(made.id, made.story.headline.title, status, explain(made.score.parts))


def _by_hand(desk: Desk) -> Desk:
    """The desk without what keeps stories out: a person has decided that."""
    queue = desk.topics.queue.model_copy(update={"least_score": 0, "most_waiting": 10_000})
    topics = desk.topics.model_copy(update={"queue": queue})
    return replace(desk, topics=topics, sieve=Sieve.open_to_all(topics))


def _item(session: Session, title: str, text: str, url: str | None, desk: Desk, clock: Clock) -> Item:
    source = unread_source(session, BY_HAND, SourceRegion.DOMESTIC, credibility=10.0, language=desk.language)
    key = url or hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
    session.execute(
        insert(SourceItem)
        .values(source_id=source.id, item_key=key, url=url, title=title, text=text, metrics={}, fetched_at=clock.now())
        .on_conflict_do_nothing(index_elements=["source_id", "item_key"])
    )
    found = session.scalars(
        select(SourceItem).where(SourceItem.source_id == source.id, SourceItem.item_key == key)
    ).one()
    return Item(
        id=found.id,
        source=origin(source, None),
        title=title,
        text=text,
        url=url,
        published_at=None,
        fetched_at=clock.now(),
        raw_language=None,
    )
