"""Bands: how well each three-hour band of a kind of day does, from what was published in it. Pure numbers.

Views count 60 %, engagement 40 %, both as times the channel's own mean, in logarithms: twice the views weigh 60 % and
twice the engagement 40 %. (In standard deviations, an engagement that hardly varies would count as much as views that
vary tenfold.) Few samples pull a band towards the mean; a band of one kind of day leans on the same hours of all days.
Confidence is what is left of 1 after the chance of seeing so much by luck in any band.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log, log1p, sqrt
from statistics import NormalDist, fmean, pstdev

from shorts_pipeline.database import WeekdayClass
from shorts_pipeline.database.publishing_time import BAND_HOURS

BAND_STARTS = tuple(range(0, 24, BAND_HOURS))
VIEWS_SHARE = 0.6
ENGAGEMENT_SHARE = 0.4
# A band is believed half where it has this many samples; one kind of day in it, which splits them, later.
BELIEVED_HALF_AT = 4.0
DAY_BELIEVED_HALF_AT = 6.0
# An engagement rate rests on its views and on this many more at the channel's usual rate: 1 of 2 is not 50 %.
BELIEVED_VIEWS = 100.0
LEAST_SAMPLES = 10
SATURDAY = 5


@dataclass(frozen=True)
class Published:
    """One upload: when it went public, in the channel's time zone, and what it came to at equal age."""

    at: datetime
    views: int
    engagement_rate: float


@dataclass(frozen=True, order=True)
class Band:
    """One cell of the week; `hour` is the first of three, score and confidence are 0–1."""

    weekday: WeekdayClass
    hour: int
    score: float
    confidence: float
    samples: int


def band_of(at: datetime) -> tuple[WeekdayClass, int]:
    """The kind of day and first hour of the band of a local time."""
    day, hour = weekday_and_band(at)
    return (WeekdayClass.WEEKEND if day >= SATURDAY else WeekdayClass.WEEKDAY), hour


def weekday_and_band(at: datetime) -> tuple[int, int]:
    """The weekday (Monday is 0) and first hour of the band of a local time."""
    return at.weekday(), at.hour // BAND_HOURS * BAND_HOURS


def measured_bands(published: Sequence[Published]) -> list[Band]:
    """Every band of both kinds of day, best first; empty with fewer than `LEAST_SAMPLES`."""
    if len(published) < LEAST_SAMPLES:
        return []
    values = _standing(published)
    by_hour: dict[int, list[float]] = {}
    by_cell: dict[tuple[WeekdayClass, int], list[float]] = {}
    for one, value in zip(published, values, strict=True):
        kind, hour = band_of(one.at)
        by_hour.setdefault(hour, []).append(value)
        by_cell.setdefault((kind, hour), []).append(value)
    spread = pstdev(values) or 1.0
    hours = {hour: _shrunk(found, BELIEVED_HALF_AT) for hour, found in by_hour.items()}
    trust = {hour: _confidence(found, spread, tried=len(by_hour)) for hour, found in by_hour.items()}
    bands = []
    for kind in WeekdayClass:
        for hour in BAND_STARTS:
            found = by_cell.get((kind, hour), [])
            base = hours.get(hour, 0.0)
            own = base + _shrunk([value - base for value in found], DAY_BELIEVED_HALF_AT)
            score = NormalDist().cdf(own / spread)
            bands.append(Band(kind, hour, round(score, 6), trust.get(hour, 0.0) if found else 0.0, len(found)))
    return sorted(bands, key=lambda band: (-band.score, -band.samples, band.weekday, band.hour))


def golden_bands(hours: Sequence[int], samples: int = 0) -> list[Band]:
    """The bands of the channel's golden hours, in their order, while there are too few figures: confidence 0."""
    starts = list(dict.fromkeys(hour // BAND_HOURS * BAND_HOURS for hour in hours))
    scores = {start: round(0.5 + 0.5 * (len(starts) - place) / len(starts), 6) for place, start in enumerate(starts)}
    bands = [Band(kind, hour, scores.get(hour, 0.0), 0.0, samples) for kind in WeekdayClass for hour in BAND_STARTS]
    return sorted(bands, key=lambda band: (-band.score, band.weekday, band.hour))


def _standing(published: Sequence[Published]) -> list[float]:
    """Each upload against the channel's mean: the logarithm of (views × so much)^0.6 · (engagement × so much)^0.4."""
    views = _around_their_mean([log1p(one.views) for one in published])
    engagement = _around_their_mean(_log_engagement(published))
    return [VIEWS_SHARE * v + ENGAGEMENT_SHARE * e for v, e in zip(views, engagement, strict=True)]


def _log_engagement(published: Sequence[Published]) -> list[float]:
    seen = sum(one.views for one in published)
    usual = sum(one.views * one.engagement_rate for one in published) / seen if seen else 0.0
    if not usual:
        return [0.0 for _ in published]
    return [
        log((one.views * one.engagement_rate + BELIEVED_VIEWS * usual) / (one.views + BELIEVED_VIEWS))
        for one in published
    ]


def _around_their_mean(values: Sequence[float]) -> list[float]:
    mean = fmean(values)
    return [value - mean for value in values]


def _shrunk(values: Sequence[float], believed_half_at: float) -> float:
    return sum(values) / (len(values) + believed_half_at)


def _confidence(values: Sequence[float], spread: float, *, tried: int) -> float:
    """1 minus the chance that the best of `tried` bands does this well by luck (Bonferroni); never below 0."""
    by_luck = 1 - NormalDist().cdf(fmean(values) * sqrt(len(values)) / spread)
    return round(max(0.0, 1 - tried * by_luck), 6)
