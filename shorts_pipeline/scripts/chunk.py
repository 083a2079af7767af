"""Chunk: a script in pieces worth finding again: its hook, pieces of its body, its conclusion.

Opinion, example and analogy as the model that wrote it says, else by cue words (cues.py). No sentence is lost and
none is told twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from shorts_pipeline.database import ChunkPosition
from shorts_pipeline.language import keywords, sentences
from shorts_pipeline.scripts.cues import Kinds, kinds

# A piece of the body ends after this many sentences or characters, whichever comes first.
MOST_SENTENCES = 3
MOST_CHARACTERS = 240
MOST_KEYWORDS = 12


@dataclass(frozen=True)
class Chunk:
    """A piece of a script and what kind of thing it says."""

    index: int
    text: str
    position: ChunkPosition
    is_opinion: bool
    is_example: bool
    is_analogy: bool
    keywords: tuple[str, ...]


def chunks(script_text: str, language: str, said: Mapping[str, Sequence[str]] | None = None) -> list[Chunk]:
    """The pieces of a script, in order; `said` is what its writer called its sentences, where it did.

    A script of three paragraphs or more says itself what its hook and conclusion are; in one that somebody rewrote as
    a single paragraph they are the first and the last sentence.
    """
    pieces: list[tuple[list[str], ChunkPosition]] = []
    for part, position in _parts(script_text, language):
        grouped = _grouped(part) if position is ChunkPosition.BODY else [part]
        pieces += [(group, position) for group in grouped if group]
    return [
        _chunk(index, told, position, kinds(told, language, said), language)
        for index, (told, position) in enumerate(pieces)
    ]


def _parts(script_text: str, language: str) -> list[tuple[list[str], ChunkPosition]]:
    paragraphs = [sentences(part, language) for part in regex.split(r"\n\s*\n", script_text) if part.strip()]
    if len(paragraphs) >= 3:
        body = [sentence for part in paragraphs[1:-1] for sentence in part]
        first, last = paragraphs[0], paragraphs[-1]
    else:
        told = [sentence for part in paragraphs for sentence in part]
        first, body = told[:1], told[1:-1] if len(told) > 2 else told[1:]
        last = told[-1:] if len(told) > 2 else []
    return [(first, ChunkPosition.HOOK), (body, ChunkPosition.BODY), (last, ChunkPosition.CONCLUSION)]


def _grouped(told: list[str]) -> list[list[str]]:
    groups: list[list[str]] = []
    for sentence in told:
        full = not groups or len(groups[-1]) >= MOST_SENTENCES
        if full or len(" ".join([*groups[-1], sentence])) > MOST_CHARACTERS:
            groups.append([])
        groups[-1].append(sentence)
    return groups


def _chunk(index: int, told: list[str], position: ChunkPosition, says: Kinds, language: str) -> Chunk:
    text = " ".join(told)
    return Chunk(
        index=index,
        text=text,
        position=position,
        is_opinion=says.opinion,
        is_example=says.example,
        is_analogy=says.analogy,
        keywords=tuple(keywords(text, language, MOST_KEYWORDS)),
    )
