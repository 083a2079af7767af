"""Schedule: when a short goes public. Pure: rules, what is taken, now → slots.

Hours are the channel's own best ones, golden hours until there are enough figures, any allowed hour where those do not
suffice for a whole day. A slot is a full hour in the channel's zone; one that a change of clocks leaves out is none.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shorts_pipeline.database import WeekdayClass
from shorts_pipeline.database.documents import OperationConfig
from shorts_pipeline.database.publishing_time import BAND_HOURS, CONFIDENT

HORIZON = timedelta(days=60)
# Room for review, upload and processing before a slot.
NOTICE = timedelta(minutes=30)
SATURDAY = 5
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class BestBand:
    """Three hours of a kind of day, and how far the channel's figures speak for it."""

    weekday: WeekdayClass
    hour: int
    score: float
    confidence: float


@dataclass(frozen=True)
class Rules:
    """A channel's rules for its slots. Hours are local, best first: `hours` by kind of day, then `other_hours`."""

    zone: ZoneInfo
    hours: dict[WeekdayClass, tuple[int, ...]]
    other_hours: tuple[int, ...]
    preferred_days: frozenset[int]
    target_a_day: int
    most_a_day: int
    first_hour: int
    last_hour: int
    least_between: timedelta


def rules_of(operation: OperationConfig, bands: Sequence[BestBand] = ()) -> Rules:
    """The rules of a channel's file, its measured bands before its golden hours."""
    uploads = operation.uploads
    allowed = range(uploads.first_hour, uploads.last_hour + 1)
    golden = [hour for hour in uploads.golden_hours if hour in allowed]
    return Rules(
        zone=ZoneInfo(operation.timezone),
        hours={kind: _best(bands, kind, golden, allowed) for kind in WeekdayClass},
        other_hours=tuple(sorted(allowed, key=lambda hour: (min((abs(hour - g) for g in golden), default=0), hour))),
        preferred_days=frozenset(_WEEKDAYS.index(day) for day in uploads.preferred_days),
        target_a_day=uploads.target_a_day,
        most_a_day=uploads.most_a_day,
        first_hour=uploads.first_hour,
        last_hour=uploads.last_hour,
        least_between=timedelta(hours=uploads.least_hours_between),
    )


def why(operation: OperationConfig, bands: Sequence[BestBand], at: datetime) -> str:
    """Why a slot was taken, in words: its channel's own figures, a golden hour of its file, or that it was free."""
    local = at.astimezone(ZoneInfo(operation.timezone))
    kind = WeekdayClass.WEEKEND if local.weekday() >= SATURDAY else WeekdayClass.WEEKDAY
    when = f"{local:%a %H:%M} {operation.timezone}"
    for band in bands:
        if band.weekday is kind and 0 <= local.hour - band.hour < BAND_HOURS and band.confidence >= CONFIDENT:
            hours = f"{kind} {band.hour:02d}–{band.hour + BAND_HOURS:02d}"
            return f"{when}: measured {hours}, score {band.score:.2f}, confidence {band.confidence:.2f}"
    golden = local.hour in operation.uploads.golden_hours
    return f"{when}: a golden hour of its file" if golden else f"{when}: free and allowed"


def slots(rules: Rules, *, taken: Iterable[datetime], now: datetime, count: int) -> list[datetime]:
    """Up to `count` free slots from now on, earliest first; fewer where the horizon has no more."""
    used, found = list(taken), list[datetime]()
    if rules.target_a_day == 0:
        return []
    for day in _days(rules, now):
        for at in _of_day(rules, day, today=day == local_day(now, rules.zone)):
            if len(found) == count:
                return sorted(found)
            if _free(rules, at, used, now + NOTICE, rules.target_a_day):
                used.append(at)
                found.append(at)
    return sorted(found)


def made_up(rules: Rules, *, taken: Sequence[datetime], now: datetime) -> datetime | None:
    """What a missed slot becomes: now where the rules allow it, else the next free slot; None: nothing is free."""
    local = now.astimezone(rules.zone)
    if rules.first_hour <= local.hour <= rules.last_hour and _free(rules, now, taken, now, rules.most_a_day):
        return now
    return next(iter(slots(rules, taken=taken, now=now, count=1)), None)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The day of an instant in the channel's zone."""
    return at.astimezone(zone).date()


def _best(
    bands: Sequence[BestBand], kind: WeekdayClass, golden: Sequence[int], allowed: Sequence[int]
) -> tuple[int, ...]:
    own = sorted((b for b in bands if b.weekday is kind and b.confidence >= CONFIDENT), key=lambda b: -b.score)
    best = [hour for band in own if (hour := _hour_in(band, golden, allowed)) is not None]
    return tuple(dict.fromkeys([*best, *golden]))


def _hour_in(band: BestBand, golden: Sequence[int], allowed: Sequence[int]) -> int | None:
    """The band's hour: a golden one, else its middle, else whichever is allowed."""
    inside = range(band.hour, band.hour + BAND_HOURS)
    wanted = [*(hour for hour in golden if hour in inside), band.hour + 1, *inside]
    return next((hour for hour in wanted if hour in allowed), None)


def _days(rules: Rules, now: datetime) -> Iterator[date]:
    """Local days from today on, week by week; within a week the preferred ones first."""
    today = local_day(now, rules.zone)
    for week in range(0, HORIZON.days, 7):
        days = [today + timedelta(days=week + n) for n in range(7)]
        yield from sorted(days, key=lambda day: (day.weekday() not in rules.preferred_days, day))


def _of_day(rules: Rules, day: date, *, today: bool) -> Iterator[datetime]:
    """The day's hours as instants, best first. When today's best are over, tomorrow's are better than today's rest."""
    kind = WeekdayClass.WEEKEND if day.weekday() >= SATURDAY else WeekdayClass.WEEKDAY
    best = rules.hours[kind]
    for hour in best if best and today else dict.fromkeys([*best, *rules.other_hours]):
        local = datetime.combine(day, time(hour), tzinfo=rules.zone)
        at = local.astimezone(UTC)
        # An hour that the clocks jump over does not come back as itself.
        if at.astimezone(rules.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            yield at


def _free(rules: Rules, at: datetime, used: Sequence[datetime], earliest: datetime, most: int) -> bool:
    if at < earliest or any(abs(at - other) < rules.least_between for other in used):
        return False
    day = local_day(at, rules.zone)
    a_day = Counter(local_day(other, rules.zone) for other in used)
    return a_day[day] < most
