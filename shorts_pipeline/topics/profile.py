"""Profile: what comparing needs of one telling, worked out once and kept; and what of one is found in another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import regex

from shorts_pipeline.language import stem
from shorts_pipeline.language.amounts import Amount, amounts
from shorts_pipeline.language.korean_letters import known_reading
from shorts_pipeline.language.stopwords import ENGLISH, KOREAN
from shorts_pipeline.language.tables import listed
from shorts_pipeline.topics.concepts import concepts
from shorts_pipeline.topics.days import days_of, told_on
from shorts_pipeline.topics.evidence import EVERYWHERE, same_name, translation
from shorts_pipeline.topics.sounds import by_initial, is_heard, sounds_like
from shorts_pipeline.topics.telling import Telling

_WORD = regex.compile(r"[가-힣]+|[A-Za-z][A-Za-z0-9+#-]*[A-Za-z0-9+#]|\p{Han}")
_LATIN = regex.compile(r"[A-Za-z][A-Za-z0-9'’-]*[A-Za-z0-9]")
_HANGUL = regex.compile(r"[가-힣]{2,}")
_POSSESSIVE = regex.compile(r"['’]s$")
_PARTICLES = regex.compile(
    r"(?:에게서|에서는|에서|에게|까지|부터|으로|보다|처럼|이라고|이라|라고|라며|하고|했다|한다|하는|하기로|된다|됐다|"
    r"은|는|이|가|을|를|에|의|와|과|도|로|만|서|들|고|며|다)$"
)
# What every report says of itself.
_REPORTING = frozenset(
    listed("""
        밝혔 밝혔다 발표 발표했다 전했다 알려졌다 따르면 대해 대한 위해 통해 관련 이날 전날 오늘 어제 오전 오후 새벽 올해 지난해 작년 내년 기자
        뉴스 연합뉴스 said says say according told year new week day month monday tuesday
        wednesday thursday friday saturday sunday today yesterday report reported
        announced announce
    """)
)
# How a report says that it goes on from another.
_FOLLOWS = regex.compile(
    r"(?:하루|이틀|사흘|나흘|닷새|\d+\s?(?:일|시간|개월|주|년)) ?만에|이튿날|다음 ?날|이어|이은|"
    r"결국|끝내|마침내|추가|다시|또|늘어|로 늘|해제|철회|번복|파장|여파|불복|전격|"
    r"\b(?:after|now|already|later|earlier|finally|again|follow\w*|rises? to|climbs? to|no longer|linked|since|ends?|"
    r"calls? off)\b",
    regex.IGNORECASE,
)
# A foreign word that may stand in Hangul: a name, or one long enough to be told by its sound.
_LONG_WORD = 6
_SHORTEST_SHARED = {True: 2, False: 5}  # syllables of Korean, letters of English


@dataclass(frozen=True)
class Profile:
    """A telling, taken apart."""

    language: str
    text: str
    title_words: frozenset[str]
    words: frozenset[str]
    beginnings: dict[str, tuple[str, ...]]
    letters: frozenset[str]
    title_names: tuple[str, ...]
    names: tuple[str, ...]
    hangul: tuple[str, ...]
    sounds: dict[str, tuple[str, ...]]
    latin: dict[str, str]
    title_amounts: frozenset[Amount]
    amounts: frozenset[Amount]
    days: frozenset[date]
    told_on: date
    last_day: date | None
    title_concepts: frozenset[str]
    concepts: frozenset[str]
    follows: int


@lru_cache(maxsize=20_000)
def profile(told: Telling) -> Profile:
    """What comparing needs of a telling."""
    text = f"{told.title}. {told.lead}" if told.lead else told.title
    named = told.names | _looks_named(text)
    names = tuple(sorted(name for name in named if name.casefold() not in EVERYWHERE))
    words, hangul = words_of(text), tuple(dict.fromkeys(_HANGUL.findall(text)))
    days, today = days_of(text, told.language, told.told_at), told_on(told.language, told.told_at)
    return Profile(
        language=told.language,
        text=text.casefold(),
        title_words=words_of(told.title),
        words=words,
        beginnings=_beginnings(words),
        letters=_letters(told.title, 2 if told.language == "ko" else 4),
        title_names=tuple(name for name in names if name in told.title),
        names=names,
        hangul=hangul,
        sounds=by_initial(hangul) if told.language == "ko" else {},
        latin=_foreign(text),
        title_amounts=amounts(told.title, told.language),
        amounts=amounts(text, told.language),
        days=days,
        told_on=today,
        last_day=max((day for day in days if day <= today), default=None),
        title_concepts=concepts(told.title),
        concepts=concepts(text),
        follows=len(set(_FOLLOWS.findall(text))),
    )


def words_found(words: Iterable[str], other: Profile) -> frozenset[str]:
    """Those of the words that the other has too, itself or with another ending."""
    return frozenset(word for word in words if word in other.words or _begins_alike(word, other))


def names_found(names: Iterable[str], mine: Profile, other: Profile) -> list[str]:
    """Those of my names that the other's text has too: as they are, in short, or as they sound in its language."""
    if mine.language == other.language:
        return [name for name in names if _named_in(name, other)]
    if other.language == "ko":
        return [name for name in names if any(_heard(part, other) for part in name.split() if len(part) > 1)]
    return [name for name in names if any(_told(part, other) for part in name.split() if len(part) > 1)]


def words_of(text: str) -> frozenset[str]:
    """Content words in the form in which they are compared."""
    found = set()
    for word in map(str.casefold, _WORD.findall(text)):
        if "가" <= word[0] <= "힣":
            bare = _PARTICLES.sub("", word)
            word = bare if len(bare) > 1 else word
            if len(word) > 1 and word not in KOREAN and word not in _REPORTING:
                found.add(word)
        elif word not in ENGLISH and word not in _REPORTING:
            found.add(stem(word))
    return frozenset(found)


def _begins_alike(word: str, other: Profile) -> bool:
    least = _SHORTEST_SHARED["가" <= word[0] <= "힣"]
    return len(word) >= least and any(
        each.startswith(word) or word.startswith(each) for each in other.beginnings.get(word[:least], ())
    )


def _beginnings(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        least = _SHORTEST_SHARED["가" <= word[0] <= "힣"]
        if len(word) >= least:
            found[word[:least]] = (*found.get(word[:least], ()), word)
    return found


def _letters(title: str, length: int) -> frozenset[str]:
    """Runs of letters inside its words: a Korean title's words differ in their endings."""
    words = (word for word in regex.findall(r"\p{L}+", title.casefold()) if word not in ENGLISH)
    return frozenset(word[at : at + length] for word in words for at in range(len(word) - length + 1))


def _looks_named(text: str) -> set[str]:
    return {
        word
        for word in regex.findall(r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]", text)
        if any(character.isupper() or character.isdigit() for character in word[1:])
    }


def _foreign(text: str) -> dict[str, str]:
    """Words in Latin letters, as they are written, by their case-folded form."""
    found: dict[str, str] = {}
    for word in _LATIN.findall(text):
        word = _POSSESSIVE.sub("", word)
        if len(word) > 1 and word.casefold() not in ENGLISH:
            found.setdefault(word.casefold(), word)
    return found


def _named_in(name: str, other: Profile) -> bool:
    if name.casefold() in other.text or any(same_name(name, each) for each in other.names):
        return True
    parts = name.split()
    return len(parts) > 1 and parts[-1].casefold() in other.text


def _heard(word: str, korean: Profile) -> bool:
    """Whether a word in Latin letters stands in a Korean telling, as it is or as it is said."""
    if word.casefold() in korean.latin:
        return True
    reading = _reading(word)
    if reading and any(each.startswith(reading) for each in korean.hangul):
        return True
    return _may_be_said(word) and is_heard(word, korean.sounds)


def _told(name: str, foreign: Profile) -> bool:
    """Whether a name from a Korean telling stands in a foreign one."""
    if _LATIN.fullmatch(name):
        return name.casefold() in foreign.latin
    return any(_says(word, name) for word in foreign.latin.values())


@lru_cache(maxsize=200_000)
def _says(word: str, name: str) -> bool:
    reading = _reading(word)
    return bool(reading and name.startswith(reading)) or (_may_be_said(word) and sounds_like(name, word))


def _may_be_said(word: str) -> bool:
    return word[0].isupper() or len(word) >= _LONG_WORD


@lru_cache(maxsize=20_000)
def _reading(word: str) -> str | None:
    """How a word is said in Korean where that is known; None for one syllable, which says too little."""
    reading = translation(word) or (known_reading(word) if len(word) > 2 else None)
    return reading if reading and len(reading) > 1 else None
