"""Charts: how the figure of a sentence can be drawn without saying more than the sentence does.

A share of a whole is part of a ring, a change two bars, "from A to B" two bars with both figures, a place among the
first three a step of a podium. Where the sentence leaves any doubt (a percentage of what? up or down?), there is none:
the figure alone is never wrong.
"""

import re
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True)
class Share:
    """A part of a whole: percent, 0 to 100."""

    percent: float


@dataclass(frozen=True)
class Change:
    """By how many percent something grew (or shrank: negative)."""

    percent: float


@dataclass(frozen=True)
class Pair:
    """Two amounts in one measure, as the sentence writes them, their values for the scale, and where they begin."""

    first: str
    second: str
    from_value: float
    to_value: float
    begins: int = 0


@dataclass(frozen=True)
class Rank:
    """The first, second or third place."""

    place: int


Chart = Share | Change | Pair | Rank
_LEAST_BARE = 1000

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PERCENT = re.compile(rf"({_NUMBER})\s?(?:%(?!p|\s?포인트)|퍼센트(?!\s?포인트)|percent\b(?!\s*point))", re.IGNORECASE)
_KOREAN_UNIT = (
    r"퍼센트포인트|퍼센트|%p|%|달러|원|엔|유로|위안|배|명|개월|개국|개사|개|건|대|톤|곳|가구|시간|분|초|일|주|위|"
    r"나노|nm|GB|TB|GW|MW|km|kg|도"
)
_ENGLISH_UNIT = (
    r"%|percent\b|nm\b|GB\b|TB\b|GW\b|MW\b|km\b|kg\b|points?\b|times\b|months?\b|weeks?\b|days?\b|hours?\b|minutes?\b|"
    r"people\b|users\b|jobs\b|dollars\b|euros\b|countries\b|companies\b|employees\b|cents?\b"
)
_SCALES = {"조": 1e12, "억": 1e8, "천만": 1e7, "백만": 1e6, "만": 1e4, "천": 1e3}
_ENGLISH_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "k": 1e3, "m": 1e6, "bn": 1e9}


def _korean(name: str) -> str:
    scaled = rf"(?:{_NUMBER})\s?(?:조|억|천만|백만|만|천)?(?:\s(?:{_NUMBER})\s?(?:억|만)?)?"
    return rf"(?P<{name}>{scaled}\s?(?:{_KOREAN_UNIT})?)"


def _english(name: str) -> str:
    scaled = rf"[$€£¥₩]?(?:{_NUMBER})(?:\s?(?:thousand|million|billion|trillion|bn|[km])\b)?"
    return rf"(?P<{name}>{scaled}(?:\s?(?:{_ENGLISH_UNIT}))?)"


_PAIRS = {
    "ko": re.compile(rf"(?<![\d.,-]){_korean('first')}에서\s{_korean('second')}(?:으로|로|까지)"),
    "en": re.compile(rf"\bfrom\s{_english('first')}\sto\s{_english('second')}(?![\w%])", re.IGNORECASE),
}
_YEAR = re.compile(r"(?:19|20)\d\d")
_RANKS = {
    "ko": re.compile(r"(?<![\d.,])([123])위(?!원|안|험|치|기|반|성|키)"),
    "en": re.compile(
        r"\b(?:no\.\s?|number\s|ranked\s#?)([123])\b(?![\d.,]\d)|"
        r"\b(first|second|third)[\s-](?:place|largest|biggest)\b|\branked\s(first|second|third)\b",
        re.IGNORECASE,
    ),
}
_PLACES = {"first": 1, "second": 2, "third": 3}
_UP = {
    "ko": re.compile(
        r"(?<!오)늘(?:었|어|려|린|고|리|은|며|자|기|렸|었)|증가|상승|올라|올랐|오른|오르|급등|급증|성장|뛰(?:었|어|며)|뛴|"
        r"확대|많아|많은|커졌|높아|높은|불어"
    ),
    "en": re.compile(
        r"\b(?:rise[sn]?|rose|rising|up(?! to)|gr[eo]w(?:s|n|th|ing)?|increas\w+|jump(?:s|ed)?|gain(?:s|ed)?|"
        r"climb(?:s|ed)?|surg\w+|soar\w*|higher|more(?! than))\b",
        re.IGNORECASE,
    ),
}
_DOWN = {
    "ko": re.compile(
        r"줄(?:었|어|고|이|인|여|며)|감소|하락|떨어|내려|내렸|내린|급감|급락|축소|적어|작아|낮아|낮은|빠졌|빠진|깎"
    ),
    "en": re.compile(
        r"\b(?:falls?|fell|fallen|down|drop(?:s|ped)?|declin\w+|decreas\w+|cuts?|lost|loses?|lower|plung\w+|shrank|shrinks?|"
        r"slid|less(?! than)|fewer(?! than))\b",
        re.IGNORECASE,
    ),
}
# "#" stands for the figure.
_SHARE = {
    "ko": re.compile(r"점유율|비중|비율|전체|가운데|지분|찬성|반대|응답|득표|투표율"),
    "en": re.compile(r"#\s?of\b|\bshare\b|\bstake\b", re.IGNORECASE),
}
_LEVEL = {"ko": re.compile(r"#\s?(?:으로|로|에|까지)"), "en": re.compile(r"\b(?:to|at)\s#", re.IGNORECASE)}
_DENIED = {
    "ko": re.compile(r"않|못하|못했|아니|없"),
    "en": re.compile(r"\b(?:not|no|never|without)\b|n['’]t\b", re.IGNORECASE),
}
_LEAST_SEEN, _MOST_CHANGE = 1.0, 400.0


def chart_for(sentence: str, figure: Span, language: str) -> Chart | None:
    """How the one figure that stands at `figure` is drawn; None: as a figure alone."""
    tongue = language if language in _PAIRS else "en"
    return _percentage(sentence, figure, tongue) or _rank(sentence, figure, tongue)


def pair_said(sentence: str, language: str) -> Pair | None:
    """The first two amounts that the sentence compares: from A to B."""
    tongue = language if language in _PAIRS else "en"
    found = (_compared(match, tongue) for match in _PAIRS[tongue].finditer(sentence))
    return next((pair for pair in found if pair is not None), None)


def _compared(match: "re.Match[str]", language: str) -> Pair | None:
    """Only amounts of one kind are compared: years are no amounts, and a bare figure takes the other's measure."""
    first, second = match["first"].strip(), match["second"].strip()
    (one, unit, scaled), (two, other, second_scaled) = _value(first, language), _value(second, language)
    # "3에서 5만 명", "from 3 to 5 million": whether the first is meant in the second's scale is not said.
    unclear = not unit and not scaled and second_scaled
    # "From 9 to 5" may be anything.
    small = not unit and not other and not scaled and max(one, two) < _LEAST_BARE
    years = any(_YEAR.fullmatch(text) for text in (first, second))
    if years or unclear or small or (unit and unit != other) or "위" in (unit, other) or max(one, two) <= 0:
        return None
    return Pair(first, second, one, two, match.start())


def _value(text: str, language: str) -> tuple[float, str, bool]:
    """The number in plain units, its measure, and whether a scale word was in it."""
    value, scaled, rest = 0.0, False, text
    money = next((mark for mark in "$€£¥₩" if mark in text), "")
    scales = _SCALES if language == "ko" else _ENGLISH_SCALES
    words = "|".join(sorted(scales, key=len, reverse=True))
    boundary = "" if language == "ko" else r"\b"
    for match in re.finditer(rf"({_NUMBER})\s?(?:({words}){boundary})?", text, re.IGNORECASE):
        factor = scales.get((match[2] or "").lower(), 1.0)
        value += float(match[1].replace(",", "")) * factor
        scaled, rest = scaled or match[2] is not None, text[match.end() :]
    return value, money or rest.strip().lower().rstrip("."), scaled


def _percentage(sentence: str, figure: Span, language: str) -> Chart | None:
    match = _PERCENT.match(sentence, figure[0])
    if match is None:
        return None
    percent = float(match[1].replace(",", ""))
    clause = _clause(sentence, match.span())
    if _DENIED[language].search(clause):
        return None
    up, down = bool(_UP[language].search(clause)), bool(_DOWN[language].search(clause))
    level, share = bool(_LEVEL[language].search(clause)), bool(_SHARE[language].search(clause))
    if share and (level or not (up or down)):
        return Share(percent) if 0 < percent <= 100 else None
    # "Rose to 24 %" says where something stands, not by how much it grew.
    if share or level or up == down or not _LEAST_SEEN <= percent <= _MOST_CHANGE:
        return None
    change = percent if up else -percent
    return Change(change) if change >= -100 else None


def _clause(sentence: str, figure: Span) -> str:
    """What is said around the figure, up to the next commas."""
    before = re.split(r"[,;:.!?](?=\s)", sentence[: figure[0]])[-1]
    after = re.split(r"[,;:.!?](?=\s|$)", sentence[figure[1] :])[0]
    return f"{before}#{after}"


def rank_said(sentence: str, language: str) -> "re.Match[str] | None":
    """Where a sentence names one of the first three places."""
    return _RANKS[language if language in _RANKS else "en"].search(sentence)


def _rank(sentence: str, figure: Span, language: str) -> Rank | None:
    for match in _RANKS[language].finditer(sentence):
        if match.start() <= figure[0] < match.end():
            said = next(group for group in match.groups() if group)
            return Rank(_PLACES.get(said.lower()) or int(said))
    return None
