"""Dates: a moment as feeds, APIs and boards write it: ISO 8601, RFC 822, epoch, 2026.03.02 09:12, 5분 전."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"\d{9,10}(?:\.\d{1,9})?")
_MILLISECONDS = re.compile(r"\d{13}(?:\.0)?")
_CLOCK = r"(?:(오전|오후|AM|PM)\s*)?(\d{1,2})\s*[:시]\s*(\d{1,2})?(?:\s*[:분]\s*(\d{1,2})?)?초?\s*(AM|PM)?"
_DAY = re.compile(
    rf"(?:(\d{{4}})\s*[-./년]\s*)?(\d{{1,2}})\s*[-./월]\s*(\d{{1,2}})\s*[.일]?(?:\D{{0,8}}?{_CLOCK})?", re.I
)
_TODAY = re.compile(_CLOCK, re.I)
_AGO = re.compile(
    r"(?<![A-Za-z\d])(\d{1,4}|an?)\s*(초|분|시간|일|주|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?)"
    r"\s*(?:전|ago)",
    re.I,
)
_UNITS = {
    "초": "seconds", "s": "seconds", "분": "minutes", "m": "minutes", "시간": "hours", "h": "hours",
    "일": "days", "d": "days", "주": "weeks", "w": "weeks",
}  # fmt: skip
_IN_WORDS = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y")
_NOON = 12


def iso(written: str) -> datetime | None:
    """ISO 8601; naive where no zone is written."""
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def rfc822(written: str) -> datetime | None:
    """RFC 822 and its descendants; naive where no zone is written."""
    try:
        # "-0000" is UTC from a place that is not told; the library calls it naive.
        return parsedate_to_datetime(re.sub(r"-0000$", "+0000", written))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def epoch(written: str) -> datetime | None:
    """Seconds or, with 13 digits, milliseconds since 1970."""
    try:
        if _SECONDS.fullmatch(written):
            return datetime.fromtimestamp(float(written), UTC)
        if _MILLISECONDS.fullmatch(written):
            return datetime.fromtimestamp(float(written) / 1_000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def as_on_a_page(written: str, now: datetime, zone: tzinfo) -> datetime | None:
    """As people's pages write it: how long ago, a day with dots, a day without its year, an hour of today.

    What leaves out its year or day is the latest such moment before `now`.
    """
    try:
        return _ago(written, now) or _day(written, now, zone) or _hour(written, now, zone) or _in_words(written, zone)
    except (ValueError, OverflowError):
        return None


def _ago(written: str, now: datetime) -> datetime | None:
    found = _AGO.search(written)
    if found is None:
        return None
    unit = _UNITS.get(found[2]) or _UNITS[found[2][0].lower()]
    return now - timedelta(**{unit: int(found[1]) if found[1].isdigit() else 1})


def _day(written: str, now: datetime, zone: tzinfo) -> datetime | None:
    found = _DAY.fullmatch(written.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups()[:3])
    hour, minute, second = _of_clock(found.groups()[3:])
    here = now.astimezone(zone)
    moment = datetime(year or here.year, month, day, hour, minute, second, tzinfo=zone)
    return moment.replace(year=moment.year - 1) if not year and moment > here + timedelta(days=1) else moment


def _hour(written: str, now: datetime, zone: tzinfo) -> datetime | None:
    found = _TODAY.fullmatch(written.strip())
    if found is None:
        return None
    hour, minute, second = _of_clock(found.groups())
    here = now.astimezone(zone)
    moment = here.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return moment if moment <= here else moment - timedelta(days=1)


def _in_words(written: str, zone: tzinfo) -> datetime | None:
    for form in _IN_WORDS:
        with suppress(ValueError):
            return datetime.strptime(written.strip(), form).replace(tzinfo=zone)
    return None


def _of_clock(parts: tuple[str | None, ...]) -> tuple[int, int, int]:
    before, hour, minute, second, after = parts
    noon = (before or after or "").upper()
    hours = int(hour or 0)
    if noon in {"오후", "PM"} and hours < _NOON:
        hours += _NOON
    elif noon in {"오전", "AM"} and hours == _NOON:
        hours = 0
    return hours, int(minute or 0), int(second or 0)
