"""Brief and draft: what a writer is given, and what it gives back.

Plain values: a writer knows no table and no network but its model's. material.py fills a brief.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from shorts_pipeline.database import RetrievalView
from shorts_pipeline.database.documents import CommunicationStyle, ContentConfig, PersonaExamples, Perspective
from shorts_pipeline.scripts.source_text import grounds
from shorts_pipeline.scripts.words import found_words


@dataclass(frozen=True)
class Episode:
    """The series that a story continues, and which part of it this is, from 1; `before` are the stories before it."""

    series: str
    description: str
    number: int
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """The topic as its sources tell it. `texts` are the tellings in the story's language, its own source first.

    `blamed` are the persons of whom a source speaks badly.
    """

    topic_id: UUID
    title: str
    language: str
    summary: str
    texts: tuple[str, ...]
    keywords: tuple[str, ...]
    score: int = 0
    episode: Episode | None = None
    blamed: tuple[str, ...] = ()

    @cached_property
    def grounds(self) -> tuple[str, str, tuple[str, ...]]:
        """Title, summary and texts as far as a script may rest on them (source_text.py)."""
        title, summary, *texts = (grounds(text, self.language) for text in (self.title, self.summary, *self.texts))
        return title, summary, tuple(text for text in texts if text)

    @cached_property
    def source(self) -> str:
        """Everything the script may rest on, without markup, a paragraph each."""
        title, summary, texts = self.grounds
        return "\n\n".join((title, summary, *texts))


@dataclass(frozen=True)
class Voice:
    """The persona as far as words go; `rate` is its speed, 1 being normal.

    `addresses` are the channel's own link, handle and hashtags: the only ones that a script may speak.
    """

    name: str
    style: CommunicationStyle
    rate: float = 1.0
    tagline: str = ""
    description: str = ""
    expertise: tuple[str, ...] = ()
    perspective: Perspective = field(default_factory=Perspective)
    examples: PersonaExamples = field(default_factory=PersonaExamples)
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Retrieved:
    """A chunk of the channel's own past: why it was found (view), where it stands there, and how near it is.

    `score` is the combined rank score in [0, 1], `cosine` the likeness in meaning alone.
    """

    chunk_id: UUID
    text: str
    view: RetrievalView
    rank: int
    score: float
    cosine: float


class Fault(StrEnum):
    """What a judge may find; a writer is given these back."""

    STYLE = "style"
    HOOK = "hook"
    LONG = "too long"
    SHORT = "too short"
    AVOIDED = "avoided words"
    NOT_IN_SOURCE = "not in the source"
    REPEATS = "repeats earlier content"
    UNMENTIONED = "must mention"


@dataclass(frozen=True)
class Brief:
    """One script to write. `attempt` counts from 1; `faults` are those of the attempt before, `reasons` in words
    and `previous` what it wrote.

    `related` is the cosine from which a retrieved chunk is about the same matter.
    """

    story: Story
    voice: Voice
    content: ContentConfig
    retrieved: tuple[Retrieved, ...] = ()
    related: float = 1.0
    attempt: int = 1
    faults: frozenset[Fault] = frozenset()
    reasons: tuple[str, ...] = ()
    previous: str = ""

    def avoided_in(self, text: str) -> list[str]:
        """What of the words and phrases that persona and channel avoid stands in the text."""
        style = self.voice.style
        return found_words(text, (*style.avoided_words, *style.avoided_phrases, *self.content.must_avoid))


@dataclass(frozen=True)
class Claim:
    """A sentence of the script that states something, and the sentence of the source it rests on."""

    sentence: str
    source: str


@dataclass(frozen=True)
class Draft:
    """A script in its three parts, each a list of sentences. `own` are the persona's phrases, which claim nothing.

    `unfounded` are sentences whose writer named a source that is not there. `details` go on the record.
    """

    hook: tuple[str, ...]
    body: tuple[str, ...]
    conclusion: tuple[str, ...]
    claims: tuple[Claim, ...]
    model: str
    own: tuple[str, ...] = ()
    unfounded: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All sentences in the order they are spoken."""
        return (*self.hook, *self.body, *self.conclusion)

    @property
    def text(self) -> str:
        """The script: one paragraph each for hook, body and conclusion."""
        parts = (" ".join(part) for part in (self.hook, self.body, self.conclusion))
        return "\n\n".join(part for part in parts if part)
