"""Many items: as many questions as a batch needs, the same topics however batches are cut, nothing lost or twice."""

import random
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import ChannelSource, ItemJudgement, JudgementOutcome, Source, Topic, TopicSighting
from shorts_pipeline.embedded.valkey import Valkey
from shorts_pipeline.selection import Selection
from shorts_pipeline.topics import choose as choosing
from shorts_pipeline.topics import items, remember, repair
from shorts_pipeline.topics.choose import choose_topics
from shorts_pipeline.topics.chosen import Chosen
from shorts_pipeline.topics.items import count_waiting
from shorts_pipeline.topics.remember import COLLECTION
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.rows import a_source
from shorts_pipeline_tests.topics.stories import Unlike, a_desk_channel, an_item, unlike_titles

MARKED = ("[속보] {}", "{}(종합)", "{} - 연합뉴스", "[단독] {}(종합2보) - 연합뉴스", "{} 결국")


@pytest.fixture
def embedder() -> Unlike:
    """What is near in meaning is not asked in these tests."""
    return Unlike()


@pytest.fixture
def run(sessions, store, embedder, redis, clock) -> Callable[..., Chosen]:
    """Runs the stage for a channel with the stand-in for a model."""

    def choose(channel: str, client: Redis | None = redis, **selection: Any) -> Chosen:
        return choose_topics(
            sessions, store, embedder, client, channel=channel, clock=clock, selection=Selection(**selection)
        )

    return choose


def tell(session: Session, source: Source, stories: int, *, times: int = 1) -> None:
    """So many stories, each told so many times in other words, in no order."""
    titles = unlike_titles(stories)
    told = titles + [MARKED[n % len(MARKED)].format(title) for n in range(times - 1) for title in titles]
    random.Random(3).shuffle(told)
    for number, title in enumerate(told):
        an_item(session, source, title, fetched_at=NINE_IN_SEOUL - timedelta(minutes=len(told) - number))


def counted(session: Session, what: Any) -> int:
    return session.scalar(select(func.count()).select_from(what)) or 0


def test_a_batch_asks_as_many_questions_whatever_its_size(engine, sessions, run):
    with sessions.begin() as session:
        for slug, stories in (("warm", 3), ("few", 5), ("many", 90)):
            channel = a_desk_channel(session, slug, queue={"least_score": 0, "most_waiting": 1_000})
            tell(session, a_source(session, channel), stories, times=3)
    run("warm")
    asked: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *event: asked.append(event[2]))
    run("few")
    few = len(asked)
    chosen = run("many")
    assert (chosen.read, chosen.made, chosen.duplicates) == (270, 90, 180)
    assert len(asked) == 2 * few


def test_the_same_stories_come_out_however_batches_are_cut(sessions, run, monkeypatch):
    with sessions.begin() as session:
        channels = [a_desk_channel(session, slug) for slug in ("one", "other", "third")]
        source = a_source(session, channels[0])
        session.add_all(ChannelSource(channel_id=channel.id, source_id=source.id) for channel in channels[1:])
        tell(session, source, 12, times=4)
    monkeypatch.setattr(items, "LOOKED_AHEAD", 20)
    results = []
    for channel, size in zip(("one", "other", "third"), (500, 7, 1), strict=True):
        monkeypatch.setattr(choosing, "BATCH", size)
        results.append((run(channel).counts(), size))
    assert [counts["made"] for counts, _ in results] == [12, 12, 12]
    assert [counts["duplicates"] for counts, _ in results] == [36, 36, 36]


def test_items_told_long_ago_are_compared_with_each_other(sessions, run, monkeypatch):
    """A new channel's first items may be older than two windows, and come in several batches."""
    monkeypatch.setattr(choosing, "BATCH", 2)
    with sessions.begin() as session:
        channel = a_desk_channel(session, "news", expiry={"hours_otherwise": 2000})
        source = a_source(session, channel)
        title = unlike_titles(1)[0]
        for mark in MARKED:
            an_item(session, source, mark.format(title), hours_ago=40 * 24)
    chosen = run("news")
    assert (chosen.made, chosen.duplicates) == (1, 4)


def test_a_window_may_cross_the_periods_of_keys(sessions, run):
    with sessions.begin() as session:
        source = a_source(session, a_desk_channel(session, "news", expiry={"hours_otherwise": 2000}))
        for number, title in enumerate(unlike_titles(30)):
            an_item(session, source, title, hours_ago=36 * number)
    run("news")
    with sessions.begin() as session:
        for number, title in enumerate(unlike_titles(30)):
            an_item(session, source, f"{title} 결국", hours_ago=36 * number - 20)
    chosen = run("news")
    assert (chosen.made, chosen.repeats_by["near-same title"]) == (0, 30)


def test_a_dry_run_knows_in_its_second_batch_what_it_would_have_told_in_the_first(sessions, run, monkeypatch):
    monkeypatch.setattr(choosing, "BATCH", 5)
    with sessions.begin() as session:
        tell(session, a_source(session, a_desk_channel(session, "news")), 8, times=3)
    would = run("news", dry_run=True)
    assert (would.read, would.made, would.duplicates) == (24, 8, 16)
    done = run("news")
    assert (done.made, done.duplicates) == (8, 16)


def test_missing_vectors_are_made_again_a_few_at_a_time(sessions, run, store, embedder, monkeypatch):
    monkeypatch.setattr(repair, "LOOKED_THROUGH", 3)
    monkeypatch.setattr(repair, "AT_ONCE", 2)
    with sessions.begin() as session:
        tell(session, a_source(session, a_desk_channel(session, "news")), 8)
    run("news")
    with sessions() as session:
        topics = list(session.scalars(select(Topic.id)))
    store.delete(COLLECTION, topics[:5])
    embedder.asked.clear()
    run("news")
    assert (len(embedder.asked), store.missing(COLLECTION, topics)) == (5, set())


def test_vectors_of_another_text_are_made_anew(sessions, run, store, embedder, monkeypatch):
    with sessions.begin() as session:
        tell(session, a_source(session, a_desk_channel(session, "news")), 3)
    monkeypatch.setattr(remember, "EMBEDDED", "title")
    run("news")
    monkeypatch.undo()
    embedder.asked.clear()
    run("news")
    with sessions() as session:
        topics = list(session.scalars(select(Topic.id)))
    assert (len(embedder.asked), store.missing(COLLECTION, topics)) == (3, set())


def test_another_model_embeds_what_was_told_lately_again(sessions, run, store, embedder):
    with sessions.begin() as session:
        tell(session, a_source(session, a_desk_channel(session, "news")), 3)
    run("news")
    embedder.model = "another"
    embedder.asked.clear()
    run("news")
    assert len(embedder.asked) == 3
    assert store.count(COLLECTION) == 3


def test_a_redis_that_is_killed_in_the_middle_loses_nothing_and_tells_nothing_twice(
    sessions, run, embedder, open_folder, monkeypatch
):
    monkeypatch.setattr(choosing, "BATCH", 10)
    with sessions.begin() as session:
        tell(session, a_source(session, a_desk_channel(session, "news")), 15, times=3)
    server = Valkey(open_folder / "killed-in-the-middle", durable=False)
    server.start()
    embed = embedder.embed

    def embed_and_kill(texts):
        server.stop()
        return embed(texts)

    monkeypatch.setattr(embedder, "embed", embed_and_kill)
    try:
        client = server.connect()
        client.set_retry(Retry(NoBackoff(), 0))
        chosen = run("news", client)
        again = run("news", client)
    finally:
        server.remove()
    assert (chosen.read, chosen.made, chosen.duplicates, again.read) == (45, 15, 30, 0)
    with sessions() as session:
        assert (counted(session, Topic), counted(session, TopicSighting)) == (15, 30)


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "with the lock lost"])
def test_runs_at_once_tell_every_story_once(sessions, run, monkeypatch, locked):
    """With the lock lost two runs judge the same items: an item was counted as a second telling of its own story."""
    if not locked:
        monkeypatch.setattr(choosing, "only_run", lambda *_: nullcontext())
    monkeypatch.setattr(choosing, "BATCH", 9)
    with sessions.begin() as session:
        tell(session, a_source(session, a_desk_channel(session, "news")), 12, times=3)
    results: list[Chosen] = []
    threads = [threading.Thread(target=lambda: results.append(run("news"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    with sessions() as session:
        assert (counted(session, Topic), counted(session, ItemJudgement)) == (12, 36)
        assert counted(session, TopicSighting) == 24
        judged = select(ItemJudgement.source_item_id).where(ItemJudgement.outcome == JudgementOutcome.TOPIC)
        assert set(session.scalars(judged)).isdisjoint(session.scalars(select(TopicSighting.source_item_id)))
    assert sum(each.made for each in results) == 12


RUN = """
import sys
from redis import Redis
from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import make_engine, make_sessions
from shorts_pipeline.resources.vectors.pgvector import PgVectorStore
from shorts_pipeline.topics import choose
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.topics.stories import Unlike
engine = make_engine(sys.stdin.readline().strip())
redis = Redis.from_url(sys.stdin.readline().strip(), decode_responses=True)
choose.BATCH = 5
sessions, store, clock = make_sessions(engine), PgVectorStore(engine), ManualClock(NINE_IN_SEOUL)
print(choose.choose_topics(sessions, store, Unlike(), redis, channel="news", clock=clock).made)
"""


def test_processes_at_once_tell_every_story_once(sessions, own_database_url, redis_url):
    with sessions.begin() as session:
        channel = a_desk_channel(session, "news")
        tell(session, a_source(session, channel), 12, times=3)
    running = [
        subprocess.Popen([sys.executable, "-c", RUN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in running:
        assert one.stdin is not None
        one.stdin.write(f"{own_database_url}\n{redis_url}\n")
        one.stdin.flush()
    made = [int(one.communicate(timeout=120)[0]) for one in running]
    assert sum(made) == 12
    with sessions() as session:
        assert (counted(session, Topic), counted(session, TopicSighting)) == (12, 24)
        assert count_waiting(session, channel.id) == 0
