"""Manners of collecting, with a true server, the true database and the true Redis."""

import signal
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import SourceItem, SourceState
from shorts_pipeline.embedded import process
from shorts_pipeline.embedded.valkey import Valkey
from shorts_pipeline.errors import RetryLater
from shorts_pipeline.sources.collect import collect
from shorts_pipeline.sources.due import back_off
from shorts_pipeline.sources.politeness import Busy
from shorts_pipeline_tests.rows import a_channel, a_source
from shorts_pipeline_tests.sources.web import Web, rss, story

Sessions = sessionmaker[Session]


def listened(sessions: Sessions, sources: int, hosts: int, **over: Any) -> list[UUID]:
    """One channel listening to feeds /0, /1 … on hosts that take turns."""
    with sessions.begin() as session:
        channel = a_channel(session)
        return [
            a_source(
                session, channel, connection_config={"url": f"https://h{number % hosts}.example/{number}"}, **over
            ).id
            for number in range(sources)
        ]


def state(sessions: Sessions, source_id: UUID) -> SourceState:
    with sessions() as session:
        return session.get_one(SourceState, source_id)


def stored(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(SourceItem)) or 0


def unchanged_polls(sessions: Sessions, clock: ManualClock, web: Web, redis: Redis, polls: int) -> None:
    """50 sources, polled again and again with nothing new: each body is sent once, nothing is stored twice."""
    ids = listened(sessions, 50, hosts=10)
    for number in range(50):
        body = rss(*(story(number * 100 + item) for item in range(3)))
        web.says(f"/h{number % 10}.example/{number}", body, ETag=f'"{number}"')
    new = []
    for _ in range(polls):
        new.append(collect(sessions, web.fetcher(), source_ids=ids, clock=clock, redis=redis).new)
        clock.move(timedelta(hours=2))
    assert (new[0], sum(new[1:]), stored(sessions)) == (150, 0, 150)
    conditional = Counter("If-None-Match" in one.headers for one in web.asked)
    assert conditional == {False: 50, True: 50 * (polls - 1)}


def test_fifty_sources_polled_again_and_again_send_their_bodies_once(
    sessions: Sessions, clock: ManualClock, web: Web, redis: Redis
) -> None:
    unchanged_polls(sessions, clock, web, redis, polls=20)


@pytest.mark.soak
def test_fifty_sources_polled_a_hundred_times_send_fifty_bodies(
    sessions: Sessions, clock: ManualClock, web: Web, redis: Redis
) -> None:
    unchanged_polls(sessions, clock, web, redis, polls=100)


@pytest.fixture
def own_valkey(tmp_path: Path) -> Any:
    """A Redis of this test's own, which it may kill."""
    server = Valkey(tmp_path / "valkey", durable=False)
    server.start()
    yield server
    server.remove()


def test_redis_killed_in_the_middle_loses_nothing_and_makes_nothing_twice(
    sessions: Sessions, clock: ManualClock, web: Web, own_valkey: Valkey
) -> None:
    ids = listened(sessions, 60, hosts=6)
    halfway = threading.Event()
    for number in range(60):
        path = f"/h{number % 6}.example/{number}"
        web.says(path, rss(*(story(number * 100 + item) for item in range(5))), ETag=f'"{number}"')
        if number == 30:
            answer = web.answers[path]

            def kill_then_answer(request: Any, answer: Any = answer) -> None:
                record = own_valkey.record()
                if not halfway.is_set() and record and (found := record.find()):
                    process.stop(found, (signal.SIGKILL, 5.0))
                    halfway.set()
                answer(request)

            web.answers[path] = kill_then_answer
    client = own_valkey.connect()
    collected = collect(sessions, web.fetcher(), source_ids=ids, clock=clock, redis=client)
    assert halfway.is_set()
    assert not own_valkey.running()
    assert (len(collected.sources), collected.failed, collected.new, stored(sessions)) == (60, (), 300, 300)
    assert len(web.asked) == 60
    again = collect(sessions, web.fetcher(), source_ids=ids, clock=clock, redis=client)
    assert (again.new, again.failed, stored(sessions)) == (0, (), 300)


def test_a_busy_host_is_no_failure_of_its_sources_and_they_wait_for_their_turn(
    sessions: Sessions, clock: ManualClock, web: Web, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source,) = listened(sessions, 1, hosts=1)
    web.says("/h0.example/0", rss(story(1)))

    class BusyWeb:
        def fetch(self, *_: Any, **__: Any) -> Any:
            raise Busy("h0.example is busy", delay=timedelta(seconds=90))

    waited = collect(sessions, BusyWeb(), clock=clock, redis=redis)
    assert (waited.failed, waited.as_metadata()["sources_waiting"]) == ((), 1)
    found = state(sessions, source)
    assert (found.failures, found.backoff_until) == (0, clock.now() + timedelta(seconds=90))
    assert collect(sessions, web.fetcher(), clock=clock, redis=redis).sources == ()
    clock.move(timedelta(seconds=90))
    assert collect(sessions, web.fetcher(), clock=clock, redis=redis).new == 1
    assert issubclass(Busy, RetryLater)


def test_a_chain_of_moves_is_followed_stored_and_not_walked_again(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    (source,) = ids = listened(sessions, 1, hosts=1)
    web.says("/h0.example/0", status=301, Location="/1")
    web.says("/h0.example/1", status=308, Location="https://new.example/2")
    web.says("/new.example/2", status=302, Location="/3")
    web.says("/new.example/3", rss(story(1)))
    collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    # The last hop was for now only.
    assert state(sessions, source).moved_to == "https://new.example/2"
    collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    assert web.paths()[4:] == ["/new.example/2", "/new.example/3"]


def test_a_source_that_fails_for_long_is_still_asked_and_recovers_at_once(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    (source, _) = listened(sessions, 2, hosts=2, cron_expression="* * * * *")
    web.says("/h1.example/1", rss())
    for failures in range(1, 13):
        collect(sessions, web.fetcher(), clock=clock)
        assert state(sessions, source).failures == failures
        clock.move(back_off(failures, of=source))
    assert back_off(12, of=source) <= timedelta(hours=6)
    web.says("/h0.example/0", rss(story(1)))
    assert collect(sessions, web.fetcher(), clock=clock).new == 1
    found = state(sessions, source)
    assert (found.failures, found.backoff_until, found.last_error) == (0, None, None)
