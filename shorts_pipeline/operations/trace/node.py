"""Node: a row, or something about it, as a person and a machine are told of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

import regex

LONGEST_TEXT: Final = 160
_SHA256 = regex.compile(r"\b[0-9a-f]{64}\b")
_UUID = regex.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
SHORTEST_PREFIX: Final = 8
"""Letters of an id that are enough to name a row."""


@dataclass(frozen=True)
class Node:
    """What it is, which row it is (None: none), its facts in order, and what came of it."""

    kind: str
    id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    children: tuple["Node", ...] = ()

    @property
    def label(self) -> str:
        """Its kind and the letters by which its row is found again."""
        return self.kind if self.id is None else f"{self.kind} {str(self.id)[:SHORTEST_PREFIX]}"

    @property
    def texts(self) -> dict[str, str]:
        """The facts as short texts: of ids and hashes as many letters as tell two apart."""
        return {name: _text(value) for name, value in self.facts.items()}

    def walk(self) -> Iterator["Node"]:
        """This node and everything below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def as_json(self) -> dict[str, Any]:
        """Plain values, whole: ids and texts uncut, times in ISO 8601."""
        found: dict[str, Any] = {"kind": self.kind}
        if self.id is not None:
            found["id"] = str(self.id)
        if self.facts:
            found["facts"] = {name.replace(" ", "_"): _plain(value) for name, value in self.facts.items()}
        if self.children:
            found["children"] = [child.as_json() for child in self.children]
        return found


def facts(**given: Any) -> dict[str, Any]:
    """What is known: neither nothing, nor an empty text, nor an empty list."""
    return {name.replace("_", " "): value for name, value in given.items() if value not in (None, "", [], (), {})}


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _cut(", ".join(f"{name} {_text(one)}" for name, one in value.items()))
    if isinstance(value, list | tuple):
        return _cut(", ".join(_text(one) for one in value))
    return _cut(f"{value:.2f}" if isinstance(value, float) else _short(" ".join(str(value).split())))


def _short(text: str) -> str:
    return str(_UUID.sub(r"\1", _SHA256.sub(lambda digest: digest[0][:12], text)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, bool | int | float | str | None) else str(value)
