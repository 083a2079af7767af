"""Ask: one request of a source, as its connection says: query, headers, body, page, and the secret it names.

The secret is put in here, at the last moment, and taken out of whatever comes back: no address, message or item that
leaves this module holds it.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from shorts_pipeline.database.documents import SourceConnection
from shorts_pipeline.errors import PipelineError, RetryLater
from shorts_pipeline.operations.secrets import secret as find
from shorts_pipeline.resources.fetch import Fetched, Validators
from shorts_pipeline.resources.fetch.asking import origin
from shorts_pipeline.settings import settings

NOTHING_KNOWN = Validators()
# At its most talkative urllib3 logs every address with its query.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
# A shorter one would be found in any text.
_LEAST_SECRET = 6


class Fetches(Protocol):
    """What a reader needs of the web: `resources.fetch.Fetcher`, or a recording of it."""

    def fetch(
        self,
        address: str,
        *,
        now: datetime,
        validators: Validators = ...,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        json: Mapping[str, Any] | None = None,
    ) -> Fetched: ...


@dataclass(frozen=True)
class Asks:
    """Asks for what a connection describes. `secret` is its value, where it names one."""

    fetches: Fetches
    connection: SourceConnection
    now: datetime
    secret: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, fetches: Fetches, connection: SourceConnection, now: datetime) -> "Asks":
        """With the secret that the connection names. Raises `ConfigurationError` where there is none of that name."""
        name = connection.secret
        return cls(fetches, connection, now, find(name, settings()).get_secret_value() if name else None)

    def ask(
        self,
        address: str,
        *,
        page: int | None = None,
        validators: Validators = NOTHING_KNOWN,
        method: Literal["GET", "POST"] | None = None,
    ) -> Fetched:
        """The answer at an address of the source; `method` instead of its own. Raises what the fetcher raises."""
        connection, own = self.connection, _same_server(address, self.connection.url)
        if page is not None and connection.page_parameter:
            address = with_query(address, {connection.page_parameter: str(page)})
        sends = (method or connection.method) == "POST"
        return self._without_secret(
            with_query(address, self._secret_query() if own else {}),
            now=self.now,
            validators=validators,
            headers={**connection.headers, **(self._secret_headers() if own else {})},
            **({"method": "POST", "json": _plain(connection.body)} if sends else {}),
        )

    def look(self, address: str) -> Fetched:
        """A page that the source only points to: it is told nothing of ours."""
        return self.fetches.fetch(address, now=self.now)

    def may_move(self, to: str) -> bool:
        """Whether what moved for good may be asked at `to` from now on: not with a secret, at another server."""
        return self.secret is None or _same_server(to, self.connection.url)

    def _secret_headers(self) -> dict[str, str]:
        connection = self.connection
        if self.secret is None or connection.secret_query or not connection.secret_header:
            return {}
        return {connection.secret_header: connection.secret_format.replace("{secret}", self.secret)}

    def _secret_query(self) -> dict[str, str]:
        name = self.connection.secret_query
        return {name: self.secret} if self.secret is not None and name else {}

    def _without_secret(self, address: str, **request: Any) -> Fetched:
        try:
            fetched = self.fetches.fetch(address, **request)
        except PipelineError as error:
            if self.secret is not None and any(form in str(error) for form in _spellings(self.secret)):
                raise RetryLater(f"{self.connection.url} failed ({type(error).__name__})") from None
            raise
        if self.secret is None:
            return fetched
        body = fetched.body
        for form in _spellings(self.secret):
            body = body.replace(form.encode(), b"***") if len(form) >= _LEAST_SECRET else body
        moved = None if fetched.moved_to is None else self._cleaned(fetched.moved_to)
        return replace(fetched, body=body, address=self._cleaned(fetched.address), moved_to=moved)

    def _cleaned(self, address: str) -> str:
        """Without the parameter that the secret is sent in, and without the secret wherever else it stands."""
        parts = urlsplit(address)
        kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in self._secret_query()]
        cleaned = urlunsplit(parts._replace(query=urlencode(kept))) if self._secret_query() else address
        for form in _spellings(self.secret or ""):
            cleaned = cleaned.replace(form, "***") if len(form) >= _LEAST_SECRET else cleaned
        return cleaned


def with_query(address: str, query: Mapping[str, str]) -> str:
    """The address with these parameters after its own."""
    if not query:
        return address
    head, sharp, fragment = address.partition("#")
    return head + ("&" if "?" in head else "?") + urlencode(dict(query)) + sharp + fragment


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in body.items()}


def _same_server(one: str, other: str) -> bool:
    try:
        return origin(one) == origin(other)
    except ValueError:
        return False


def _spellings(secret: str) -> set[str]:
    return {secret, quote(secret), quote(secret, safe=""), urlencode({"": secret})[1:]} - {""}
