"""Amounts: the figures of a text as values with units, the same in Korean and English.

"15조2천억원" is 15.2e12 won, "Won28.1tn" 28.1e12 won, "two million" 2e6, 세 명 and "three people" 3 people. Days of
the month are not amounts (days.py).
"""

from functools import lru_cache
from typing import NamedTuple

import regex

from shorts_pipeline.language.tables import paired


class Amount(NamedTuple):
    """A value and what it counts: won, dollar, people, %, hour … ; "" where the text does not say."""

    value: float
    unit: str


_KOREAN_SCALES = {"조": 1e12, "억": 1e8, "만": 1e4, "천": 1e3, "백": 1e2}
_SCALES = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "tn": 1e12, "t": 1e12, "dozen": 12.0, "hundred": 1e2,
}  # fmt: skip
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₩": "won", "won": "won"}
_UNITS = paired("""
    원=won 달러=dollar 불=dollar 유로=euro 엔=yen 위안=yuan 명=people 인=people 여명=people 사람=people
    건=case 대=unit 개=unit 기=unit 채=unit 마리=animal %=% ％=% 퍼센트=% 포인트=point %p=point 배=times
    위=rank 시간=hour 분=minute 초=second 개월=month 주=week 년=year 월=month# 분기=quarter# 호=no 세=age
    살=age 곳=place 개국=country 개_도시=city 도시=city 회=count 차례=count 골=goal 점=score km=km ㎞=km
    킬로미터=km m=m cm=cm ㎝=cm mm=mm ㎜=mm t=ton 톤=ton GW=gw MW=mw GB=gb 나노=nm nm=nm bp=bp 도=degree
    people=people person=people passengers=people workers=people customers=people
    residents=people users=people dead=people deaths=people injured=people hurt=people
    killed=people winners=people employees=people members=people men=people children=people
    pupils=people cases=case infections=case cars=unit vehicles=unit trucks=unit jets=unit
    satellites=unit accounts=unit percent=% percentage=point points=point times=times
    hours=hour hour=hour minutes=minute minute=minute seconds=second days=day day=day
    weeks=week months=month years=year year=year dollars=dollar euros=euro pounds=pound
    yen=yen won=won countries=country cities=city shows=count dates=count games=count
    goals=goal kilometers=km kilometres=km miles=mile meters=m metres=m tons=ton tonnes=ton
    quarter=quarter# points=point basis_points=bp
    """)
_WORD_VALUES = paired("""
    one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13 fourteen=14
    fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70
    eighty=80 ninety=90 dozen=12
    """)
_KOREAN_COUNTS = paired(
    "한=1 두=2 세=3 네=4 다섯=5 여섯=6 일곱=7 여덟=8 아홉=9 열=10 하루=1 이틀=2 사흘=3 나흘=4 닷새=5 둘=2 셋=3 넷=4"
)

_KOREAN_NUMBER = r"\d[\d,]*(?:\.\d+)?\s?[조억만천백]*(?:(?<=[조억만천])\s?\d[\d,]*(?:\.\d+)?[조억만천백]*)*"
_KOREAN = regex.compile(
    rf"(?P<number>{_KOREAN_NUMBER})\s?(?P<more>여)?\s?(?P<unit>%p|%포인트|%|원|달러|유로|엔|위안|명|인(?![가-힣])|건|대(?![가-힣])|개월|개국|개|기(?![가-힣])|"
    r"마리|배(?![가-힣])|위(?![가-힣])|시간|분기|분(?![가-힣])|초|주(?![가-힣])|년|세(?![가-힣])|곳|회|차례|골|점|㎞|km|cm|㎝|mm|㎜|m|t|톤|나노|bp|도(?![가-힣]))?"
)
_PIECE = regex.compile(r"(\d[\d,]*(?:\.\d+)?)\s?([조억만천백]*)")
_COUNTED = regex.compile(
    r"(?<![가-힣])(?P<count>한|두|세|네|다섯|여섯|일곱|여덟|아홉|열)\s?(?P<unit>명|사람|대|곳|건|개|마리|달|골|채|번째)"
)
_ENGLISH = regex.compile(
    r"(?P<sign>[$€£¥₩]|\bWon\s?)?(?P<number>\d[\d,]*(?:\.\d+)?)(?:[\s-]?(?P<scale>thousand|million|billion|trillion|hundred|dozen|[kKmM]\b|[bmt]n\b|[BT]\b))?"
    r"(?:[\s-]?(?P<unit>%|percentage|percent|per cent|[A-Za-z]+))?"
)
_SPELLED_OUT = regex.compile(
    rf"\b(?P<word>{'|'.join(_WORD_VALUES)})\b(?:-(?P<ones>one|two|three|four|five|six|seven|eight|nine)\b)?"
    r"(?:[\s-](?P<scale>hundred|thousand|million|billion|trillion|dozen))?(?:[\s-](?P<unit>[A-Za-z]+))?",
    regex.IGNORECASE,
)
_RATE = regex.compile(r"(?:규모|magnitude|\bM)\s?(\d\.\d)|(\d\.\d)[- ](?:magnitude|강진|지진)", regex.IGNORECASE)
# A figure of one digit is a rounded one only where it is large: 7 thousand for 7,062, but not 3 for 3.2.
_ROUNDED_FROM = 1000
_DAY_OF_MONTH = regex.compile(r"\d{1,2}월\s*\d{1,2}일|\d{1,2}일(?!\s?(?:간|째|동안|만에|만의|연속))|\d{1,2}월(?!\d)")


@lru_cache(maxsize=20_000)
def amounts(text: str, language: str) -> frozenset[Amount]:
    """What a text counts and measures."""
    found = {Amount(float(match[1] or match[2]), "magnitude") for match in _RATE.finditer(text)}
    if language == "ko":
        return frozenset(found | _korean(text))
    return frozenset(found | _english(text))


def _korean(text: str) -> set[Amount]:
    text = _DAY_OF_MONTH.sub(" ", text)
    found = set()
    for match in _KOREAN.finditer(text):
        unit = match["unit"] or ""
        unit = "point" if unit in {"%p", "%포인트"} else _UNITS.get(unit, unit)
        found.add(Amount(_korean_value(match["number"]), unit))
    for match in _COUNTED.finditer(text):
        found.add(Amount(float(_KOREAN_COUNTS[match["count"]]), _UNITS.get(match["unit"], match["unit"])))
    return found


def _korean_value(number: str) -> float:
    """15조2천억 → 15.2e12: each scale counts what stands before it; 천 inside 억 multiplies ("2천억")."""
    total = 0.0
    for digits, scales in _PIECE.findall(number):
        value = float(digits.replace(",", ""))
        for scale in scales:
            value *= _KOREAN_SCALES[scale]
        total += value
    return total


def _english(text: str) -> set[Amount]:
    found = set()
    for match in _ENGLISH.finditer(text):
        value = float(match["number"].replace(",", "")) * _SCALES.get((match["scale"] or "").lower(), 1.0)
        unit = _CURRENCIES.get((match["sign"] or "").strip().lower()) or _unit(match["unit"])
        found.add(Amount(value, unit))
    for match in _SPELLED_OUT.finditer(text):
        value = float(_WORD_VALUES[match["word"].lower()]) + float(_WORD_VALUES.get((match["ones"] or "").lower(), 0))
        found.add(Amount(value * _SCALES.get((match["scale"] or "").lower(), 1.0), _unit(match["unit"])))
    return found


def _unit(word: str | None) -> str:
    return _UNITS.get((word or "").lower(), "")


@lru_cache(maxsize=50_000)
def agree(one: float, other: float) -> bool:
    """Whether two values may be one figure: equal, or one of them rounded (15 trillion / 15.2 trillion)."""
    if one == other:
        return True
    smaller, larger = sorted((one, other))
    if smaller <= 0 or larger - smaller > 0.1 * larger:
        return False
    digits = min(_digits(one), _digits(other))
    if digits == 1 and larger < _ROUNDED_FROM:
        return False
    return _rounded(one, digits) == _rounded(other, digits) or _cut(one, digits) == _cut(other, digits)


def significance(amount: Amount) -> float:
    """How much it says that two tellings share a figure: 3 little, 1,483.6 much."""
    if amount.value <= 1:
        return 0.1
    digits = _digits(amount.value)
    if digits == 1:
        return 0.3 if amount.value < 100 else 0.5
    return 1.0 if digits == 2 else 1.5


def _digits(value: float) -> int:
    """How many significant digits a figure is given with."""
    return max(len(f"{value:.9e}".split("e")[0].replace(".", "").rstrip("0")), 1)


def _rounded(value: float, digits: int) -> str:
    return f"{value:.{digits - 1}e}"


def _cut(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.9e}".split("e")
    return f"{mantissa[: digits + 1]}e{exponent}"
