"""What is asked, hop by hop: which method, headers and body go on to where a redirect leads. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from shorts_pipeline.resources.fetch.failures import AddressRefused, FetchFailed, shown

PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
# A redirect by these repeats the request as it was; by the others a POST becomes a GET (RFC 9110, 15.4).
_AS_IT_WAS = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
REDIRECTS = PERMANENT | _AS_IT_WAS | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}
METHODS = frozenset({"GET", "POST"})
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Asking:
    """A request to `address`. `own_headers` and `json` may hold secrets: they never leave the host they were given for.

    `moved_to` is where the server said that it lives from now on, as far as every redirect until here said so.
    """

    address: str
    method: str = "GET"
    own_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, Any] | None = field(default=None, repr=False)
    moved_to: str | None = None
    for_good: bool = True

    def __post_init__(self) -> None:
        if self.method not in METHODS or (self.json is not None and self.method == "GET"):
            raise ValueError(f"{self.method} is not asked{' with a body' if self.json is not None else ''}")
        _check(self.address)

    def sent_on(self, status: int, to: str) -> "Asking":
        """What is asked at `to`, where a redirect with `status` leads.

        Raises `AddressRefused` for an address that is never asked, `FetchFailed` for a POST sent to another host.
        """
        stays = origin(to) == origin(self.address)
        if self.method != "GET" and not stays:
            where = f"{shown(self.address)} sends a {self.method} on to {shown(to)}"
            raise FetchFailed(f"{where}, another host; if that is right, make it the source's address", status=status)
        repeated = self.method == "GET" or status in _AS_IT_WAS
        for_good = self.for_good and repeated and status in PERMANENT
        return replace(
            self,
            address=to,
            method=self.method if repeated else "GET",
            json=self.json if repeated else None,
            own_headers=self.own_headers if stays else {},
            moved_to=to if for_good else self.moved_to,
            for_good=for_good,
        )


def origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what has to stay the same for two addresses to be of one server. May raise ValueError."""
    parts = urlsplit(address)
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme)


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"}:
        raise AddressRefused(f"{shown(address)} is not an http or https address")
    if parts.username or parts.password:
        raise AddressRefused(f"{shown(address)} carries a name or password; name a secret in the source instead")
