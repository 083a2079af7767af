"""Choose: the one thing of a sentence worth showing large: its figure, what somebody said, or its word.

Only what the sentence itself says is shown, a figure with the words next to it; nothing is rounded, converted or
put together anew.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shorts_pipeline.language import morphemes
from shorts_pipeline.videos.cards.charts import Chart, Pair, chart_for, pair_said, rank_said
from shorts_pipeline.videos.cards.phrase import NOUNS, phrase_around

Kind = Literal["figure", "quote", "word", "question", "none"]

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MONEY = r"(?:[$€£¥₩]\s?)?"
_FIGURE = {
    "ko": re.compile(
        rf"{_MONEY}(?:{_NUMBER})"
        r"(?:\s?(?:조|억|천만|백만|만|천))?(?:(?<=[조억만천])\s\d[\d,]*\s?(?:억|만)?(?![\d,]*\s?(?:년|월|일|분기)))?"
        r"(?:\s?(?:퍼센트포인트|퍼센트|%p|%|달러|원|엔|유로|위안|배|명|개월|개국|개사|개|건|대|톤|곳|가구|시간|분기|분|초|일|주|년|위|"
        r"나노|nm|GB|TB|GW|MW|km|kg))?"
    ),
    "en": re.compile(
        rf"{_MONEY}(?:{_NUMBER})(?:\s?(?:%|percent\b|nm\b|GB\b|TB\b|GW\b|MW\b|km\b|kg\b|bn\b|x\b|[mk]\b))?"
        r"(?:\s(?:thousand|million|billion|trillion)\b)?"
        r"(?:\s(?:points?|times|years?|months?|weeks?|days?|hours?|minutes?|people|users|jobs|dollars|euros|"
        r"countries|companies)\b)?",
        re.IGNORECASE,
    ),
}
_QUOTE = re.compile(r"[“\"‘'「『]([^”\"’'」』]{6,70})[”\"’'」』]")
_YEAR = re.compile(r"(?:19|20)\d\d(?:년)?")
_BARE = re.compile(r"[\d,.]+")
_CLAUSE = re.compile(r"[,;:.!?…]+(?=\s|$)|[“”\"()]|\s[-–—]\s")
_DENIAL = re.compile(
    r"지 (?:않|못|말)|(?:이|가) 아니|없(?:다|어|었|습|이|는|을|던)|\bnot\b|n['’]t\b|\bnever\b|\bno\b", re.IGNORECASE
)
_MOST_BESIDE = {"ko": 13, "en": 24}


@dataclass(frozen=True)
class Card:
    """What is shown large, the few words of the sentence before and after it, and how its figure is drawn.

    `clause` is the figure with its words as the sentence writes them, for beside a chart.
    """

    kind: Kind
    text: str
    before: str = ""
    after: str = ""
    chart: Chart | None = None
    clause: str = ""


def card_for(sentence: str, *, keywords: Sequence[str], language: str, said: frozenset[str]) -> Card:
    """The sentence's card, not repeating what earlier cards said; kind `none` where nothing is left to say."""
    if (pair := pair_said(sentence, language)) and pair.second not in said:
        return _pair_card(sentence, pair, language)
    if (match := _figure(sentence, language) or rank_said(sentence, language)) and _text(match) not in said:
        return _figure_card(match, language)
    for quote in _QUOTE.findall(sentence):
        if (words := quote.strip().rstrip(",")) not in said:
            return Card("quote", words)
    for word in keywords:
        shown, rest = _standing(word, sentence, keywords, language)
        if shown and not any(shown in earlier for earlier in said) and not _denied(rest):
            return Card("word", shown)
    if sentence.rstrip("”\"' ").endswith("?") and "?" not in said:
        return Card("question", "?")
    return Card("none", "")


def _standing(word: str, sentence: str, keywords: Sequence[str], language: str) -> tuple[str, str]:
    """A keyword as the sentence writes it, with the words it is one name with, and what follows; empty if it has none.

    "ha" is no word of "what", and of "인공지능" nobody says "인공".
    """
    if len(word) < 2:
        return "", ""
    if language != "ko":
        found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sentence, re.IGNORECASE)
        if found is None:
            return "", ""
        return phrase_around(sentence, *found.span(), keywords, language), sentence[found.start() :]
    at = sentence.lower().find(word.lower())
    if at < 0:
        return "", ""
    start, end = at, at + len(word)
    for morpheme in morphemes(sentence):
        touches = morpheme.start <= end and morpheme.end >= start
        if touches and morpheme.tag in NOUNS:
            start, end = min(start, morpheme.start), max(end, morpheme.end)
    return phrase_around(sentence, start, end, keywords, language), sentence[start:]


def _denied(rest: str) -> bool:
    """Whether the clause goes on to deny its word: "유출" alone would say the contrary of "유출되지 않았어요"."""
    return bool(_DENIAL.search(_CLAUSE.split(rest)[0]))


def _pair_card(sentence: str, pair: Pair, language: str) -> Card:
    """Both figures stand in the chart: what it is about is said before the first."""
    before = _CLAUSE.split(sentence[: pair.begins])[-1].split()
    return Card("figure", pair.second, " ".join(_last(before, 2 * _MOST_BESIDE.get(language, 24))), chart=pair)


def _figure_card(match: "re.Match[str]", language: str) -> Card:
    most = _MOST_BESIDE.get(language, 24)
    chart = chart_for(match.string, match.span(), language)
    before, after = _beside(match, most if chart is None else most * 3 // 2)
    return Card("figure", _text(match), before, after, chart, _clause(match, 2 * most) if chart else "")


def _clause(match: "re.Match[str]", most: int) -> str:
    """The figure as it stands, particle and all, with at most `most` characters on either side."""
    before, after = _beside(match, most)
    glued = re.match(r"[^\s,;:!?…”\"()]*", match.string[match.end() :])
    figure = _text(match) + (glued.group(0).rstrip(".") if glued else "")
    return " ".join(part for part in (before, figure, after) if part)


def _figure(sentence: str, language: str) -> "re.Match[str] | None":
    """The figure that says most: the one with a unit; a bare number or a year says little."""
    pattern = _FIGURE.get(language, _FIGURE["en"])
    found = [match for match in pattern.finditer(sentence) if _stands_alone(match)]
    telling = [match for match in found if not _YEAR.fullmatch(_text(match)) and not _BARE.fullmatch(_text(match))]
    return max(telling, key=lambda match: _weight(_text(match)), default=None)


def _text(match: "re.Match[str]") -> str:
    return match.group(0).strip()


def _stands_alone(match: "re.Match[str]") -> bool:
    """Not a part of a name such as GPT-4 or B2B."""
    before = match.string[match.start() - 1] if match.start() else " "
    after = match.string[match.end()] if match.end() < len(match.string) else " "
    return not (before.isalnum() or before in "-.–") and not (after.isascii() and after.isalnum())


def _weight(figure: str) -> tuple[bool, bool, int]:
    """Shares and money first, then counts with a unit; of equals the longer."""
    share = any(mark in figure for mark in ("%", "퍼센트", "percent", "배"))
    money = any(mark in figure for mark in "$€£¥₩원") or "달러" in figure
    return share or money, any(character.isalpha() for character in figure), len(figure)


def _beside(match: "re.Match[str]", most: int) -> tuple[str, str]:
    """The words of the same clause before and after the figure, whole words only, at most `most` characters each."""
    before = _CLAUSE.split(match.string[: match.start()])[-1].split()
    following = match.string[match.end() :]
    # What is glued to the figure (a Korean particle) belongs to it and is not repeated.
    glued = re.match(r"\S*", following)
    rest = following[glued.end() :] if glued else following
    ended = bool(glued and _CLAUSE.search(glued.group(0)))
    after = [] if ended else _CLAUSE.split(rest)[0].split()
    return " ".join(_last(before, most)), " ".join(reversed(_last(list(reversed(after)), most)))


def _last(words: list[str], most: int) -> list[str]:
    """As many of the last words as fit."""
    kept: list[str] = []
    for word in reversed(words):
        if len(" ".join([word, *kept])) > most:
            break
        kept.insert(0, word)
    return kept
