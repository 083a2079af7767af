"""Korean numerals: digits with what they count, read in Sino-Korean or native Korean as the counter asks."""

import unicodedata
from typing import Any

import regex

from shorts_pipeline.language.tables import paired

_DIGITS = "영일이삼사오육칠팔구"
_PLACES = ("", "십", "백", "천")
_MYRIADS = ("", "만", "억", "조", "경")
_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_MONTHS = {6: "유월", 10: "시월"}

# Counters that take native numerals, and up to which number they do.
_NATIVE = dict.fromkeys(("개", "명", "살", "마리", "시간", "사람"), 99) | dict.fromkeys(
    (
        "번째",
        "번",
        "가지",
        "권",
        "장",
        "잔",
        "달",
        "곳",
        "차례",
        "배",
        "채",
        "벌",
        "켤레",
        "송이",
        "통",
        "군데",
        "쌍",
        "줄",
    ),
    20,
)
_NATIVE |= dict.fromkeys(("편", "건", "척", "판", "끼", "그루"), 20) | {"시": 12}
# Begin like a native counter, and are none.
_SINO = (
    "개월",
    "개국",
    "개년",
    "개사",
    "개교",
    "달러",
    "배럴",
    "시즌",
    "장관",
    "번지",
    "번길",
    "통화",
    "편성",
    "건설",
    "판사",
    "명령",
)
_UNITS = paired("""
    %p=퍼센트포인트 %포인트=퍼센트포인트 %=퍼센트 ‰=퍼밀 °C=도 °F=화씨 °=도 km/h=킬로미터_매시 km²=제곱킬로미터
    km2=제곱킬로미터 m²=제곱미터 m2=제곱미터 m³=세제곱미터 m3=세제곱미터 km=킬로미터 cm=센티미터 mm=밀리미터
    nm=나노미터 m=미터 kg=킬로그램 mg=밀리그램 g=그램 t=톤 ml=밀리리터 mL=밀리리터 L=리터 l=리터 GB=기가바이트
    MB=메가바이트 KB=킬로바이트 TB=테라바이트 GHz=기가헤르츠 MHz=메가헤르츠 Hz=헤르츠 kWh=킬로와트시 GW=기가와트
    MW=메가와트 kW=킬로와트 W=와트 mAh=밀리암페어시 dB=데시벨 km/s=킬로미터_매초 Gbps=기가비피에스 Mbps=메가비피에스
    px=픽셀 fps=에프피에스
    """)
_MONEY = {"$": "달러", "€": "유로", "£": "파운드", "¥": "엔", "₩": "원"}
_READ_AS = {
    "5G": "파이브지",
    "6G": "식스지",
    "4G": "포지",
    "4K": "포케이",
    "8K": "에이트케이",
    "3D": "쓰리디",
    "2D": "투디",
    "1+1": "원 플러스 원",
}
_IDEOGRAPHS = paired("""
    美=미국 中=중국 日=일본 韓=한국 北=북한 英=영국 獨=독일 佛=프랑스 伊=이탈리아 露=러시아 印=인도 與=여당 野=야당
    尹=윤 李=이 檢=검찰 警=경찰 靑=청와대 株=주 前=전 新=신 故=고 對=대 社=사 說=설
    """)

_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_COMPATIBLE = regex.compile(r"[\uFF01-\uFF5E\u3371-\u33FF\u2103\u2109\u2122\u2460-\u2473\u2150-\u218F\u00BC-\u00BE]+")
_OTHER_DIGIT = regex.compile(r"[\p{N}--[0-9]]", regex.VERSION1)
_FIXED = regex.compile(r"(?<![\w.])(?:" + "|".join(map(regex.escape, _READ_AS)) + r")(?![\d.A-Za-z])")
_DATE = regex.compile(r"(?<!\d)(\d{4})([-./])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)\.?")
_TIME = regex.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_RATIO = regex.compile(r"(?<=\d)\s?:\s?(?=\d)")
_TELEPHONE = regex.compile(r"(?<![\d.,])(?:0\d{1,3}|1[5-8]\d\d)(?:-\d{3,4}){1,2}(?!\d)")
_FRACTION = regex.compile(r"(?<![\d/.])(\d{1,3})/(\d{1,3})(?![\d/])")
_RANGE = regex.compile(r"(?<=[\d%만억조천월일년시분초원명개살세위층도호])\s?[~∼〜～]\s?(?=[\d$€£¥₩])")
_PRICE = regex.compile(rf"([$€£¥₩])\s?({_NUMBER})((?:\s?[백천만억조]+)*)")
# "GPT-5" is read without its hyphen, which is no minus.
_MODEL = regex.compile(r"(?<=\p{Latin})-(?=\d)")
_SIGN = regex.compile(r"(?:(?<=^)|(?<=[\s(\[,]))([-−+±])(?=\d)")
_COUNTED = regex.compile(
    rf"({_NUMBER})(\s?)("
    + "|".join(regex.escape(unit) for unit in sorted((*_SINO, *_NATIVE, "월", *_UNITS), key=len, reverse=True))
    + r")?"
)
_SIGNS = {"-": "마이너스 ", "−": "마이너스 ", "+": "플러스 ", "±": "플러스마이너스 "}
_MARKS = {
    "%": "퍼센트",
    "℃": " 도",
    "&": " 앤드 ",
    "+": " 플러스 ",
    "$": "달러",
    "€": "유로",
    "£": "파운드",
    "₩": "원",
    "=": " 은 ",
    "@": " 골뱅이 ",
}


def spell_korean(text: str) -> str:
    """The text with its digits, units and signs as Korean words; Latin words are left (korean_letters.py)."""
    text = _COMPATIBLE.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text).replace("⁄", "/")
    text = _OTHER_DIGIT.sub(_ascii_digit, text)
    text = "".join(_IDEOGRAPHS.get(character, character) for character in text)
    text = _FIXED.sub(lambda m: _READ_AS[m.group()], text)
    text = _DATE.sub(lambda m: f"{int(m[1])}년 {int(m[3])}월 {int(m[4])}일", text)
    text = _TIME.sub(_time, text)
    text = _RATIO.sub(" 대 ", text)
    text = _TELEPHONE.sub(lambda m: _one_by_one(m.group()).replace("영", "공").replace("-", " "), text)
    text = _FRACTION.sub(lambda m: f"{sino(m[2])}분의 {sino(m[1])}", text)
    text = _RANGE.sub("에서 ", text)
    text = _PRICE.sub(lambda m: f"{m[2]}{m[3]}{'' if m[1] == '₩' else ' '}{_MONEY[m[1]]}", text)
    text = _MODEL.sub(" ", text)
    text = _SIGN.sub(lambda m: _SIGNS[m[1]], text)
    text = _COUNTED.sub(_counted, text)
    return _marks(text)


def sino(number: str) -> str:
    """Sino-Korean reading of an unsigned number ("1,234.5" → "천이백삼십사 점 오")."""
    whole, _, decimals = number.replace(",", "").partition(".")
    by_digit = len(whole) > 20 or (len(whole) > 1 and whole[0] == "0")
    read = _one_by_one(whole) if by_digit else _whole(int(whole))
    return f"{read} 점 {_one_by_one(decimals)}" if decimals else read


def native(number: int) -> str:
    """Native reading of 1–99 as it stands before a counter (20 → "스무")."""
    return "스무" if number == 20 else _TENS[number // 10] + _ONES[number % 10]


def _whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    parts: list[str] = []
    for myriad in _MYRIADS:
        number, group = divmod(number, 10_000)
        if group:
            # 만, but 일억: one myriad is not counted, one of the higher ones is.
            digits = "" if group == 1 and myriad == "만" and not number else _under_myriad(group)
            parts.append(digits + myriad)
    return "".join(reversed(parts))


def _under_myriad(group: int) -> str:
    read = ""
    for place, digit in zip(_PLACES, (int(d) for d in reversed(str(group))), strict=False):
        if digit:
            read = ("" if digit == 1 and place else _DIGITS[digit]) + place + read
    return read


def _one_by_one(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] if digit.isdigit() else digit for digit in digits)


def _ascii_digit(match: Any) -> str:
    value = unicodedata.numeric(match.group(), -1.0)
    return str(int(value)) if value == int(value) and value >= 0 else " "


def _time(match: Any) -> str:
    hour, minute, second = (int(part) if part else 0 for part in match.groups())
    read = f"{hour}시" + (f" {minute}분" if minute else "")
    return read + (f" {second}초" if second else "")


def _counted(match: Any) -> str:
    number, space, unit = match.groups()
    following = match.string[match.end() : match.end() + 1]
    if unit in _UNITS and unit[-1].isascii() and unit[-1].isalpha() and following.isascii() and following.isalpha():
        return f"{sino(number)}{space}{unit}"
    if unit in _UNITS:
        return f"{sino(number)} {_UNITS[unit]}"
    value = int(number) if number.isdigit() and len(number) <= 2 else None
    if unit == "월":
        return _MONTHS.get(value or 0, sino(number) + unit) if not space else f"{sino(number)} 월"
    if unit in _NATIVE and value and value <= _NATIVE[unit]:
        return f"{'첫' if unit == '번째' and value == 1 else native(value)} {unit}"
    if unit is None and number == "1" and following in ("만", "천", "백"):
        return ""
    return str(sino(number) + (" " if "." in number and unit and not space else space) + (unit or ""))


def _marks(text: str) -> str:
    for mark, read in _MARKS.items():
        text = text.replace(mark, read)
    return str(regex.sub(r"  +", " ", text))
