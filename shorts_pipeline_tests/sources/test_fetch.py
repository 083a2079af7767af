"""The fetcher against a real server: manners, limits, and what it never connects to."""

import gzip
import json
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any

import pytest

from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.fetch import (
    AddressRefused,
    FetchFailed,
    FetchLimits,
    FetchResource,
    Gone,
    TookTooLong,
    TooLarge,
    Validators,
)
from shorts_pipeline.resources.fetch.client import Fetcher
from shorts_pipeline.settings import Settings
from shorts_pipeline_tests.sources.web import QUICK, Web

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ADDRESS = "https://news.example.com/feed.xml"
PATH = "/news.example.com/feed.xml"


def test_an_address_is_read_with_its_validators_and_a_name(web: Web) -> None:
    web.says(PATH, "hello", ETag='"v1"', Last_Modified="Mon, 02 Mar 2026 00:00:00 GMT")
    fetched = web.fetcher().fetch(ADDRESS, now=NOW)
    assert fetched.body == b"hello"
    assert fetched.validators == Validators('"v1"', "Mon, 02 Mar 2026 00:00:00 GMT")
    assert fetched.address == ADDRESS
    assert web.asked[0].headers["User-Agent"].startswith("shorts-pipeline/")


def test_what_has_not_changed_is_not_sent_again(web: Web) -> None:
    web.says(PATH, "hello", ETag='"v1"')
    fetched = web.fetcher().fetch(ADDRESS, now=NOW, validators=Validators('"v1"', "yesterday"))
    assert fetched.not_modified
    assert fetched.body == b""
    assert web.asked[0].headers["If-Modified-Since"] == "yesterday"


def test_the_mirror_keeps_host_port_and_query(web: Web) -> None:
    web.says("/e.com:8443/a/b?c=d&e=f", "x")
    assert web.fetcher().fetch("https://e.com:8443/a/b?c=d&e=f", now=NOW).body == b"x"


def test_a_mirror_that_is_no_address_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="SOURCE_MIRROR_URL"):
        Fetcher(mirror_url="localhost:80")


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_move_is_followed_and_told(web: Web, status: int) -> None:
    web.says(PATH, status=status, Location="/new.xml")
    web.says("/news.example.com/new.xml", "moved")
    fetched = web.fetcher().fetch(ADDRESS, now=NOW)
    assert (fetched.body, fetched.moved_to) == (b"moved", "https://news.example.com/new.xml")


def test_a_move_for_now_is_followed_and_not_told(web: Web) -> None:
    web.says(PATH, status=302, Location="https://other.example/new.xml")
    web.says("/other.example/new.xml", status=301, Location="/newer.xml")
    web.says("/other.example/newer.xml", "moved")
    fetched = web.fetcher().fetch(ADDRESS, now=NOW)
    assert (fetched.body, fetched.moved_to) == (b"moved", None)


def test_redirects_in_a_circle_end(web: Web) -> None:
    web.says(PATH, status=302, Location=ADDRESS)
    with pytest.raises(FetchFailed, match="redirects more than 5 times"):
        web.fetcher().fetch(ADDRESS, now=NOW)
    assert len(web.asked) == 6


def test_gone_is_gone(web: Web) -> None:
    web.says(PATH, status=410)
    with pytest.raises(Gone):
        web.fetcher().fetch(ADDRESS, now=NOW)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "delay"),
    [
        ("120", timedelta(seconds=120)),
        (format_datetime(NOW + timedelta(minutes=7), usegmt=True), timedelta(minutes=7)),
        (format_datetime(NOW - timedelta(minutes=7), usegmt=True), timedelta(0)),
        ("99999999999999", timedelta(days=1)),
        ("soon", None),
    ],
)
def test_a_server_that_asks_us_to_wait_is_heard(web: Web, status: int, value: str, delay: timedelta | None) -> None:
    web.says(PATH, status=status, Retry_After=value)
    with pytest.raises(FetchFailed) as failed:
        web.fetcher().fetch(ADDRESS, now=NOW)
    assert (failed.value.status, failed.value.delay) == (status, delay)


def test_a_query_and_what_it_may_hold_is_in_no_message(web: Web) -> None:
    with pytest.raises(FetchFailed) as failed:
        web.fetcher().fetch(f"{ADDRESS}?key=hunter2", now=NOW)
    assert "hunter2" not in str(failed.value)
    with pytest.raises(FetchFailed) as failed:
        web.fetcher(mirror_url="http://127.0.0.1:9").fetch(f"{ADDRESS}?key=hunter2", now=NOW)
    assert "hunter2" not in str(failed.value)


def test_own_headers_do_not_follow_to_another_host(web: Web) -> None:
    web.says(PATH, status=302, Location="https://other.example/")
    web.says("/other.example/", "x")
    web.fetcher().fetch(ADDRESS, now=NOW, headers={"X-Own": "1"})
    assert [one.headers.get("X-Own") for one in web.asked] == ["1", None]


def test_a_post_is_sent_with_its_body_and_without_conditions(web: Web) -> None:
    web.says(PATH, "found")
    asked = web.fetcher().fetch(
        ADDRESS, now=NOW, method="POST", json={"q": "반도체"}, headers={"X-Key": "1"}, validators=Validators('"v1"')
    )
    (sent,) = web.asked
    assert (asked.body, sent.method, json.loads(sent.body)) == (b"found", "POST", {"q": "반도체"})
    assert (sent.headers["Content-Type"], sent.headers["X-Key"]) == ("application/json", "1")
    assert "If-None-Match" not in sent.headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["https://other.example/", "http://news.example.com/", "https://news.example.com:8443/"])
def test_a_post_is_never_sent_on_to_another_host(web: Web, status: int, to: str) -> None:
    web.says(PATH, status=status, Location=to)
    with pytest.raises(FetchFailed, match="another host") as failed:
        web.fetcher().fetch(ADDRESS, now=NOW, method="POST", json={"key": "hunter2"}, headers={"X-Key": "hunter2"})
    assert "hunter2" not in f"{failed.value!r} {failed.value}"
    assert web.paths() == [PATH]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_post_sent_on_within_its_host_is_repeated_only_where_that_is_meant(web: Web, status: int) -> None:
    web.says(PATH, status=status, Location="/new")
    web.says("/news.example.com/new", "found")
    fetched = web.fetcher().fetch(ADDRESS, now=NOW, method="POST", json={"q": 1}, headers={"X-Key": "1"})
    repeated = status in {307, 308}
    sent = web.asked[1]
    assert (sent.method, bool(sent.body)) == (("POST", True) if repeated else ("GET", False))
    assert sent.headers["X-Key"] == "1"
    assert fetched.moved_to == ("https://news.example.com/new" if status == 308 else None)


@pytest.mark.parametrize("asked", [{"method": "DELETE"}, {"json": {"a": 1}}])
def test_nothing_but_get_and_post_is_asked(web: Web, asked: dict[str, Any]) -> None:
    with pytest.raises(FetchFailed):
        web.fetcher().fetch(ADDRESS, now=NOW, **asked)
    assert web.asked == []


def test_headers_that_left_their_host_do_not_come_back(web: Web) -> None:
    web.says(PATH, status=302, Location="https://other.example/")
    web.says("/other.example/", status=302, Location="https://news.example.com/end")
    web.says("/news.example.com/end", "x")
    web.fetcher().fetch(ADDRESS, now=NOW, headers={"X-Own": "1"})
    assert [one.headers.get("X-Own") for one in web.asked] == ["1", None, None]


def test_a_turn_is_taken_at_every_host_on_the_way_and_hears_of_the_failure(web: Web) -> None:
    web.says(PATH, status=302, Location="https://other.example/")
    web.says("/other.example/", status=503, Retry_After="60")
    taken: list[str] = []

    @contextmanager
    def turn(address: str, *, now: datetime, near: bool) -> Iterator[None]:
        taken.append(f"{address} {near}")
        try:
            yield
        except FetchFailed as failed:
            taken.append(f"{failed.delay}")
            raise

    with pytest.raises(FetchFailed):
        web.fetcher().fetch(ADDRESS, now=NOW, turn=turn)
    assert taken == [f"{ADDRESS} True", "https://other.example/ True", "0:01:00"]


def test_the_time_spent_waiting_for_a_turn_is_not_the_requests(web: Web) -> None:
    @contextmanager
    def turn(address: str, *, now: datetime, near: bool) -> Iterator[None]:
        time.sleep(0.55)
        yield

    web.says(PATH, status=302, Location="/next")
    web.says("/news.example.com/next", "x")
    limits = FetchLimits(total_seconds=1.0)
    assert web.fetcher(limits=limits).fetch(ADDRESS, now=NOW, turn=turn).body == b"x"


def test_we_say_who_we_are_and_where_to_complain(web: Web) -> None:
    web.says(PATH, "x")
    told = Settings(SOURCE_CONTACT="https://me.example/bot", SOURCE_MIRROR_URL=web.url)  # type: ignore[call-arg]
    for settings in (told, Settings(SOURCE_MIRROR_URL=web.url)):  # type: ignore[call-arg]
        FetchResource.from_settings(settings).fetcher.fetch(ADDRESS, now=NOW)
    assert [one.headers["User-Agent"] for one in web.asked] == [
        "shorts-pipeline/0.1 (feed reader; +https://me.example/bot)",
        "shorts-pipeline/0.1 (feed reader)",
    ]
    with pytest.raises(ValueError, match="SOURCE_CONTACT"):
        Settings(SOURCE_CONTACT="a\r\nHost: b")  # type: ignore[call-arg]


def test_a_hundred_megabytes_end_at_the_limit(web: Web) -> None:
    sent = count()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(100_000_000))
        request.end_headers()
        for _ in range(1_000):
            request.wfile.write(b"x" * 100_000)
            next(sent)

    web.answers[PATH] = answer
    with pytest.raises(TooLarge, match="5,000,000"):
        web.fetcher().fetch(ADDRESS, now=NOW)
    assert next(sent) < 500


def test_a_gzip_bomb_is_bounded_in_bytes_and_memory(web: Web) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, compresslevel=9)
    web.says(PATH, bomb, Content_Encoding="gzip")
    tracemalloc.start()
    with pytest.raises(TooLarge):
        web.fetcher().fetch(ADDRESS, now=NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000


def test_bytes_are_counted_after_unpacking(web: Web) -> None:
    web.says(PATH, zlib.compress(b"a" * 4_999_999), Content_Encoding="deflate")
    assert len(web.fetcher().fetch(ADDRESS, now=NOW).body) == 4_999_999


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_drip_ends_at_the_total_limit(web: Web, part: str) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"\r\n" if part == "body" else b"X-Drip: "))
        for _ in range(100):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.05)

    web.answers[PATH] = answer
    limits = FetchLimits(read_seconds=1.0, total_seconds=0.4)
    began = time.monotonic()
    with pytest.raises(TookTooLong, match=r"0\.4 seconds"):
        web.fetcher(limits=limits).fetch(ADDRESS, now=NOW)
    assert time.monotonic() - began < 1.5


def test_a_body_that_breaks_off_is_a_failure(web: Web) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    web.answers[PATH] = answer
    with pytest.raises(FetchFailed):
        web.fetcher().fetch(ADDRESS, now=NOW)


@pytest.mark.parametrize("address", ["", "nonsense", "http://", "https://[", "http://a b/"])
def test_an_address_that_is_none_is_an_error_of_ours(address: str) -> None:
    with pytest.raises((AddressRefused, FetchFailed)):
        Fetcher(limits=QUICK).fetch(address, now=NOW)


def test_with_a_mirror_nothing_else_on_this_machine_is_reached(web: Web) -> None:
    web.says(PATH, status=302, Location="http://127.0.0.1:9/secret")
    with pytest.raises(FetchFailed, match="404"):
        web.fetcher().fetch(ADDRESS, now=NOW)
    assert web.paths() == [PATH, "/127.0.0.1:9/secret"]


def test_proxies_of_the_environment_are_ignored(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.says(PATH, "direct")
    assert web.fetcher().fetch(ADDRESS, now=NOW).body == b"direct"


def test_this_machine_is_read_only_when_the_settings_say_so(web: Web) -> None:
    web.says("/feed", "own")
    allowed = FetchResource.from_settings(Settings(ALLOW_LOOPBACK_SOURCES=True))  # type: ignore[call-arg]
    assert allowed.fetcher.fetch(f"{web.url}/feed", now=NOW).body == b"own"
    with pytest.raises(AddressRefused, match="ALLOW_LOOPBACK_SOURCES"):
        FetchResource.from_settings(Settings()).fetcher.fetch(f"{web.url}/feed", now=NOW)  # type: ignore[call-arg]
