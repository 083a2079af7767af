"""Days: of which days a telling speaks: "7일", "전날", "on Tuesday", "Jan. 15".

Two tellings of one event speak of one day, however late they come; the next step of a story brings its own day.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import regex

from shorts_pipeline.language.tables import listed

_SEOUL = ZoneInfo("Asia/Seoul")
_KOREAN_DATE = regex.compile(
    r"(?:(?P<month>\d{1,2})월\s*)?(?<![\d.,])(?P<day>[0-3]?\d)일(?!\s?(?:간|째|동안|만에|만의|연속|치|이내|반|차|정))"
)
_KOREAN_NEAR = {
    "그제": (-2,),
    "그저께": (-2,),
    "전날": (-1,),
    "어제": (-1,),
    "지난밤": (-1, 0),
    "간밤": (-1, 0),
    "밤사이": (-1, 0),
    "이날": (0,),
    "오늘": (0,),
    "내일": (1,),
    "모레": (2,),
}
_KOREAN_WORD = regex.compile("|".join(_KOREAN_NEAR))
_WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
_MONTHS = listed("jan feb mar apr may jun jul aug sep oct nov dec")
_ENGLISH_DATE = regex.compile(
    r"\b(?:(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s+(?P<day>[0-3]?\d)"
    r"|(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\s+(?P<month2>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*)\b",
    regex.IGNORECASE,
)
_ENGLISH_WEEKDAY = regex.compile(rf"\b(?P<day>{'|'.join(_WEEKDAYS)})\b", regex.IGNORECASE)
_ENGLISH_NEAR = {"yesterday": (-1,), "overnight": (-1, 0), "today": (0,), "tonight": (0,), "tomorrow": (1,)}
_ENGLISH_WORD = regex.compile(rf"\b(?:{'|'.join(_ENGLISH_NEAR)})\b", regex.IGNORECASE)
# "to strike Thursday", "by Friday": a day to come.
_TO_COME = regex.compile(r"\b(?:to|by|until|from|before|starting|next|will|begin\w*)\b[^.]{0,30}$", regex.IGNORECASE)


def days_of(text: str, language: str, told_at: datetime) -> frozenset[date]:
    """The days that a text names, as its reader understands them on the day it was told; none where it names none."""
    if language == "ko":
        return frozenset(_korean(text, told_at.astimezone(_SEOUL).date()))
    return frozenset(_english(text, told_at.date()))


def told_on(language: str, told_at: datetime) -> date:
    """The day on which it was told, where it was told."""
    return told_at.astimezone(_SEOUL).date() if language == "ko" else told_at.date()


def _korean(text: str, today: date) -> set[date]:
    found = set()
    for match in _KOREAN_DATE.finditer(text):
        day = _nearest(int(match["day"]), int(match["month"]) if match["month"] else None, today)
        if day:
            found.add(day)
    for match in _KOREAN_WORD.finditer(text):
        found |= {today + timedelta(days=days) for days in _KOREAN_NEAR[match.group()]}
    return found


def _english(text: str, today: date) -> set[date]:
    found = set()
    for match in _ENGLISH_DATE.finditer(text):
        month = (match["month"] or match["month2"])[:3].lower()
        day = _nearest(int(match["day"] or match["day2"]), _MONTHS.index(month) + 1, today)
        if day:
            found.add(day)
    for match in _ENGLISH_WEEKDAY.finditer(text):
        ahead = (_WEEKDAYS.index(match["day"].lower()) - today.weekday()) % 7
        if not (ahead and _TO_COME.search(text[: match.start()])):
            ahead -= 7 if ahead else 0
        found.add(today + timedelta(days=ahead))
    for match in _ENGLISH_WORD.finditer(text):
        found |= {today + timedelta(days=days) for days in _ENGLISH_NEAR[match.group().lower()]}
    return found


def _nearest(day: int, month: int | None, today: date) -> date | None:
    """The day of that number that is nearest to today, of that month where one is named; None far from today."""
    candidates = []
    for shift in range(-1, 2):
        year, index = divmod(today.year * 12 + today.month - 1 + shift, 12)
        if month is None or index + 1 == month:
            try:
                candidates.append(date(year, index + 1, day))
            except ValueError:
                continue
    near = [each for each in candidates if abs((each - today).days) <= 20]
    return min(near, key=lambda each: abs((each - today).days), default=None)
