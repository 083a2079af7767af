"""Chunk: a script in pieces worth finding again: its hook, pieces of its body, its conclusion.

Opinion, example and analogy by cue words. No sentence is lost and none is told twice.
"""

from dataclasses import dataclass

import regex

from shorts_pipeline.database import ChunkPosition
from shorts_pipeline.language import keywords, sentences

# A piece of the body ends after this many sentences or characters, whichever comes first.
MOST_SENTENCES = 3
MOST_CHARACTERS = 240
MOST_KEYWORDS = 12

_OPINION = {
    "ko": regex.compile(
        r"생각(?:해요|합니다|해|이에요|입니다|하)|같아요|같습니다|아쉽|아쉬워|반갑|반가워|기대돼|기대됩|걱정|중요해|중요합|필요해|필요합|"
        r"지켜봐야|주목해|바람직|제 의견|솔직히|개인적으로"
    ),
    "en": regex.compile(
        r"\b(?:i think|i believe|in my view|in my opinion|should|shouldn't|worth|honestly|frankly|unfortunately|"
        r"hopefully|matters|good news|bad news|a shame|arguably|probably)\b",
        regex.IGNORECASE,
    ),
}
_EXAMPLE = {
    "ko": regex.compile(r"예를 들|예컨대|이를테면|가령|예시로|실제로|사례"),
    "en": regex.compile(
        r"\b(?:for example|for instance|such as|e\.g\.|take the case|case in point|say,)", regex.IGNORECASE
    ),
}
_ANALOGY = {
    "ko": regex.compile(r"마치|비유하|비유하자면|\S+(?:와|과) 같은 셈|\S+(?:인|한) 셈|에 빗대"),
    "en": regex.compile(
        r"\b(?:think of it (?:as|like)|it'?s like|is like (?:a|an|the)|as if|imagine (?:a|an|if)|the equivalent of|"
        r"akin to)\b",
        regex.IGNORECASE,
    ),
}


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


def chunks(script_text: str, language: str) -> list[Chunk]:
    """The pieces of a script, in order.

    A script of three paragraphs or more says itself what its hook and conclusion are; in one that somebody rewrote as
    a single paragraph they are the first and the last sentence.
    """
    pieces: list[tuple[str, ChunkPosition]] = []
    for part, position in _parts(script_text, language):
        grouped = _grouped(part) if position is ChunkPosition.BODY else [part]
        pieces += [(" ".join(group), position) for group in grouped if group]
    return [_chunk(index, text, position, language) for index, (text, position) in enumerate(pieces)]


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


def _chunk(index: int, text: str, position: ChunkPosition, language: str) -> Chunk:
    cues = language if language in _OPINION else "en"
    return Chunk(
        index=index,
        text=text,
        position=position,
        is_opinion=bool(_OPINION[cues].search(text)),
        is_example=bool(_EXAMPLE[cues].search(text)),
        is_analogy=bool(_ANALOGY[cues].search(text)),
        keywords=tuple(keywords(text, language, MOST_KEYWORDS)),
    )
