"""English numerals: figures with their units, money, dates and times as words."""

import unicodedata
from typing import Any

import regex

from shorts_pipeline.language.tables import listed, paired

_ONES = listed("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
    """)
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion")
_ORDINALS = paired("""
    one=first two=second three=third five=fifth eight=eighth nine=ninth twelve=twelfth
    """)
MONTHS = listed("""
    January February March April May June July August September October November December
    """)
_SUFFIXES = paired("""
    k=thousand K=thousand M=million m=million mn=million B=billion bn=billion T=trillion tn=trillion
    """)
_MONEY = {
    "$": ("dollar", "dollars"),
    "€": ("euro", "euros"),
    "£": ("pound", "pounds"),
    "¥": ("yen", "yen"),
    "₩": ("won", "won"),
}
_UNITS = paired("""
    %=percent °C=degrees_Celsius °F=degrees_Fahrenheit °=degrees km/h=kilometers_an_hour mph=miles_an_hour
    km=kilometers cm=centimeters mm=millimeters nm=nanometers kg=kilograms mg=milligrams GB=gigabytes MB=megabytes
    TB=terabytes KB=kilobytes GHz=gigahertz MHz=megahertz Hz=hertz kWh=kilowatt_hours GW=gigawatts MW=megawatts
    kW=kilowatts mAh=milliamp_hours x=times ms=milliseconds
    """)

_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_COMPATIBLE = regex.compile(r"[\uFF01-\uFF5E\u2103\u2109\u2150-\u218F\u00BC-\u00BE\u2460-\u2473]+")
_OTHER_DIGIT = regex.compile(r"[\p{N}--[0-9]]", regex.VERSION1)
_DATE = regex.compile(r"(?<!\d)([12]\d{3})-(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])(?!\d)")
_TIME = regex.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])")
_MONEY_AMOUNT = regex.compile(
    rf"([$€£¥₩])\s?({_NUMBER})(?:\s?(thousand|million|billion|trillion)\b|(k|K|M|m|mn|B|bn|T|tn)(?![A-Za-z]))?"
)
_MONEY_RANGE = regex.compile(rf"([$€£])({_NUMBER}) to [$€£]{{2}}({_NUMBER})")
_ORDINAL = regex.compile(r"(?<![\d.,])(\d{1,6})(?:st|nd|rd|th)\b")
_DECADE = regex.compile(r"(?<![\d.,$€£])([12]\d)(\d)0s\b")
_FRACTION = regex.compile(r"(?<![\d/.])([1-9]\d?)/([1-9]\d?)(?![\d/])")
_RANGE = regex.compile(r"(?<=\d)\s?[–—~-]\s?(?=[$€£]?\d)")
_SIGN = regex.compile(r"(?:(?<=^)|(?<=[\s(]))[-−](?=[$€£]?\d)")
_SUFFIXED = regex.compile(rf"(?<![A-Za-z])({_NUMBER})(K|M|B|bn|T)(?![A-Za-z0-9])")
_MEASURED = regex.compile(
    rf"({_NUMBER})(\s?)("
    + "|".join(regex.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
    + r")(?![A-Za-z])"
)
_YEAR = regex.compile(r"(?<![\d.,$€£])(1[1-9]|20)(\d\d)(?!\d|[,.]\d)")
_PLAIN = regex.compile(_NUMBER)


def spell_english(text: str) -> str:
    """The text with every figure as words."""
    text = _COMPATIBLE.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text).replace("⁄", "/")
    text = _OTHER_DIGIT.sub(_ascii_digit, text)
    text = _DATE.sub(lambda m: f"{MONTHS[int(m[2]) - 1]} {ordinal(int(m[3]))}, {_year(m[1])}", text)
    text = _TIME.sub(_time, text)
    text = _FRACTION.sub(_fraction, text)
    text = _RANGE.sub(" to ", text)
    text = _SIGN.sub("minus ", text)
    text = _MONEY_RANGE.sub(lambda m: f"{cardinal(m[2])} to {m[1]}{m[3]}", text)
    text = _MONEY_AMOUNT.sub(_money, text)
    text = _ORDINAL.sub(lambda m: ordinal(int(m[1])), text)
    text = _DECADE.sub(lambda m: _decade(m[1], m[2]), text)
    text = _SUFFIXED.sub(lambda m: f"{cardinal(m[1])} {_SUFFIXES[m[2]]}", text)
    text = _MEASURED.sub(lambda m: f"{cardinal(m[1])} {_singular(_UNITS[m[3]]) if m[1] == '1' else _UNITS[m[3]]}", text)
    text = _YEAR.sub(lambda m: _apart(m, _year(m.group())), text)
    text = _PLAIN.sub(lambda m: _apart(m, cardinal(m.group())), text)
    return text.replace("%", " percent").replace(" & ", " and ")


def cardinal(number: str) -> str:
    """An unsigned number in words ("1,234.5" → "one thousand two hundred thirty-four point five")."""
    whole, _, decimals = number.replace(",", "").partition(".")
    by_digit = len(whole) > 18 or (len(whole) > 1 and whole[0] == "0")
    read = _one_by_one(whole) if by_digit else _whole(int(whole))
    return f"{read} point {_one_by_one(decimals)}" if decimals else read


def ordinal(number: int) -> str:
    """21 → "twenty-first"."""
    read = _whole(number)
    head, separator, last = read.rpartition("-") if "-" in read.split()[-1] else read.rpartition(" ")
    regular = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return head + separator + _ORDINALS.get(last, regular)


def _whole(number: int) -> str:
    if number == 0:
        return _ONES[0]
    parts: list[str] = []
    for scale in _SCALES:
        number, group = divmod(number, 1000)
        if group:
            parts.append(f"{_under_thousand(group)} {scale}".strip())
    return " ".join(reversed(parts))


def _under_thousand(group: int) -> str:
    hundreds, rest = divmod(group, 100)
    read = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, ones = divmod(rest, 10)
        read.append(_ONES[rest] if rest < 20 else _TENS[tens] + (f"-{_ONES[ones]}" if ones else ""))
    return " ".join(read)


def _one_by_one(digits: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in digits)


def _singular(unit: str) -> str:
    """1 kilometer, 1 kilowatt hour, 1 degree Celsius; percent and hertz stay."""
    first, separator, rest = unit.partition(" ")
    if first.endswith("s") and (rest or not unit.endswith("hours")) and first != "times":
        return first[:-1] + separator + rest
    return unit[:-1] if unit.endswith("hours") else unit


def _year(year: str) -> str:
    first, last = int(year[:2]), int(year[2:])
    if last == 0:
        return _whole(int(year)) if first % 10 == 0 else f"{_whole(first)} hundred"
    if first == 20 and last < 10:
        return f"two thousand {_ONES[last]}"
    return f"{_whole(first)} {'oh ' + _ONES[last] if last < 10 else _whole(last)}"


def _decade(century: str, tens: str) -> str:
    if tens == "0":
        return "two thousands" if century == "20" else f"{_whole(int(century))} hundreds"
    spoken = "tens" if tens == "1" else _TENS[int(tens)][:-1] + "ies"
    return f"{_whole(int(century))} {spoken}"


def _time(match: Any) -> str:
    hour, minute = int(match[1]), int(match[2])
    if minute == 0:
        return f"{_whole(hour)} o'clock" if 0 < hour <= 12 else f"{_whole(hour)} hundred hours"
    return f"{_whole(hour)} {'oh ' + _ONES[minute] if minute < 10 else _whole(minute)}"


def _fraction(match: Any) -> str:
    above, below = int(match[1]), int(match[2])
    named = {2: "half", 4: "quarter"}.get(below) or ordinal(below)
    return f"{_whole(above)} {named if above == 1 else named.replace('half', 'halve') + 's'}"


def _money(match: Any) -> str:
    sign, number, word, suffix = match.groups()
    one, many = _MONEY[sign]
    scale = word or _SUFFIXES.get(suffix or "")
    if scale:
        return f"{cardinal(number)} {scale} {many}"
    whole, _, cents = number.partition(".")
    if len(cents) == 2 and sign in "$€£":
        units = f"{cardinal(whole)} {one if whole == '1' else many}"
        return units if cents == "00" else f"{units} and {_whole(int(cents))} {'pence' if sign == '£' else 'cents'}"
    return f"{cardinal(number)} {one if number == '1' else many}"


def _apart(match: Any, read: str) -> str:
    """Words may not grow together with the letters a figure stood between ("GPT4o")."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return (" " if before.isalpha() else "") + read + (" " if after.isalpha() else "")


def _ascii_digit(match: Any) -> str:
    value = unicodedata.numeric(match.group(), -1.0)
    return str(int(value)) if value == int(value) and value >= 0 else " "
