"""The server: /host/path answers as https://host/path would, with validators and gzip. 127.0.0.1 only."""

import gzip
import hashlib
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from shorts_pipeline.clock import Clock
from shorts_pipeline.embedded.feeds.documents import Document, everything

HOST = "127.0.0.1"


@dataclass(frozen=True)
class RunningFeeds:
    """Feeds that answer at `url`, which is what SOURCE_MIRROR_URL is set to."""

    url: str


@dataclass(frozen=True)
class _Document:
    packed: bytes
    plain: bytes
    etag: str
    content_type: str


@contextmanager
def serve(at: datetime, port: int = 0) -> Iterator[RunningFeeds]:
    """The feeds as they are when the demo begins `at`, in a thread of this process until the block ends."""
    server = _Server(at, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="feeds", daemon=True)
    thread.start()
    try:
        yield RunningFeeds(f"http://{HOST}:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run(at: datetime, port: int) -> None:
    """Serve in the foreground until SIGTERM or Ctrl-C."""
    server = _Server(at, port)

    def end(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    server.serve_forever(poll_interval=0.2)
    server.server_close()


def began_at(state: Path | None, clock: Clock) -> datetime:
    """When the demo began: what `state` says, else the clock's first reading, which `state` keeps.

    So a server that is started again gives the same dates, and nobody reads its stories as new ones.
    """
    if state is None:
        return clock.now()
    try:
        return datetime.fromisoformat(state.read_text(encoding="utf-8").strip())
    except (FileNotFoundError, ValueError):
        pass
    now = clock.now().astimezone(UTC)
    state.parent.mkdir(parents=True, exist_ok=True)
    temporary = state.with_name(f"{state.name}.partial")
    temporary.write_text(now.isoformat(), encoding="utf-8")
    temporary.replace(state)
    return now


class _Server(ThreadingHTTPServer):
    """The documents as they are when the demo begins `at`."""

    daemon_threads = True
    # Readers come together: with the usual five, the others would wait a second for the kernel to try again.
    request_queue_size = 128

    def __init__(self, at: datetime, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.documents = {path: _document(found) for path, found in everything(at).items()}
        self.modified = format_datetime(at.astimezone(UTC), usegmt=True)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "shorts-feeds"
    timeout = 30

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        known = self.server.documents
        document = known.get(self.path) or known.get(path)
        if document is not None:
            self._send_document(document)
        elif path == "/":
            self._send(HTTPStatus.OK, "\n".join(known).encode(), {"Content-Type": "text/plain"})
        else:
            self._send(HTTPStatus.NOT_FOUND, b"no such feed\n", {"Content-Type": "text/plain"})

    do_HEAD = do_GET  # noqa: N815

    def _send_document(self, document: _Document) -> None:
        headers = {"ETag": document.etag, "Last-Modified": self.server.modified, "Vary": "Accept-Encoding"}
        if document.etag in self.headers.get("If-None-Match", ""):
            self._send(HTTPStatus.NOT_MODIFIED, None, headers)
            return
        headers["Content-Type"] = document.content_type
        packed = "gzip" in self.headers.get("Accept-Encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        self._send(HTTPStatus.OK, document.packed if packed else document.plain, headers)

    def _send(self, status: HTTPStatus, body: bytes | None, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body is not None and self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


def _document(found: Document) -> _Document:
    # Weak: packed and plain are the same document and not the same bytes.
    etag = f'W/"{hashlib.sha256(found.body).hexdigest()[:32]}"'
    return _Document(gzip.compress(found.body, mtime=0), found.body, etag, found.content_type)
