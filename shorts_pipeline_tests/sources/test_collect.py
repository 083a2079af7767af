"""Collecting against a real server and a real database: each source's fate is its own."""

import gzip
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import ChannelStatus, JobLog, JobStatus, Source, SourceItem, SourceState
from shorts_pipeline.resources.fetch import Fetched
from shorts_pipeline.resources.fetch.client import Fetcher
from shorts_pipeline.sources import collect as collecting
from shorts_pipeline.sources import store as storing
from shorts_pipeline.sources.collect import AllSourcesFailed, Collected, collect
from shorts_pipeline.sources.due import back_off
from shorts_pipeline.sources.store import record_broken
from shorts_pipeline_tests.rows import a_channel, a_source
from shorts_pipeline_tests.sources.web import Web, rss, story

Sessions = sessionmaker[Session]


def listened(sessions: Sessions, *hosts: str, **over: Any) -> list[UUID]:
    """One active channel listening to a feed on each host; their ids."""
    with sessions.begin() as session:
        channel = a_channel(session)
        return [
            a_source(session, channel, connection_config={"url": f"https://{host}/feed.xml"}, **over).id
            for host in hosts
        ]


def state(sessions: Sessions, source_id: UUID) -> SourceState:
    with sessions() as session:
        found = session.get(SourceState, source_id)
        assert found is not None
        return found


def items(sessions: Sessions, source_id: UUID | None = None) -> list[SourceItem]:
    with sessions() as session:
        wanted = SourceItem.source_id == source_id if source_id else SourceItem.source_id.is_not(None)
        return list(session.scalars(select(SourceItem).where(wanted).order_by(SourceItem.item_key)))


def of(collected: Collected, source_id: UUID) -> collecting.CollectedSource:
    return next(one for one in collected.sources if one.source_id == source_id)


def _drip(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
    for _ in range(80):
        request.wfile.write(b"<")
        time.sleep(0.05)


def _hang_up(request: BaseHTTPRequestHandler) -> None:
    request.connection.close()


def test_a_dead_feed_is_recorded_and_the_others_go_on(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    names = ["good", "dead", "empty", "html", "huge", "bomb", "drip", "gone", "inside", "missing"]
    ids = dict(zip(names, listened(sessions, *(f"{name}.example" for name in names)), strict=True))
    web.says("/good.example/feed.xml", rss(story(1), story(2)))
    web.answers["/dead.example/feed.xml"] = _hang_up
    web.says("/empty.example/feed.xml", rss())
    web.says("/html.example/feed.xml", "<!doctype html><title>Login</title>")
    web.says("/huge.example/feed.xml", b" " * 100_000_000)
    web.says("/bomb.example/feed.xml", gzip.compress(b" " * 100_000_000), Content_Encoding="gzip")
    web.answers["/drip.example/feed.xml"] = _drip
    web.says("/gone.example/feed.xml", status=410)
    web.says("/inside.example/feed.xml", status=302, Location="file:///etc/passwd")

    collected = collect(sessions, web.fetcher(), clock=clock, run_id="run")

    says = {"dead": "no connection", "html": "HTML page.*Login", "huge": "larger than", "bomb": "larger than",
            "drip": "took longer", "gone": "gone for good", "inside": "not an http", "missing": "404"}  # fmt: skip
    for name, pattern in says.items():
        assert re.search(pattern, of(collected, ids[name]).error or ""), name
        recorded = state(sessions, ids[name])
        assert recorded.last_error == of(collected, ids[name]).error
        assert (recorded.failures, recorded.gone) == (1, name == "gone")
        assert recorded.backoff_until == clock.now() + back_off(1, of=ids[name])
    assert [(of(collected, ids[name]).new, of(collected, ids[name]).error) for name in ("good", "empty")] == [
        (2, None),
        (0, None),
    ]
    assert [item.run_id for item in items(sessions)] == ["run", "run"]
    assert collected.as_metadata()["sources_failed"] == 8


def test_what_is_stored_is_what_the_feed_said(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    (source,) = listened(sessions, "a.example")
    web.says("/a.example/feed.xml", rss(story(1)))
    collect(sessions, web.fetcher(), clock=clock)
    (item,) = items(sessions)
    assert (item.source_id, item.item_key, item.url) == (source, "story-1", "https://news.example.com/1")
    assert (item.title, item.text) == ("반도체 수출 1조 원 넘었다", "지난달 수출이 1조 원을 넘었다.")
    assert (item.published_at, item.fetched_at) == (clock.now() - timedelta(hours=1), clock.now())
    assert (item.raw_language, item.metrics) == ("ko", {})


def test_two_readings_make_nothing_twice(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    ids = listened(sessions, "a.example")
    web.says("/a.example/feed.xml", rss(story(1), story(2)))
    assert collect(sessions, web.fetcher(), source_ids=ids, clock=clock).new == 2
    web.says("/a.example/feed.xml", rss(story(2), story(3)))
    assert collect(sessions, web.fetcher(), source_ids=ids, clock=clock).new == 1
    assert [item.item_key for item in items(sessions)] == ["story-1", "story-2", "story-3"]


def test_two_runs_at_once_make_nothing_twice(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    ids = listened(sessions, "a.example", "b.example")
    for host in ("a", "b"):
        web.says(f"/{host}.example/feed.xml", rss(*(story(n) for n in range(50))))
    runs = [
        threading.Thread(target=collect, args=(sessions, web.fetcher()), kwargs={"source_ids": ids, "clock": clock})
        for _ in range(4)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert len(items(sessions)) == 100


def test_an_unchanged_feed_is_a_success_without_items(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    (source,) = ids = listened(sessions, "a.example")
    web.says("/a.example/feed.xml", rss(story(1)), ETag='"v1"')
    collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    later = clock.move(timedelta(hours=2))
    collected = collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    assert of(collected, source).unchanged
    assert (len(web.asked), web.asked[1].headers["If-None-Match"]) == (2, '"v1"')
    assert (state(sessions, source).etag, state(sessions, source).failures) == ('"v1"', 0)
    with sessions() as session:
        assert session.get_one(Source, source).last_collected_at == later


def test_a_failed_reading_is_not_an_empty_source(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    (source,) = ids = listened(sessions, "a.example")
    web.says("/a.example/feed.xml", rss(story(1)), ETag='"v1"')
    collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    read_at = clock.now()
    clock.move(timedelta(hours=2))
    web.says("/a.example/feed.xml", status=500)
    with pytest.raises(AllSourcesFailed, match="500"):
        collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    assert len(items(sessions)) == 1
    assert state(sessions, source).etag == '"v1"'
    with sessions() as session:
        assert session.get_one(Source, source).last_collected_at == read_at
        assert session.scalars(select(JobLog.status).order_by(JobLog.started_at)).all() == [
            JobStatus.COMPLETED,
            JobStatus.FAILED,
        ]


def test_failures_in_a_row_wait_longer_and_a_success_forgets_them(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    (source, _) = listened(sessions, "a.example", "good.example", cron_expression="* * * * *")
    web.says("/good.example/feed.xml", rss())
    for failures in (1, 2, 3):
        collect(sessions, web.fetcher(), clock=clock)
        found, wait = state(sessions, source), back_off(failures, of=source)
        assert (found.failures, found.backoff_until) == (failures, clock.now() + wait)
        assert source not in {one.source_id for one in collect(sessions, web.fetcher(), clock=clock).sources}
        clock.move(wait)
    web.says("/a.example/feed.xml", rss(story(1)))
    assert collect(sessions, web.fetcher(), clock=clock).new == 1
    found = state(sessions, source)
    assert (found.failures, found.backoff_until, found.last_error) == (0, None, None)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_source_that_asks_us_to_wait_is_left_alone_that_long(
    sessions: Sessions, clock: ManualClock, web: Web, form: str
) -> None:
    (source, _) = listened(sessions, "a.example", "good.example")
    until = clock.now() + timedelta(hours=3)
    asked = "10800" if form == "seconds" else format_datetime(until, usegmt=True)
    web.says("/a.example/feed.xml", status=429, Retry_After=asked)
    web.says("/good.example/feed.xml", rss())
    collect(sessions, web.fetcher(), clock=clock)
    assert state(sessions, source).backoff_until == until
    clock.move(timedelta(hours=2, minutes=59))
    collect(sessions, web.fetcher(), clock=clock)
    assert web.paths().count("/a.example/feed.xml") == 1


def test_a_feed_that_moved_is_read_where_it_went(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    (source,) = ids = listened(sessions, "a.example")
    web.says("/a.example/feed.xml", status=301, Location="https://b.example/new.xml")
    web.says("/b.example/new.xml", rss(story(1)), ETag='"b"')
    collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    assert state(sessions, source).moved_to == "https://b.example/new.xml"
    collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    assert web.paths() == ["/a.example/feed.xml", "/b.example/new.xml", "/b.example/new.xml"]
    assert state(sessions, source).moved_to == "https://b.example/new.xml"


def test_a_gone_feed_is_not_read_again_until_its_address_is_changed(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    (source, _) = listened(sessions, "a.example", "good.example")
    web.says("/a.example/feed.xml", status=410)
    web.says("/good.example/feed.xml", rss())
    web.says("/new.example/feed.xml", rss(story(1)))
    collect(sessions, web.fetcher(), clock=clock)
    clock.move(timedelta(days=10))
    assert source not in {one.source_id for one in collect(sessions, web.fetcher(), clock=clock).sources}
    with sessions.begin() as session:
        session.get_one(Source, source).connection_config = {"url": "https://new.example/feed.xml"}  # type: ignore[assignment]
    assert of(collect(sessions, web.fetcher(), clock=clock), source).new == 1
    assert not state(sessions, source).gone


def test_what_was_learned_at_an_old_address_is_not_said_to_the_new_one(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    (source,) = ids = listened(sessions, "a.example")
    web.says("/a.example/feed.xml", rss(story(1)), ETag='"same"')
    web.says("/b.example/feed.xml", rss(story(2)), ETag='"same"')
    collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    with sessions.begin() as session:
        session.get_one(Source, source).connection_config = {"url": "https://b.example/feed.xml"}  # type: ignore[assignment]
    assert collect(sessions, web.fetcher(), source_ids=ids, clock=clock).new == 1


class Killed(BaseException):
    """As good as SIGKILL: nothing handles it."""


def test_a_kill_between_reading_and_storing_loses_nothing(
    sessions: Sessions, clock: ManualClock, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = listened(sessions, "a.example")
    web.says("/a.example/feed.xml", rss(story(1)), ETag='"v1"')
    real = storing._set_state

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(storing, "_set_state", killed)
    with pytest.raises(Killed):
        collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    assert items(sessions) == []
    monkeypatch.setattr(storing, "_set_state", real)
    assert collect(sessions, web.fetcher(), clock=clock).new == 1


def test_a_defect_of_ours_is_recorded_by_its_kind_and_keeps_what_it_may_hold_to_itself(
    sessions: Sessions, clock: ManualClock
) -> None:
    class Broken(Fetcher):
        def fetch(self, *_: object, **__: object) -> Fetched:
            raise ZeroDivisionError("key=hunter2")

    (source,) = ids = listened(sessions, "a.example")
    with pytest.raises(AllSourcesFailed):
        collect(sessions, Broken(), source_ids=ids, clock=clock)
    assert state(sessions, source).last_error == "ZeroDivisionError"


def test_one_host_is_asked_once_at_a_time_and_hosts_beside_each_other(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    with sessions.begin() as session:
        channel = a_channel(session)
        for number in range(8):
            a_source(session, channel, connection_config={"url": f"https://h{number % 2}.example/{number}"})
    busy: dict[str, int] = {"h0.example": 0, "h1.example": 0}
    most: dict[str, int] = {"one": 0, "all": 0}
    lock = threading.Lock()

    def slow(request: BaseHTTPRequestHandler) -> None:
        host = request.path.split("/")[1]
        with lock:
            busy[host] += 1
            most["one"] = max(most["one"], busy[host])
            most["all"] = max(most["all"], sum(busy.values()))
        time.sleep(0.05)
        with lock:
            busy[host] -= 1
        body = rss().encode()
        request.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    for number in range(8):
        web.answers[f"/h{number % 2}.example/{number}"] = slow
    assert len(collect(sessions, web.fetcher(), clock=clock).sources) == 8
    assert most == {"one": 1, "all": 2}


def test_sources_nobody_listens_to_are_not_read(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    with sessions.begin() as session:
        a_source(session)
        a_source(session, a_channel(session, status=ChannelStatus.PAUSED))
        a_source(session, a_channel(session), is_active=False)
    assert collect(sessions, web.fetcher(), clock=clock).sources == ()
    assert web.asked == []


def test_only_those_due_are_read_and_the_rest_wait_for_their_cron(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    (source,) = listened(sessions, "a.example", cron_expression="0 */2 * * *", timezone="Asia/Seoul")
    web.says("/a.example/feed.xml", rss())
    assert len(collect(sessions, web.fetcher(), clock=clock).sources) == 1
    assert state(sessions, source).last_fired_at == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert state(sessions, source).next_due_at == datetime(2026, 3, 2, 1, tzinfo=UTC)
    clock.move(timedelta(minutes=59))
    assert collect(sessions, web.fetcher(), clock=clock).sources == ()
    clock.move(timedelta(minutes=1))
    assert len(collect(sessions, web.fetcher(), clock=clock).sources) == 1


def test_a_dry_run_names_the_sources_and_reads_none(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    ids = listened(sessions, "a.example", "b.example")
    assert [one.source_id for one in collect(sessions, web.fetcher(), clock=clock, dry_run=True).sources] == ids
    assert len(collect(sessions, web.fetcher(), clock=clock, dry_run=True, limit=1).sources) == 1
    assert web.asked == []


def test_unknown_and_repeated_ids_are_no_error(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    (source,) = listened(sessions, "a.example")
    web.says("/a.example/feed.xml", rss())
    collected = collect(sessions, web.fetcher(), source_ids=[source, uuid4(), source], clock=clock)
    assert [one.source_id for one in collected.sources] == [source]


@pytest.mark.parametrize(
    ("connection", "says"),
    [
        ({"url": "https://e.com/{board}"}, r"nothing fills \{board\}"),
        ({"url": "https://e.com/", "secret": "NOBODY_SET_THIS"}, "no secret NOBODY_SET_THIS"),
        ({"url": "https://e.com/{n}", "parameters": {"n": [str(n) for n in range(51)]}}, "more than 50 addresses"),
    ],
)
def test_a_source_that_cannot_be_asked_says_why(
    sessions: Sessions, clock: ManualClock, web: Web, connection: dict[str, Any], says: str
) -> None:
    with sessions.begin() as session:
        source = a_source(session, a_channel(session), connection_config=connection).id
    with pytest.raises(AllSourcesFailed, match=says):
        collect(sessions, web.fetcher(), source_ids=[source], clock=clock)
    assert web.asked == []


def test_places_and_queries_of_an_address_are_filled(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    connection = {"url": "https://e.com/{board}.xml", "parameters": {"board": ["새 소식"]}, "query": {"n": "5"}}
    with sessions.begin() as session:
        a_source(session, a_channel(session), connection_config=connection)
    web.says("/e.com/%EC%83%88%20%EC%86%8C%EC%8B%9D.xml?n=5", rss(story(1)))
    assert collect(sessions, web.fetcher(), clock=clock).new == 1


def test_a_story_from_the_future_is_from_now(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    listened(sessions, "a.example")
    web.says("/a.example/feed.xml", rss(story(1, date="Mon, 02 Mar 2099 08:00:00 +0900")))
    collect(sessions, web.fetcher(), clock=clock)
    assert items(sessions)[0].published_at == clock.now()


def test_what_is_wrong_with_a_cron_is_said_once(sessions: Sessions, clock: ManualClock) -> None:
    (source,) = listened(sessions, "a.example")
    with sessions.begin() as session:
        assert record_broken(session, {source: "cron expression 'x'"}, now=clock.now()) == 1
    with sessions.begin() as session:
        assert record_broken(session, {source: "cron expression 'x'"}, now=clock.now()) == 0
    assert state(sessions, source).last_error == "cron expression 'x'"
