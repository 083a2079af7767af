"""Search words: what to ask a picture library for, so that the picture has to do with the sentence.

Korean is asked in Korean first, then in English words that are known for it (search_words.txt): the libraries have far
more that is described in English.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from shorts_pipeline.language import keywords

MOST = 5


@dataclass(frozen=True)
class Query:
    """Words and the language they are in (ISO 639-1)."""

    words: str
    language: str


def queries(sentence: str, story: Sequence[str], language: str) -> list[Query]:
    """At most five, the most telling first: the sentence's names and nouns, then the story's, each once."""
    own = keywords(sentence, language, 3)
    found = [*_asked(own, language), *_asked(list(story[:3]), language)]
    return list(dict.fromkeys(found))[:MOST]


def _asked(words: Sequence[str], language: str) -> Iterator[Query]:
    if not words:
        return
    if len(words) > 1:
        yield Query(" ".join(words[:2]), language)
    known = [english for word in words if language == "ko" and (english := _english().get(word))]
    if known:
        yield Query(" ".join(dict.fromkeys(" ".join(known[:2]).split())), "en")
    yield Query(words[0], language)


@lru_cache
def _english() -> dict[str, str]:
    """Korean words and names, each with the English words of pictures that show it."""
    text = files("shorts_pipeline.videos").joinpath("search_words.txt").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            korean, _, english = line.partition(":")
            found.update(dict.fromkeys(korean.split(), english.strip()))
    return found
