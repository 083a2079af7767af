"""Known names: companies, offices, countries, cities and people that a headline names without saying what they are.

A table (names.txt), looked up word by word; what is not in it is left to the rules of who asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import regex

from shorts_pipeline.language.tables import listed

# What may be glued to a Korean name: particles, 행, 발, 산, 측 (to, from, made in, the side of).
_GLUED = regex.compile(
    r"(?:[행발산측])?(?:들)?(?:에게서|에게는|에서는|에서도|에서|에게|까지도|까지|부터|으로서|으로는|으로|로부터|로서|로는|로|보다는|보다|처럼|"
    r"이라고|라고|이라는|라는|이라며|라며|이란|이나|이든|이며|이자|인|은|는|이|가|을|를|에는|에도|에|의|와는|와|과는|과|도|만|서|선|발|엔|께서|께|랑|이랑|사|팀|판|식)?"
)
_WORD = regex.compile(r"[\p{L}\p{N}&][\p{L}\p{N}&+]*")
_LONGEST_KOREAN = 14
# Ordinary words that begin like a name and go on like a particle.
_NO_NAMES = frozenset(
    listed(
        "고양이 고양이가 고양이는 고양이를 고양이의 대구가 인도로 인도에서 이란에 경기도 메타버스 화성인 기아로 이천만"
    )
)


@dataclass(frozen=True)
class Known:
    """A known name as the text writes it, what it is, and where it stands."""

    name: str
    type: str
    start: int
    end: int


@lru_cache
def known_names() -> dict[str, str]:
    """Every known name, case-folded → person, organisation or place; of two meanings the one that comes last."""
    found, kind = {}, ""
    text = files("shorts_pipeline.language").joinpath("names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif not line.startswith("#"):
            found.update({name.replace("_", " ").casefold(): kind for name in line.split()})
    return found


def kind_of(name: str) -> str | None:
    """What a name is known to be."""
    return known_names().get(name.casefold())


def known_korean(text: str) -> Iterator[Known]:
    """Known names of a Korean text, in order, the longest that a word begins with; particles may follow."""
    names = known_names()
    for match in _WORD.finditer(text):
        word = match.group()
        if word in _NO_NAMES:
            continue
        for length in range(min(len(word), _LONGEST_KOREAN), 1, -1):
            kind = names.get(word[:length].casefold())
            if kind and _GLUED.fullmatch(word[length:]):
                yield Known(word[:length], kind, match.start(), match.start() + length)
                break
