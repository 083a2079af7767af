"""Korean figures whose reading depends on what they stand for: scores, ranges, model numbers, emergency numbers.

Each rule rewrites what it knows into what korean_numerals.py reads right, or reads it itself; the order matters.
"""

from collections.abc import Callable
from typing import Any

import regex

from shorts_pipeline.language.korean_numerals import native, sino
from shorts_pipeline.language.tables import listed, paired

_DIGITS = "영일이삼사오육칠팔구"
_PHONE = "공일이삼사오육칠팔구"
_ENGLISH = ("제로", "원", "투", "쓰리", "포", "파이브", "식스", "세븐", "에이트", "나인")
_ABOUT = paired("""
    1~2=한두 2~3=두세 3~4=서너 4~5=네다섯 5~6=대여섯 6~7=예닐곱 7~8=일고여덟
    """)
_COUNTERS = "명|개(?!월|국)|살|마리|사람|가지|곳|번|차례|배|시간|달(?!러)|건|잔|장|권|채"
_MACHINES = "|".join(
    listed("""
    자동차 차량 승용차 전기차 수소차 화물차 승합차 버스 택시 트럭 오토바이 자전거 열차 항공기 여객기 전투기 비행기 헬기 헬리콥터
    드론 로봇 서버 컴퓨터 노트북 휴대전화 휴대폰 스마트폰 카메라 기계 장비 소방차 구급차 탱크 전차
    """)
)
_RESULT = r"(?=(?:으?로)?\s?(?:승리|승|패|이겼|이기|졌|지고|꺾|역전|앞서|앞섰|뒤지|뒤졌|무승부|완승|완패|대승|신승|제압|누르|눌|물리|비겼|끝났|마쳤|리드))"
# Products whose number is said in English, as in "GPT-5".
_PRODUCTS = "GPT|챗GPT|ChatGPT|지피티|Llama|라마|Grok|그록|Claude|클로드|Gemini|제미나이|PlayStation|플레이스테이션|PS|Switch|스위치"
_EMERGENCY = r"(?=\s?(?:에(?!\s?달)|로\s|신고|구급|구조|상황|대원|안전|종합|번에|번으로|센터))"

_Rule = tuple["regex.Pattern[str]", Callable[[Any], str]]


def _digit_by_digit(digits: str, names: str = _DIGITS) -> str:
    return "".join(names[int(digit)] for digit in digits)


def _product(match: Any) -> str:
    whole, tenth, letter = match["whole"], match["tenth"], match["letter"] or ""
    read = _ENGLISH[int(whole)] + (f" 점 {_ENGLISH[int(tenth)]}" if tenth else "")
    return f"{match['name']} {read}{letter}"


def _memorial(match: Any) -> str:
    """6·25 → 육이오, 5·18 → 오일팔, 12·3 → 십이삼."""
    month, day = match[1], match[2]
    first = {"10": "십", "11": "십일", "12": "십이"}.get(month, _digit_by_digit(month))
    return first + ({"10": "십", "12": "십이", "26": "이륙"}.get(day) or _digit_by_digit(day))


def _few(match: Any) -> str:
    """2~3명 → 두세 명, 2~5명 → 두 명에서 다섯 명."""
    first, last, counter = match.groups()
    about = _ABOUT.get(f"{first}~{last}")
    return f"{about} " if about else f"{native(int(first))} {counter}에서 {last}"


_RULES: tuple[_Rule, ...] = (
    (regex.compile(r"['’‘](?=\d\d년)"), lambda m: ""),
    (regex.compile(r"([1-4])/4\s?분기"), lambda m: f"{_DIGITS[int(m[1])]}사분기"),
    (regex.compile(r"(?<![A-Za-z\d])(?:Q([1-4])|([1-4])Q)(?![A-Za-z\d])"), lambda m: f"{m[1] or m[2]}분기"),
    (regex.compile(r"(?<![\d·])(1[0-2]|[1-9])[·](3[01]|[12]\d|[1-9])(?![\d·])(?=절|\s|[가-힣]|$)"), _memorial),
    (regex.compile(r"코로나\s?-?19"), lambda m: "코로나 일구"),
    (regex.compile(r"(?<![\d-])(\d{1,2})\s?[-–]\s?(\d{1,2})" + _RESULT), lambda m: f"{m[1]} 대 {m[2]}"),
    (regex.compile(r"(?<![\d.,])(\d{1,3})\s?대\s?(\d{1,3})(?=으?로(?![가-힣])|의 |[\s,.!?]*$|\s?(?:승|패|무|비율))"),
     lambda m: f"{m[1]} 대 {m[2]}"),
    (regex.compile(rf"(?<![\d.,-])([1-9])\s?[~∼〜～-]\s?([2-9])\s?(?=({_COUNTERS}))"), _few),
    (regex.compile(rf"(?<![\d.,])(\d{{2}})\s?[~∼〜～]\s?(\d{{2}})(?=\s?(?:{_COUNTERS}))"),
     lambda m: f"{sino(m[1])}에서 {sino(m[2])}"),
    (regex.compile(r"(?<![\d\p{Latin}-])(\d{1,4})-(\d{1,4})(?=일|월|년|%|주|만|세|위|도|차|억|분|원|층)"),
     lambda m: f"{m[1]}~{m[2]}"),
    (regex.compile(r"(?<!\d)(\d{4})[-–/](\d\d)(?=\s?(?:시즌|학년도|회계))"), lambda m: f"{m[1]}~{m[2]}"),
    (regex.compile(r"(?<![\d,])(\d),\s?(\d)(?=월|일|호선|층|학년|분기)"),
     lambda m: _digit_by_digit(m[1]) + _digit_by_digit(m[2])),
    (regex.compile(r"(?<![\d.,])(112|119|114|120|131|1\d{3})(?![\d,.])" + _EMERGENCY),
     lambda m: _digit_by_digit(m[1], _PHONE)),
    (regex.compile(r"(?:시속\s?)?(\d[\d,.]*)\s?(?:km/h|㎞/h|kph)"), lambda m: f"시속 {m[1]}km"),
    (regex.compile(r"(?:영하\s?)?(?:(?<=^)|(?<=[\s(]))[-−](?=\d+(?:\.\d+)?\s?(?:도|℃|°C))"), lambda m: "영하 "),
    (regex.compile(rf"({_MACHINES})\s?([1-9]|1\d|20)\s?대(?!\s?\d|학|형|출)"), lambda m: f"{m[1]} {native(int(m[2]))} 대"),
    (regex.compile(rf"(?P<name>{_PRODUCTS})[- ]?(?P<whole>\d)(?:\.(?P<tenth>\d))?(?P<letter>[a-z](?![A-Za-z]))?(?![\d.]?\d)"),
     _product),
    (regex.compile(r"(?<=[A-Z])(\d)(?=[A-Z]?(?![\dA-Za-z.,]))"), lambda m: _ENGLISH[int(m[1])]),
    (regex.compile(r"(?<=[A-Z]{2}[ -]?)(?!19\d\d|20\d\d)([1-9]\d{3})(?![\d,.년월일원명개만억])"),
     lambda m: f" {_digit_by_digit(m[1], _PHONE)}"),
    (regex.compile(r"(?<![A-Za-z])[vV](?:er)?\.?\s?(?=\d)"), lambda m: "버전 "),
    (regex.compile(r"(?<=[A-Z])\s?&\s?(?=[A-Z])"), lambda m: "앤"),
    (regex.compile(r"(?<=\p{Latin})-(?=[\p{Latin}가-힣])"), lambda m: " "),
)  # fmt: skip


def by_meaning(text: str) -> str:
    """The text with such figures read, or rewritten so that the general rules read them right."""
    for pattern, read in _RULES:
        text = pattern.sub(read, text)
    return text
