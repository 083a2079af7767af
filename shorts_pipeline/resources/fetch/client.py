"""Reading one address of the web, safely and with manners.

Addresses come from configuration and from feeds, so none is trusted: every connection, at every redirect, is
checked where it connects and pinned to the address that was checked (requests-hardened); proxies and other
variables of the environment are ignored; bytes are counted after unpacking; the whole has one time limit.
What a body means is not known here.
"""

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

import requests
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.exceptions import HTTPError as Urllib3Error

from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.fetch.answer import Fetched, FetchLimits, Validators, wait_asked
from shorts_pipeline.resources.fetch.asking import REDIRECTS, Asking
from shorts_pipeline.resources.fetch.deadline import Deadline, WatchedAdapter
from shorts_pipeline.resources.fetch.failures import AddressRefused, FetchFailed, Gone, TookTooLong, TooLarge, shown
from shorts_pipeline.resources.fetch.turns import Turn, at_once

USER_AGENT = "shorts-pipeline/0.1 (feed reader)"
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml, text/xml;q=0.9, */*;q=0.5"
WAIT = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
NO_MORE_THAN = FetchLimits()
NOTHING_KNOWN = Validators()
_CHUNK = 64 * 1024
_LONGEST_HEADER = 1_000


@dataclass(frozen=True)
class Fetcher:
    """Reads addresses. Safe to share between threads: every request has connections of its own.

    `mirror_url` reads https://host/path?q as <mirror_url>/host/path?q instead, and may then be on this machine:
    that one server, never another. `allow_loopback` lets any address be on this machine.
    """

    limits: FetchLimits = NO_MORE_THAN
    user_agent: str = USER_AGENT
    mirror_url: str | None = None
    allow_loopback: bool = False

    def __post_init__(self) -> None:
        if self.mirror_url is not None and urlsplit(self.mirror_url).scheme not in {"http", "https"}:
            raise ConfigurationError("SOURCE_MIRROR_URL must be an address like http://127.0.0.1:8080")

    def fetch(
        self,
        address: str,
        *,
        now: datetime,
        validators: Validators = NOTHING_KNOWN,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        json: Mapping[str, Any] | None = None,
        turn: Turn = at_once,
        into: BinaryIO | None = None,
    ) -> Fetched:
        """The answer at `address`, redirects followed. `headers` and `json` (POST only) go to its own host only.

        A body that is too large to be held is written `into` a file piece by piece; after a failure a part is in it.
        `turn` is taken at the host of every hop; waiting for it does not count as the request's time.
        Raises `FetchFailed` (try later, perhaps after its `delay`), `Gone` or `AddressRefused`.
        """
        asking, left = _asking(address, method, headers, json), self.limits.total_seconds
        for _ in range(self.limits.max_redirects + 1):
            with turn(asking.address, now=now, near=self._near(asking.address)):
                began = time.monotonic()
                answer = self._ask(asking, validators, now, left, into)
            if isinstance(answer, Fetched):
                return answer
            asking, left = answer, max(left - (time.monotonic() - began), 0.001)
        raise FetchFailed(f"{shown(address)} redirects more than {self.limits.max_redirects} times")

    def _ask(
        self, asking: Asking, validators: Validators, now: datetime, seconds: float, into: BinaryIO | None
    ) -> Fetched | Asking:
        """One hop: what came, or what is to be asked next."""
        at = asking.address
        # Connections of its own for each hop: one that the server drops meanwhile would look like a dead source.
        with Deadline(seconds) as deadline, self._session(deadline) as session:
            try:
                with closing(self._send(session, asking, validators)) as response:
                    if response.status_code in REDIRECTS and "Location" in response.headers:
                        to = self._unwired(urljoin(at, _location(response)), at)
                        return asking.sent_on(response.status_code, to)
                    fetched = self._answer(response, asking, now, into)
            except InvalidIPAddress as error:
                raise AddressRefused(
                    f"{shown(at)} leads to {error}, which is inside a private network; "
                    "only public addresses are read (ALLOW_LOOPBACK_SOURCES lets a source live on this machine)"
                ) from error
            except (requests.RequestException, Urllib3Error, OSError, ValueError) as error:
                if deadline.passed:
                    raise self._too_long(at) from error
                raise FetchFailed(f"{shown(at)} could not be read: {_what(error)}") from error
        if deadline.passed:
            # A body without a length ends quietly when its connection is shut.
            raise self._too_long(at)
        return fetched

    def _session(self, deadline: Deadline) -> HTTPSession:
        timeouts = (self.limits.connect_seconds, self.limits.read_seconds)
        session = HTTPSession(Config(True, False, True, timeouts, self.user_agent))
        session.trust_env = False
        # The mirror replaces every address, so that with one nothing else on this machine can be reached.
        loopback = self.allow_loopback or self.mirror_url is not None
        for scheme in ("http", "https"):
            adapter = WatchedAdapter(deadline, is_https_proto=scheme == "https", allow_loopback=loopback)
            session.mount(f"{scheme}://", adapter)
        return session

    def _send(self, session: HTTPSession, asking: Asking, validators: Validators) -> requests.Response:
        headers = {"Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"}
        if asking.method == "GET":
            # With any other method a validator would be a condition on changing something.
            headers |= validators.as_headers()
        response: requests.Response = session.request(
            asking.method,
            self._wire(asking.address),
            headers=headers | dict(asking.own_headers),
            json=asking.json,
            stream=True,
            allow_redirects=False,
        )
        return response

    def _answer(self, response: requests.Response, asking: Asking, now: datetime, into: BinaryIO | None) -> Fetched:
        status, at = response.status_code, asking.address
        if status not in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
            raise _refusal(response, at, now)
        unchanged = status == HTTPStatus.NOT_MODIFIED
        return Fetched(
            address=at,
            body=b"" if unchanged else self._body(response, at, into),
            content_type=response.headers.get("Content-Type", ""),
            validators=Validators(_header(response, "ETag"), _header(response, "Last-Modified")),
            not_modified=unchanged,
            moved_to=asking.moved_to,
            headers={name.lower(): value for name, value in response.headers.items()},
        )

    def _body(self, response: requests.Response, at: str, into: BinaryIO | None) -> bytes:
        body, size = bytearray(), 0
        for chunk in response.raw.stream(_CHUNK, decode_content=True):
            size += len(chunk)
            if into is None:
                body += chunk
            else:
                into.write(chunk)
            if size > self.limits.max_bytes:
                raise TooLarge(f"{shown(at)} is larger than {self.limits.max_bytes:,} bytes; the rest was not read")
        return bytes(body)

    def _wire(self, address: str) -> str:
        """The address that is asked: the mirror's for `address`, where there is one."""
        if self.mirror_url is None:
            return address
        parts = urlsplit(address)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.mirror_url.rstrip('/')}/{parts.netloc}{parts.path or '/'}{query}"

    def _unwired(self, target: str, before: str) -> str:
        """Where a redirect leads in the web's own terms: the mirror's addresses stand for the ones they mirror."""
        mirror = None if self.mirror_url is None else self.mirror_url.rstrip("/") + "/"
        if mirror is None or not target.startswith(mirror):
            return target
        return f"{urlsplit(before).scheme}://{target.removeprefix(mirror)}"

    def _near(self, address: str) -> bool:
        """Whether the request stays on this machine."""
        if self.mirror_url is not None:
            return True
        host = urlsplit(address).hostname or ""
        return self.allow_loopback and (host in {"localhost", "::1"} or host.startswith("127."))

    def _too_long(self, address: str) -> TookTooLong:
        return TookTooLong(f"{shown(address)} took longer than {self.limits.total_seconds:g} seconds")


def _asking(address: str, method: str, headers: Mapping[str, str] | None, json: Mapping[str, Any] | None) -> Asking:
    try:
        return Asking(address, method, dict(headers or {}), json)
    except ValueError as error:
        raise FetchFailed(f"{shown(address)} could not be read: {_what(error)}") from error


def _header(response: requests.Response, name: str) -> str | None:
    """A header to be given back later: none rather than one that could not be stored or sent again."""
    value = response.headers.get(name)
    return value if value and value.isascii() and value.isprintable() and len(value) <= _LONGEST_HEADER else None


def _location(response: requests.Response) -> str:
    # Header bytes arrive as Latin-1; servers that send raw UTF-8 mean UTF-8.
    return response.headers["Location"].encode("latin-1", "replace").decode("utf-8", "replace")


def _refusal(response: requests.Response, at: str, now: datetime) -> Exception:
    status = response.status_code
    if status == HTTPStatus.GONE:
        return Gone(f"{shown(at)} is gone for good (410)")
    delay = wait_asked(response.headers.get("Retry-After"), now) if status in WAIT else None
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "unknown"
    return FetchFailed(f"{shown(at)} answered {status} {phrase}", status=status, delay=delay)


def _what(error: Exception) -> str:
    """The kind of failure in words, without the address that library messages repeat with its query."""
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (requests.exceptions.SSLError, "its certificate or TLS was not accepted"),
        (requests.exceptions.ConnectTimeout, "no connection in time"),
        (requests.exceptions.ReadTimeout, "no answer in time"),
        (requests.exceptions.InvalidURL, "the address is not valid"),
        (requests.exceptions.ConnectionError, "no connection"),
        (ValueError, "the address or the answer is not valid"),
    )
    words = next((text for kind, text in kinds if isinstance(error, kind)), "the answer broke off")
    return f"{words} ({type(error).__name__})"
