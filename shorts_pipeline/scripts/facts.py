"""Facts: the numbers and names of a text, so that a script's can be looked up in its source (support.py)."""

import regex

from shorts_pipeline.language.tokens import morphemes

_NUMBER = regex.compile(r"\d+(?:[.,]\d+)*")
# A figure with what it counts: "8%", "3조원", "$4.2 billion", "20 percent".
_FIGURE_KO = regex.compile(
    r"\d+(?:[.,]\d+)*\s?(?:%p|%|퍼센트|배|위|"
    r"(?:조|억|만|천)(?:\s?\d+(?:[.,]\d+)*\s?(?:억|만|천))*\s?\d*\s?(?:원|달러|명|대|개|건|톤|가구)?|"
    r"원|달러|명|대|개국|건|년 만|개월 연속|개월 만)"
)
_FIGURE_EN = regex.compile(
    r"(?:[$€£]\s?)?\d+(?:[.,]\d+)*(?:\s?%|\s(?:percent|million|billion|trillion|times|people|users|jobs|employees))?",
    regex.IGNORECASE,
)
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}'’&.-]*")
_INITIALS = frozenset(["i", "i'm", "i'll", "i've", "i'd", "ok", "okay", "tv"])


def numbers(text: str) -> set[str]:
    """The figures of a text, without thousands separators: "1,200.50" → "1200.5"."""
    found = (match.group().replace(",", "") for match in _NUMBER.finditer(text))
    return {_plain(number) for number in found}


def _plain(number: str) -> str:
    whole, point, rest = number.strip(".").partition(".")
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + (point + rest if rest else "")


def figure(text: str, language: str) -> str | None:
    """The first figure of a text with what it counts, or None; bare years and small counts are none."""
    for match in (_FIGURE_KO if language == "ko" else _FIGURE_EN).finditer(text):
        found = str(match.group()).strip()
        if language == "ko" or not found.isdigit():
            return found
    return None


def names(text: str, language: str) -> set[str]:
    """Names in a text: Korean proper nouns, nouns of no dictionary, foreign words; English capitals inside."""
    if language == "ko":
        return {m.form for m in morphemes(text) if (m.tag in {"NNP", "SL"} or m.unknown) and len(m.form) > 1}
    found: set[str] = set()
    for sentence in regex.split(r"(?<=[.!?:])[\"”’]?\s+|\n\s*\n", text):
        for position, word in enumerate(match.group().rstrip(".'’-") for match in _WORD.finditer(sentence)):
            inner_capital = any(letter.isupper() for letter in word[1:])
            if (inner_capital or (position and word[:1].isupper())) and word.lower() not in _INITIALS:
                found.add(word.removesuffix("'s").removesuffix("’s"))
    return found
