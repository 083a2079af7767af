"""English figures whose reading depends on what they stand for: scores, quarters, clock times, model numbers.

Each rule rewrites what it knows into what english_numerals.py reads right, or reads it itself; the order matters.
"""

from collections.abc import Callable
from typing import Any

import regex

from shorts_pipeline.language.english_numerals import MONTHS, cardinal, ordinal

_QUARTERS = ("", "first", "second", "third", "fourth")
_MONTH = "|".join((*MONTHS, *(month[:3] for month in MONTHS if month != "May"), "Sept"))
_RESULT = r"(?=\s(?:victory|win|defeat|loss|draw|lead|thrashing|win,|home|away|vote|decision|ruling)\b)"
_WON = r"(?:won|win|wins|lost|lose|loses|beat|beats|beaten|defeated|drew|led|leads|lead|trailed|finished|ended|by|voted|ruled)"
_MODEL = r"(?:RTX|GTX|RX|Boeing|Airbus|Xeon|Ryzen|Radeon|Snapdragon)"

_Rule = tuple["regex.Pattern[str]", Callable[[Any], str]]


def _in_pairs(digits: str) -> str:
    """5090 → fifty ninety, 737 → seven thirty-seven, 4000 → four thousand."""
    if digits.endswith("00"):
        return cardinal(digits)
    first, last = digits[:-2], digits[-2:]
    return f"{cardinal(first)} {'oh ' + cardinal(last[1]) if last[0] == '0' else cardinal(last)}"


def _clock(match: Any) -> str:
    hour, minute, half = match["hour"], match["minute"], match["half"].lower()
    read = cardinal(hour)
    if minute and minute != "00":
        read += f" {'oh ' + cardinal(minute[1]) if minute[0] == '0' else cardinal(minute)}"
    return f"{read} {half}.m."


def _quarter(match: Any) -> str:
    before = match.string[: match.start()].rstrip().rpartition(" ")[2].lower()
    owned = before in {"the", "this", "last", "next", "its", "their", "our"} or before.endswith(("'s", "’s", "s'"))
    the = "" if owned else "the "
    year = f" of {match['year']}" if match["year"] else ""
    return f"{the}{_QUARTERS[int(match['number'])]} quarter{year}"


def _one_by_one(digits: str) -> str:
    return " ".join(cardinal(digit) for digit in digits)


_RULES: tuple[_Rule, ...] = (
    (regex.compile(r"\b(?:US|U\.S\.)\s?\$\s?(?=\d)"), lambda m: "$"),
    (regex.compile(r"(?<=[$€£]\d[\d.,]*)[-–]\s?[$€£]?(?=\d)"), lambda m: " to $$"),
    (regex.compile(rf"\b({_MONTH})\.?\s(3[01]|[12]\d|[1-9])(?!st|nd|rd|th)(?=,?\s(?:19|20)\d\d|[^\d:%.,]|[.,](?!\d)|$)"),
     lambda m: f"{m[1]} {ordinal(int(m[2]))}"),
    (regex.compile(r"\b(?P<hour>1[0-2]|0?[1-9])(?::(?P<minute>[0-5]\d))?\s?(?P<half>[aApP])\.?\s?[mM]\b(?:\.(?=\s[a-z]))?\.?"),
     _clock),
    (regex.compile(r"\bQ(?P<number>[1-4])(?:\s(?P<year>(?:19|20)\d\d))?\b"), _quarter),
    (regex.compile(r"['’‘](?=\d0s\b)"), lambda m: "__"),
    (regex.compile(r"__(\d)0s\b"), lambda m: f"{cardinal(m[1] + '0')[:-1]}ies" if m[1] > "1" else "tens"),
    (regex.compile(r"\b9/11\b"), lambda m: "nine eleven"),
    (regex.compile(r"\b24/7\b"), lambda m: "twenty-four seven"),
    (regex.compile(r"\b(?:(?<=call |dial |called |dialed |to )|(?<=^))(911|999|112|988)\b(?!\s(?:people|[a-z]+s\b))"),
     lambda m: _one_by_one(m[1])),
    (regex.compile(r"\b(4|8)K\b(?=\s(?:video|screen|display|TV|resolution|monitor|camera|movie|film|Blu)|[.,]?$)"),
     lambda m: f"{cardinal(m[1])} K"),
    (regex.compile(r"(?<!\d[-.])\b(\d{3})-(\d{4})\b"), lambda m: f"{_one_by_one(m[1])}, {_one_by_one(m[2])}"),
    (regex.compile(rf"(?<=\b{_WON}\s)(\d{{1,2}})[-–](\d{{1,2}})\b"), lambda m: f"{m[1]} to {m[2]}"),
    (regex.compile(rf"\b(\d{{1,3}})[-–](\d{{1,3}})\b{_RESULT}"), lambda m: f"{m[1]} to {m[2]}"),
    (regex.compile(r"\b(\d{1,3}):(\d{1,2})\b(?=\s(?:ratio|victory|win|split)|$)(?<!\d\d:\d\d)"), lambda m: f"{m[1]} to {m[2]}"),
    (regex.compile(rf"(?<=\b{_MODEL})[ -]?(\d{{3,4}})\b"), lambda m: f" {_in_pairs(m[1])}"),
    (regex.compile(r"(?<=\p{L})-(?=\d)"), lambda m: " "),
    (regex.compile(r"\b[vV](?=\d+\.\d)"), lambda m: "version "),
    (regex.compile(r"(?:\bNo\.\s?|(?<![\w&])#)(?=\d)"), lambda m: "number "),
    (regex.compile(r"(?<=[A-Z])&(?=[A-Z])"), lambda m: " and "),
    (regex.compile(r"(?:(?<=^)|(?<=[\s(]))[~≈]\s?(?=[$€£]?\d)"), lambda m: "about "),
    (regex.compile(r"(?:(?<=^)|(?<=[\s(]))\+(?=\d)"), lambda m: "plus "),
    (regex.compile(r"(?<=\d)\+(?=\s|$|[.,])"), lambda m: " plus"),
    (regex.compile(r"\b(\d)'(\d{1,2})(?:\"|″|”)"), lambda m: f"{m[1]} foot {m[2]}"),
)  # fmt: skip


def by_meaning(text: str) -> str:
    """The text with such figures read, or rewritten so that the general rules read them right."""
    for pattern, read in _RULES:
        text = pattern.sub(read, text)
    return text
