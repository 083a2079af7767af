"""Telling: one telling of a story as it is compared with others, and what comes out of comparing two."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class How(StrEnum):
    """By what a repeat was known."""

    HASH = "same title"
    TITLE = "near-same title"
    MEANING = "same meaning"
    EVENT = "same event"


@dataclass(frozen=True)
class Telling:
    """One telling of a story: a topic of the channel (id of the topic) or a new item (id of the item).

    `lead` is what the source says first under the title, in whole sentences; "" where it says nothing.
    """

    id: UUID
    title: str
    normalized: str
    content_hash: str
    language: str
    told_at: datetime
    words: tuple[str, ...]
    numbers: frozenset[str]
    names: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    lead: str = ""
    # Foreign tellings and weaker sources come later, so that the best telling leads its story.
    rank: tuple[float, ...] = ()

    @property
    def embedded(self) -> str:
        """What is embedded of it: the lead says what a witty title leaves out."""
        return standing_for(self.title, self.lead)


@dataclass(frozen=True)
class Match:
    """A repeat: of which telling, how it was known, how alike (0–1), and the main evidence for it."""

    leader: UUID
    how: How
    likeness: float
    reason: str = ""


def standing_for(title: str, lead: str | None) -> str:
    """The text whose vector stands for a telling."""
    return f"{title}. {lead}" if lead else title
