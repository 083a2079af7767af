"""The fetcher against a real server: manners, limits, and what it never connects to."""

import gzip
import time
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import count

import pytest
from requests_hardened import ip_filter

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


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://224.0.0.1/",
        "http://[ff02::1]/",
        "file:///etc/passwd",
        "ftp://e.com/",
        "gopher://127.0.0.1/",
        "https://name:password@e.com/",
    ],
)
def test_addresses_that_lead_inside_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        Fetcher(limits=QUICK).fetch(address, now=NOW)
    assert "password@" not in str(refused.value)


@pytest.mark.parametrize("address", ["", "nonsense", "http://", "https://[", "http://a b/"])
def test_an_address_that_is_none_is_an_error_of_ours(address: str) -> None:
    with pytest.raises((AddressRefused, FetchFailed)):
        Fetcher(limits=QUICK).fetch(address, now=NOW)


@pytest.mark.parametrize("inside", ["http://169.254.169.254/latest/", "http://[::1]:{port}/", "file:///etc/passwd"])
def test_a_redirect_inside_is_refused(web: Web, monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    port = web.url.rpartition(":")[2]
    web.says("/feed", status=302, Location=inside.format(port=port))
    _publish(monkeypatch, "public.example")
    with pytest.raises(AddressRefused):
        Fetcher(limits=QUICK).fetch(f"http://public.example:{port}/feed", now=NOW)
    assert web.paths() == ["/feed"]


def test_a_redirect_to_this_machine_is_refused(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    port = web.url.rpartition(":")[2]
    web.says("/feed", status=301, Location=f"http://127.0.0.1:{port}/secret")
    web.says("/secret", "secret")
    _publish(monkeypatch, "public.example")
    with pytest.raises(AddressRefused):
        Fetcher(limits=QUICK).fetch(f"http://public.example:{port}/feed", now=NOW)
    assert web.paths() == ["/feed"]


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


def _publish(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let `name` stand for a public host: it is our server, and passes the check that its true address would not."""
    real = ip_filter.get_ip_address

    def resolved(hostname: str, port: int, allow_loopback: bool) -> object:
        return real("127.0.0.1", port, True) if hostname == name else real(hostname, port, allow_loopback)

    monkeypatch.setattr(ip_filter, "get_ip_address", resolved)
