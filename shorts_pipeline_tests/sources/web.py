"""A web server of our own, on 127.0.0.1: each path answers as a test orders, and every request is remembered.

With `fetcher()` every address https://host/path is read here, as /host/path.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shorts_pipeline.resources.fetch import FetchLimits
from shorts_pipeline.resources.fetch.client import Fetcher

FEED_HEADERS = {"Content-Type": "application/rss+xml; charset=utf-8"}
QUICK = FetchLimits(max_bytes=5_000_000, connect_seconds=1.0, read_seconds=1.0, total_seconds=2.0)


@dataclass
class Asked:
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Web:
    """The server: `answers` by path, `asked` in the order of arrival."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def says(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        """This body at `path`; header names are written with underscores."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        def answer(request: BaseHTTPRequestHandler) -> None:
            etag = named.get("ETag")
            unchanged = etag is not None and request.headers.get("If-None-Match") == etag
            request.send_response(304 if unchanged else status)
            for name, value in (FEED_HEADERS | named | _length(content, unchanged)).items():
                request.send_header(name, value)
            request.end_headers()
            if not unchanged:
                request.wfile.write(content)

        self.answers[path] = answer

    def fetcher(self, **over: Any) -> Fetcher:
        """A fetcher for which this server is the whole web."""
        return Fetcher(**{"limits": QUICK, "mirror_url": self.url, **over})

    def paths(self) -> list[str]:
        """The paths asked for, in the order of arrival."""
        return [one.path for one in self.asked]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # With the usual five, ten that connect at once wait a second for the kernel to try again.
    request_queue_size = 128


@contextmanager
def running() -> Iterator[Web]:
    """A server until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            web.asked.append(Asked(self.path, dict(self.headers), self.command, body))
            answer = web.answers.get(self.path)
            self.close_connection = True
            with suppress(ConnectionError):
                if answer is None:
                    self.send_error(404)
                else:
                    answer(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            return

    server = _Server(("127.0.0.1", 0), Handler)
    web = Web(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rss(*items: str, language: str = "ko") -> str:
    """An RSS 2.0 feed of these `<item>` bodies."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>소식</title>'
        f"<language>{language}</language>{inside}</channel></rss>"
    )


def story(number: int, *, date: str = "Mon, 02 Mar 2026 08:00:00 +0900") -> str:
    """The inside of an item that is unlike those of other numbers."""
    return (
        f"<title>반도체 수출 {number}조 원 넘었다</title><link>https://news.example.com/{number}</link>"
        f"<guid>story-{number}</guid><description>지난달 수출이 {number}조 원을 넘었다.</description>"
        f"<pubDate>{date}</pubDate>"
    )


def _length(content: bytes, unchanged: bool) -> dict[str, str]:
    return {} if unchanged else {"Content-Length": str(len(content))}
