"""Equal age: what an upload had come to so many days after it went public, and how it stands among the others. Pure.

YouTube counts by Pacific days, shorts go public at any hour. An age of n days is n × 24 hours: of the day in which
they end, the elapsed part of its figures is taken. By whole days, one that goes public at 23:00 Pacific would have its
first day over after an hour, and the hour of publishing would look good or bad for that alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from shorts_pipeline.performance.days import PACIFIC, pacific_day

# The first day's push, the first weekend, the first week, and what lasts.
AGES = (1, 3, 7, 28)
OLDEST_AGE = 28
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Counts:
    """Figures of one Pacific day, or of the days up to an age: views, and likes + comments + shares."""

    views: float = 0.0
    engaged: float = 0.0

    def plus(self, other: "Counts", part: float = 1.0) -> "Counts":
        """With `part` of the other's."""
        return Counts(self.views + part * other.views, self.engaged + part * other.engaged)


@dataclass(frozen=True)
class Run:
    """One upload since it went public; `days` holds only the days that are fully reported."""

    upload_id: UUID
    title: str
    published_at: datetime
    days: Mapping[date, Counts] = field(default_factory=dict)

    def at(self, age: int) -> Counts | None:
        """What it had come to `age` × 24 hours after it went public; None where a day of them is not reported."""
        end = self.published_at + age * A_DAY
        first, last = pacific_day(self.published_at), pacific_day(end)
        total = Counts()
        for number in range((last - first).days):
            counted = self.days.get(first + number * A_DAY)
            if counted is None:
                return None
            total = total.plus(counted)
        part = _elapsed(end)
        if not part:
            return total
        counted = self.days.get(last)
        return None if counted is None else total.plus(counted, part)

    def course(self) -> tuple[float, ...]:
        """Views at 1, 2, 3, … days, as far as they are reported; at most `OLDEST_AGE` of them."""
        views: list[float] = []
        for age in range(1, OLDEST_AGE + 1):
            counted = self.at(age)
            if counted is None:
                break
            views.append(counted.views)
        return tuple(views)


@dataclass(frozen=True)
class Standing:
    """An upload at one age: its views, and its percentile (0–100) in the channel; None while there is no other."""

    upload_id: UUID
    age_days: int
    views: int
    percentile: float | None


def standings(runs: Sequence[Run]) -> list[Standing]:
    """Every upload at every age of `AGES` that it has reached, compared with the channel's others at that age."""
    found: list[Standing] = []
    for age in AGES:
        reached = [(run.upload_id, round(counted.views)) for run in runs if (counted := run.at(age)) is not None]
        ranks = percentiles([views for _, views in reached])
        found += [Standing(id, age, views, rank) for (id, views), rank in zip(reached, ranks, strict=True)]
    return found


def percentiles(values: Sequence[int]) -> list[float | None]:
    """The percentile rank of each among all: the share that is less, plus half of those equal (itself too), × 100."""
    if len(values) < 2:
        return [None for _ in values]
    ordered = sorted(values)
    count = len(ordered)
    less: dict[int, int] = {}
    upto: dict[int, int] = {}
    for place, value in enumerate(ordered):
        less.setdefault(value, place)
        upto[value] = place + 1
    return [100 * (less[value] + upto[value]) / 2 / count for value in values]


def _elapsed(at: datetime) -> float:
    """Share of its Pacific day that has passed at an instant, in [0, 1); the day may have 23 or 25 hours."""
    day = pacific_day(at)
    begin, end = (datetime.combine(one, time(), tzinfo=PACIFIC).timestamp() for one in (day, day + A_DAY))
    return (at.timestamp() - begin) / (end - begin)
