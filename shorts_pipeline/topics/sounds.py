"""Sounds: whether a Korean word and a foreign one are one name: 안동 / Andong, 손흥민 / Heung-Min, 빗썸 / Bithumb.

Both are written as they roughly sound, without what the two scripts cannot agree on (voiced or not, r or l, doubled
letters), and compared letter by letter.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import regex

from shorts_pipeline.language.tables import listed, paired

_ONSETS = listed("k k n t t l m p p s s _ j j j k t p h")
_NUCLEI = listed("a e ia ie o e io ie o a e e io u o e i iu _ i i")
_CODAS = listed("_ k k k n n n t l k m p l l p l m p p t t n j j k t p h")
_ENGLISH = paired("""
    tch=j sch=s sh=s ch=j ph=p th=s ck=k gh=_ ng=n qu=k oo=u ee=i ea=i ou=u eo=o eu=_ ae=e ai=ei ay=ei oe=e ui=i
    ce=se ci=si cy=si b=p c=k d=t f=p g=k q=k r=l v=p w=_ x=ks y=i z=j
    """)
_SPELLING = regex.compile("|".join(sorted(_ENGLISH, key=len, reverse=True)) + r"|[a-z]")
_DOUBLED = regex.compile(r"(.)\1+")
LEAST = 4
ALIKE = 78


@lru_cache(maxsize=50_000)
def korean_sound(word: str) -> str:
    """A Hangul word as it roughly sounds."""
    letters = []
    for character in word:
        code = ord(character) - 0xAC00
        if not 0 <= code < 11172:
            continue
        onset, rest = divmod(code, 588)
        nucleus, coda = divmod(rest, 28)
        letters += [_ONSETS[onset], _NUCLEI[nucleus], _CODAS[coda]]
    return str(_DOUBLED.sub(r"\1", "".join(letters).replace("_", "").replace(" ", "")))


@lru_cache(maxsize=50_000)
def foreign_sound(word: str) -> str:
    """A word in Latin letters as it roughly sounds."""
    found = (_ENGLISH.get(match.group(), match.group()) for match in _SPELLING.finditer(word.casefold()))
    return str(_DOUBLED.sub(r"\1", "".join(found).replace("_", "").replace(" ", "")))


def sounds_like(korean: str, foreign: str) -> bool:
    """Whether a Korean word begins (or, a person's name, ends) as the foreign word sounds."""
    return is_heard(foreign, by_initial([korean]))


def is_heard(foreign: str, sounds: Mapping[str, Sequence[str]]) -> bool:
    """Whether the foreign word is among the `sounds` of Korean words, which are grouped `by_initial`."""
    from rapidfuzz import fuzz

    theirs = foreign_sound(foreign)
    if len(theirs) < LEAST:
        return False
    return any(fuzz.ratio(mine, theirs, score_cutoff=ALIKE) for mine in sounds.get(theirs[0], ()))


def by_initial(korean: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The sounds of Korean words, by their first letter."""
    found: dict[str, tuple[str, ...]] = {}
    for sound in dict.fromkeys(sound for word in korean for sound in _parts(word)):
        found[sound[0]] = (*found.get(sound[0], ()), sound)
    return found


@lru_cache(maxsize=50_000)
def _parts(korean: str) -> tuple[str, ...]:
    """The sounds of the word, of its beginnings of two syllables or more, and of what follows a family name."""
    parts = [korean[:length] for length in range(2, len(korean) + 1)]
    if len(korean) > 2:
        parts += [korean[1:], korean[1:3]]
    return tuple(sound for sound in dict.fromkeys(map(korean_sound, parts)) if len(sound) >= LEAST - 1)
