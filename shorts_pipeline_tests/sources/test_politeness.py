"""Manners between processes, with the true Redis and a time of our own."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from shorts_pipeline.resources.fetch import Fetched, FetchFailed, Turn, Validators
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.sources import hosts
from shorts_pipeline.sources.politeness import LONGEST_CRAWL_DELAY, Busy, Patience, Polite, polite
from shorts_pipeline_tests.sources.web import Web

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class Time:
    """A monotonic time that passes only by sleeping; `meanwhile` happens in each sleep."""

    at: float = 1_000.0
    slept: list[float] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.slept.append(seconds)
        self.meanwhile()

    def patience(self, seconds: float = 75.0) -> Patience:
        return Patience(seconds, sleep=self.sleep, monotonic=lambda: self.at, chance=lambda: 0.0)


@dataclass
class Server:
    """A fetcher whose requests go far away: they take a turn and are remembered."""

    near: bool = False
    asked: list[str] = field(default_factory=list)
    fails: Exception | None = None

    def fetch(self, address: str, *, now: datetime, turn: Turn, **_: Any) -> Fetched:
        with turn(address, now=now, near=self.near):
            self.asked.append(address)
            if self.fails is not None:
                raise self.fails
            return Fetched(address, b"", "", Validators())


@pytest.fixture
def host() -> str:
    """A host that no other test knows: what a process knows of a host it knows for good."""
    return f"{uuid4()}.example"


def ask(fetcher: Polite, host: str, now: datetime = NOW) -> Fetched:
    return fetcher.fetch(f"https://{host}/", now=now)


def another_process(host: str) -> None:
    """From here on we are one: nothing is known but what is in Redis."""
    hosts._hosts.pop(host, None)
    hosts._limiter.cache_clear()


def test_between_two_requests_to_a_host_there_is_a_pause_and_other_hosts_do_not_wait(host: str, redis: Redis) -> None:
    time_, server = Time(), Server()
    fetcher = polite(server, redis, pause=0.05, patience=time_.patience())
    ask(fetcher, host)
    ask(fetcher, f"other-{host}")
    assert time_.slept == []
    ask(fetcher, host)
    assert time_.slept[0] == pytest.approx(0.05)


def test_another_process_waits_for_the_pause_too(host: str, redis: Redis) -> None:
    server = Server()
    ask(polite(server, redis, pause=7.0, patience=Time().patience()), host)
    assert 0 < redis.pttl(f"shorts:turn:{host}") <= 7_000  # type: ignore[operator]
    another_process(host)
    waiting = Time()
    waiting.meanwhile = lambda: len(waiting.slept) == 3 and redis.delete(f"shorts:turn:{host}")
    ask(polite(server, redis, patience=waiting.patience()), host)
    assert (len(waiting.slept), len(server.asked)) == (3, 2)


def test_the_pause_is_never_the_same_twice_and_never_shorter(host: str) -> None:
    chances = iter([0.0, 0.5, 1.0])
    fetcher = polite(Server(), pause=2.0, patience=Patience(chance=lambda: next(chances)))
    assert [fetcher._pause(host) for _ in range(3)] == [2.0, 2.5, 3.0]


def test_a_crawl_delay_lengthens_the_pause_within_reason(host: str) -> None:
    for asked, pause in ((None, 1.0), (0.5, 1.0), (20.0, 20.0), (86_400.0, LONGEST_CRAWL_DELAY)):
        fetcher = polite(Server(), crawl_delay=lambda _, asked=asked: asked, patience=Time().patience())  # type: ignore[misc]
        assert fetcher._pause(f"https://{host}/") == pause


def test_a_host_that_stays_busy_is_given_up_without_a_request(host: str, redis: Redis) -> None:
    redis.set(f"shorts:turn:{host}", "another process")
    time_, server = Time(), Server()
    with pytest.raises(Busy, match="busy with other requests") as busy:
        ask(polite(server, redis, patience=time_.patience(10.0)), host)
    assert busy.value.delay == timedelta(minutes=1)
    assert (server.asked, time_.at <= 1_010) == ([], True)
    assert redis.get(f"shorts:turn:{host}") == "another process"


def test_a_turn_is_given_back_after_a_failure_and_one_that_was_lost_is_no_error(host: str, redis: Redis) -> None:
    server = Server(fails=FetchFailed("no answer"))
    fetcher = polite(server, redis, pause=0.0, patience=Time().patience())
    with pytest.raises(FetchFailed, match="no answer"):
        ask(fetcher, host)
    assert redis.exists(f"shorts:turn:{host}") == 0
    with fetcher.turn(f"https://{host}/", now=NOW, near=False):
        redis.set(f"shorts:turn:{host}", "another process")
    assert redis.get(f"shorts:turn:{host}") == "another process"


def test_the_turn_of_a_killed_process_ends_by_itself(host: str, redis: Redis) -> None:
    with polite(Server(), redis, patience=Time().patience()).turn(f"https://{host}/", now=NOW, near=False):
        assert 30_000 < redis.pttl(f"shorts:turn:{host}") <= hosts.TURN_SECONDS * 1_000  # type: ignore[operator]


def test_a_sources_rate_holds_in_all_processes_together(
    host: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_, server, source = Time(), Server(), uuid4()
    now = SimpleNamespace(time=lambda: 1_772_000_000 + time_.at, monotonic=time.monotonic)
    for module in ("limits.storage.memory", "limits.storage.redis", "shorts_pipeline.sources.hosts"):
        monkeypatch.setattr(f"{module}.time", now)

    def another() -> Polite:
        another_process(host)
        return polite(server, redis, source_id=source, per_minute=4, pause=0.0, patience=time_.patience())

    for _ in range(4):
        ask(another(), host)
        time_.at += 5
    assert time_.slept == []
    ask(another(), host)
    assert sum(time_.slept) == pytest.approx(40, abs=0.1)
    ask(polite(server, redis, source_id=uuid4(), per_minute=4, pause=0.0, patience=time_.patience()), host)
    assert (sum(time_.slept), len(server.asked)) == (pytest.approx(40, abs=0.1), 6)


def test_a_rate_that_stays_used_up_is_given_up(host: str, redis: Redis) -> None:
    fetcher = polite(Server(), redis, source_id=uuid4(), per_minute=1, pause=0.0, patience=Time().patience(10.0))
    ask(fetcher, host)
    with pytest.raises(Busy, match="used up"):
        ask(fetcher, host)


def test_silence_that_a_host_asks_for_is_kept_by_every_source_and_process(host: str, redis: Redis) -> None:
    server = Server(fails=FetchFailed("429", status=429, delay=timedelta(hours=1)))
    fetcher = polite(server, redis, pause=0.0, patience=Time().patience())
    with pytest.raises(FetchFailed, match="429"):
        ask(fetcher, host)
    server.fails = None
    for forget in (lambda _: None, another_process):
        forget(host)
        with pytest.raises(Busy, match="asked for silence until 2026-03-02 01:00") as busy:
            ask(fetcher, host, NOW + timedelta(minutes=20))
        assert busy.value.delay == timedelta(minutes=40)
    ask(fetcher, f"other-{host}")
    ask(fetcher, host, NOW + timedelta(hours=1))
    assert len(server.asked) == 3


def test_on_this_machine_turns_are_taken_and_nothing_else_is_waited_for(host: str, redis: Redis) -> None:
    time_, server = Time(), Server(near=True)
    fetcher = polite(server, redis, source_id=uuid4(), per_minute=1, patience=time_.patience(1.0))
    for _ in range(5):
        ask(fetcher, host)
    assert time_.slept == []
    redis.set(f"shorts:turn:{host}", "another process")
    with pytest.raises(Busy):
        ask(fetcher, host)


@pytest.mark.parametrize("client", [None, RedisResource(url="").client])
def test_without_redis_each_process_is_polite_by_itself_and_says_so_once(
    host: str, client: Redis | None, caplog: pytest.LogCaptureFixture
) -> None:
    hosts.shared.cache_clear()
    time_, server = Time(), Server()
    fetcher = polite(server, client, source_id=uuid4(), per_minute=2, patience=time_.patience(30.0))
    with caplog.at_level(logging.WARNING, logger=hosts.__name__):
        ask(fetcher, host)
        ask(fetcher, host)
        assert time_.slept == [1.0]
        with pytest.raises(Busy):
            ask(fetcher, host)
    assert [record.message.count("Redis does not answer") for record in caplog.records] == ([1] if client else [])


def test_redis_may_die_during_a_request(host: str, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    fetcher = polite(server, redis, source_id=uuid4(), per_minute=9, pause=0.0, patience=Time().patience())

    with fetcher.turn(f"https://{host}/", now=NOW, near=False):
        monkeypatch.setattr(redis.connection_pool, "get_connection", _gone)
    ask(fetcher, host)
    assert server.asked == [f"https://{host}/"]


def test_one_process_at_a_time_asks_a_host(web: Web, redis_url: str) -> None:
    busy, most, lock = [0], [0], threading.Lock()

    def slow(request: BaseHTTPRequestHandler) -> None:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.03)
        with lock:
            busy[0] -= 1
        request.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")

    web.answers["/shared.example/"] = slow
    processes = [subprocess.Popen([sys.executable, "-c", ASKS_FIVE_TIMES, web.url, redis_url]) for _ in range(3)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    assert (len(web.asked), most) == (15, [1])


ASKS_FIVE_TIMES = """
import sys
from datetime import UTC, datetime
from redis import Redis
from shorts_pipeline.resources.fetch.client import Fetcher
from shorts_pipeline.sources.politeness import polite

fetcher = polite(Fetcher(mirror_url=sys.argv[1]), Redis.from_url(sys.argv[2], decode_responses=True))
for _ in range(5):
    fetcher.fetch("https://shared.example/", now=datetime(2026, 3, 2, tzinfo=UTC))
"""


def _gone(*_: Any, **__: Any) -> None:
    from redis.exceptions import ConnectionError as NoConnection

    raise NoConnection("Error 111")
