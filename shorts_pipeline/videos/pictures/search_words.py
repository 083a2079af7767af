"""Search words: what to ask a picture library for, so that the picture has to do with the sentence.

Korean is asked in Korean first, then in English words that are known for it (search_words.txt): the libraries have far
more that is described in English.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from shorts_pipeline.language import keywords
from shorts_pipeline.language.known_names import kind_of

MOST = 5


@dataclass(frozen=True)
class Query:
    """Words and the language they are in (ISO 639-1)."""

    words: str
    language: str


def queries(sentence: str, story: Sequence[str], language: str) -> list[Query]:
    """At most five, the most telling first, each once.

    First the sentence's words that a picture can show: names, what the story is about, what the table knows. Then the
    story's keywords; last what else the sentence has, since "the catch is" brings fish.
    """
    own, about = _own(sentence, language), _without_people(story)[:3]
    telling = [word for word in own if _telling(word, sentence, story, language)]
    weak = [word for word in own if word not in telling]
    found = [*_asked(telling[:3], language), *_asked(about, language), *_asked(weak[:2], language)]
    return list(dict.fromkeys(found))[:MOST]


def _own(sentence: str, language: str) -> list[str]:
    """The sentence's nouns and names, compounds whole."""
    known = list(_known(sentence)) if language == "ko" else []
    # The analyser takes compounds apart: 전기 of 전기차 is another picture.
    told = [word for word in keywords(sentence, language, 5) if not any(word in whole for whole in known)]
    return _without_people([*known, *told])


def _telling(word: str, sentence: str, story: Sequence[str], language: str) -> bool:
    small = word.casefold()
    if kind_of(word) or any(small in key.casefold() or key.casefold() in small for key in story if len(key) > 1):
        return True
    if language == "ko":
        return word in _english()
    return small in _pictured() or f" {word[:1].upper()}{word[1:]}" in sentence


def _known(sentence: str) -> Iterator[str]:
    """Words of the table that a word of the sentence begins with, the longest of each."""
    table = _english()
    for word in dict.fromkeys(sentence.split()):
        bare = word.strip("“”\"'‘’(),.?!")
        found = next((bare[:end] for end in range(len(bare), 1, -1) if bare[:end] in table), None)
        if found is not None:
            yield found


def _without_people(words: Sequence[str]) -> list[str]:
    """Without people's names: a library gives a picture of somebody else for them."""
    return [word for word in words if kind_of(word) != "person"]


def _asked(words: Sequence[str], language: str) -> Iterator[Query]:
    if not words:
        return
    if len(words) > 1:
        yield Query(" ".join(words[:2]), language)
    known = [english for word in words if language == "ko" and (english := _english().get(word))]
    yield from (Query(english, "en") for english in known[:1])
    yield Query(words[0], language)
    yield from (Query(english, "en") for english in known[1:2])


@lru_cache
def _pictured() -> frozenset[str]:
    """English words that the table has for pictures."""
    return frozenset(word for words in _english().values() for word in words.split())


@lru_cache
def _english() -> dict[str, str]:
    """Korean words and names, each with the English words of pictures that show it."""
    text = files(__package__).joinpath("search_words.txt").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            korean, _, english = line.partition(":")
            found.update(dict.fromkeys(korean.split(), english.strip()))
    return found
