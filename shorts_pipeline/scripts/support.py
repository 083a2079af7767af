"""Support: whether the figures and names of a script stand in its source, also where they are said otherwise.

A script rounds (38.6 % is "nearly 39 percent"), subtracts ("three euros cheaper", from 12 and 9), shortens
(SK하이닉스, 하이닉스) and inflects (Poland, Polish). None of that is invention. What is left over is named.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations

import regex

from shorts_pipeline.language import sentences
from shorts_pipeline.language.amounts import Amount, agree, amounts
from shorts_pipeline.language.known_names import kind_of, known_korean
from shorts_pipeline.language.lexicon import is_common
from shorts_pipeline.language.tables import listed, paired
from shorts_pipeline.scripts.facts import names, numbers

# "One of them", 열 곳: what counts so little is seldom taken from anywhere, unless it is measured.
_SMALL = 10
_MOST_KNOWN = 60
# "45 years ago" is reckoned from a year to one of these.
_YEARS = (2024, 2028)
# How far a share may be from the percentage it stands for: "nearly nine in ten" for 88 %.
_SHARE_OFF = 6.0
_SHARE = regex.compile(
    r"(?P<of>\d+)분의\s?(?P<part>\d+)|(?P<tenths>\d)할|"
    r"(?<![\d.,])\b(?P<word>one|two|three|four|five|six|seven|eight|nine|\d+)(?:[- ]\w+)?[- ](?:in|out of|of every)[- ]"
    r"(?P<all>three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|\d{1,3})\b",
    regex.IGNORECASE,
)
# Measures that amounts.py does not know: a hundred years, and a dollar with so many cents.
_UNREAD = regex.compile(
    r"\b[\w-]+ (?:and a half )?centur(?:y|ies)\b|\ba dollar [a-z]+(?:-[a-z]+)?\b|\d+\s?세기", regex.IGNORECASE
)
_VALUES = paired("one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 twenty=20")
# One measure in another: two days are 48 hours.
_MADE_OF = {
    "day": ("hour", 24),
    "week": ("day", 7),
    "year": ("month", 12),
    "hour": ("minute", 60),
    "minute": ("second", 60),
}
# A people for its country: nobody invents by an adjective.
_PEOPLES = frozenset(
    listed("""
    american british english scottish welsh irish french german italian spanish dutch danish swedish norwegian finnish
    polish poles swiss austrian greek turkish russian ukrainian estonian latvian lithuanian czech hungarian romanian
    portuguese japanese korean chinese taiwanese indian australian canadian mexican brazilian african asian european
    norse nordic israeli egyptian kenyan nigerian vietnamese thai indonesian filipino
    """)
)
_EVERYDAY = frozenset(listed("AI EV EVs TV PC US U.S UK EU CEO GPS MVP DNA IT LED SNS APP"))
_ALSO_CALLED = paired("""
    america=u.s britain=uk england=uk holland=netherlands 한은=한국은행 카톡=카카오톡 전남=전라남도 전북=전라북도
    경남=경상남도 경북=경상북도 충남=충청남도 충북=충청북도 전라남도=전남
    전라북도=전북 경상남도=경남 경상북도=경북 충청남도=충남 충청북도=충북
    """)
_PARTICLE = regex.compile(r"(?<=..)[이가은는을를도와과랑]$")
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}'’-]*")


def unsupported(text: str, source: str, language: str, source_language: str | None = None) -> list[str]:
    """Figures and names of `text` that `source` does not have in any form, in a stable order.

    Of a text that is a translation only the figures are looked up: names change their letters.
    """
    written_in = source_language or language
    found = sorted(_figures(text, source, language, written_in))
    return found if written_in != language else found + sorted(_names(text, source, language))


def _figures(text: str, source: str, language: str, written_in: str) -> set[str]:
    known, plain = _known(source, written_in), numbers(source)
    shares = {match.group() for match in _SHARE.finditer(text) if _stands_for_a_share(match, known)}
    for share in (*shares, *_UNREAD.findall(text)):
        text = text.replace(share, " ")
    said = amounts(text, language)
    return {_shown(each) for each in said if not _is_known(each, known, plain) and not _is_derived(each, known)}


def _stands_for_a_share(match: "regex.Match[str]", known: Iterable[Amount]) -> bool:
    if match["tenths"]:
        percent = 10.0 * float(match["tenths"])
    else:
        part, whole = match["part"] or match["word"], match["of"] or match["all"]
        percent = 100 * float(_VALUES.get(part.lower(), part)) / float(_VALUES.get(whole.lower(), whole) or 1)
    return any(each.unit in {"%", ""} and abs(each.value - percent) <= _SHARE_OFF for each in known)


def _is_known(each: Amount, known: Iterable[Amount], plain: Iterable[str]) -> bool:
    if (not each.unit and each.value <= _SMALL) or each.value <= 1 or f"{each.value:g}" in plain:
        return True
    return any(
        _rounds(same.value, other.value)
        for same in _forms(each)
        for other in known
        if _one_measure(same.unit, other.unit)
    )


def _forms(each: Amount) -> Iterator[Amount]:
    """The amount in its own measure, in the next smaller and in the next larger one."""
    yield each
    for larger, (smaller, count) in _MADE_OF.items():
        if each.unit == larger:
            yield Amount(each.value * count, smaller)
        elif each.unit == smaller:
            yield Amount(each.value / count, larger)


def _one_measure(one: str, other: str) -> bool:
    return one == other or not one or not other


def _rounds(said: float, known: float) -> bool:
    """38.6 as 39, 5.83 as six, 11,860 as "about 12,000": fewer digits, and closer than a twentieth."""
    return agree(said, known) or (abs(said - known) <= 0.05 * known and len(f"{said:g}") < len(f"{known:g}"))


def _is_derived(each: Amount, known: Sequence[Amount]) -> bool:
    """What a viewer would reckon from two figures: a sum, a difference, a share, how many times, how many years ago."""
    if each.unit in {"", "%"}:
        return False
    if each.unit == "year" and any(_YEARS[0] <= other.value + each.value <= _YEARS[1] for other in known):
        return True
    return any(
        any(_rounds(each.value, value) for value in _reckoned(each.unit, one, other))
        for one, other in combinations(known, 2)
        if each.unit in {one.unit, other.unit, "times"}
    )


def _reckoned(unit: str, one: Amount, other: Amount) -> tuple[float, ...]:
    if "%" in {one.unit, other.unit} and unit != "times":
        share, whole = (one.value, other.value) if one.unit == "%" else (other.value, one.value)
        return (whole * share / 100, whole * (1 - share / 100))
    if not _one_measure(one.unit, other.unit):
        return ()
    smaller, larger = sorted((one.value, other.value))
    if unit == "times":
        return (larger / smaller,) if smaller else ()
    return (smaller + larger, larger - smaller)


@lru_cache(maxsize=64)
def _known(source: str, language: str) -> tuple[Amount, ...]:
    return tuple(sorted(amounts(source, language)))[:_MOST_KNOWN]


def _shown(amount: Amount) -> str:
    return f"{amount.value:g} {amount.unit}".strip()


def _names(text: str, source: str, language: str) -> set[str]:
    folded = source.casefold()
    words = frozenset(match.group().casefold() for match in _WORD.finditer(source))
    # Sentence by sentence: among others the analyser takes a strange name apart.
    said = {name for each in sentences(text, language) for name in names(each, language)}
    said |= set(_known_names(text, language))
    return {name for name in said if not _is_named(name, folded, words, language)}


def _known_names(text: str, language: str) -> Iterator[str]:
    """Names that everybody knows; in English also where they begin a sentence."""
    if language == "ko":
        yield from (each.name for each in known_korean(text))
    else:
        yield from (
            w for w in _WORD.findall(text) if w[0].isupper() and not is_common(w) and kind_of(w.removesuffix("'s"))
        )


def _is_named(name: str, source: str, words: frozenset[str], language: str) -> bool:
    folded = name.casefold().removesuffix("'s")
    if folded in source or name in _EVERYDAY or folded in _PEOPLES or _ALSO_CALLED.get(folded, name) in source:
        return True
    if language == "ko":
        # The analyser takes many a word of two syllables for a name, and a particle for a strange name's end.
        return _PARTICLE.sub("", folded) in source or (len(name) == 2 and kind_of(name) is None)
    return any(_begins_alike(folded, word) for word in words)


def _begins_alike(name: str, word: str) -> bool:
    """Poland / Poles, Fords / Ford: one name in two forms."""
    return name.removesuffix("s") == word or (len(word) > 3 and len(name) > 3 and name[:4] == word[:4])
