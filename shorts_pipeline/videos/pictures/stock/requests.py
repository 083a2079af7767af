"""Requests: what a library is asked, with the key apart from the rest, and reading lists of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from shorts_pipeline.videos.pictures.stock.offers import Kind, Offer

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Request:
    """An address with its query. The key stands in `headers` or `secret_query`, never in what is kept or shown."""

    address: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_query: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def known_as(self) -> str:
        """What the answer is kept under: everything but the key."""
        return f"{self.address}?{urlencode(sorted(self.query.items()))}"

    @property
    def full(self) -> str:
        """What is sent."""
        return f"{self.address}?{urlencode({**self.query, **self.secret_query})}"


class Library(Protocol):
    """A stock library: its name, how long it rests after it was asked too much, statuses that mean a wrong key."""

    @property
    def name(self) -> str: ...
    @property
    def rests(self) -> timedelta: ...
    @property
    def key_refused(self) -> tuple[int, ...]: ...

    def request(self, words: str, language: str, kind: Kind, key: str) -> Request: ...
    def offers(self, document: dict[str, Any], kind: Kind) -> list[Offer]: ...


def valid(model: type[Model], items: object) -> list[Model]:
    """The items of a list that are as documented."""
    found = []
    for item in items if isinstance(items, list) else []:
        try:
            found.append(model.model_validate(item))
        except ValidationError:
            continue
    return found
