"""Simulated channels: sixty shorts with log-normal views, and where one hour is twice as good."""

import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shorts_pipeline.database import WeekdayClass
from shorts_pipeline.database.publishing_time import CONFIDENT
from shorts_pipeline.performance.bands import BAND_STARTS, Published, band_of, measured_bands

MONDAY = datetime(2026, 1, 5, tzinfo=ZoneInfo("Asia/Seoul"))
# The bands that a channel's default hours (7 to 22) and golden hours lie in, and all there are.
ALLOWED = (6, 9, 12, 15, 18, 21)
GOLDEN = (6, 12, 18, 21)
ALL = BAND_STARTS
Cell = tuple[WeekdayClass, int]


def a_simulated_channel(
    chance: random.Random, *, better: int | Cell | None, count: int = 60, hours: Sequence[int] = ALLOWED
) -> list[Published]:
    """One short a day in a band of `hours`, at any minute of it. Views: log-normal, σ = 1.

    `better`, a band of all days or of one kind of day, is twice as good. Engagement is noise that knows nothing of it.
    """
    published = []
    for number in range(count):
        at = MONDAY + timedelta(
            days=number, hours=chance.choice(hours) + chance.randrange(3), minutes=chance.randrange(60)
        )
        cell = band_of(at)
        effect = math.log(2) if better in (cell, cell[1]) else 0.0
        views = round(chance.lognormvariate(math.log(2500) + effect, 1.0))
        published.append(Published(at, views, chance.betavariate(5, 95)))
    return published


def band_found(trials: int, *, seed: int, hours: Sequence[int] = ALLOWED) -> float:
    """In which share of channels the band that is better on all days is among the best three."""
    found = 0
    for trial in range(trials):
        chance = random.Random(f"band {seed} {trial}")
        better = chance.choice(hours)
        bands = measured_bands(a_simulated_channel(chance, better=better, hours=hours))
        found += better in list(dict.fromkeys(band.hour for band in bands))[:3]
    return found / trials


def cell_found(trials: int, *, seed: int, hours: Sequence[int] = ALLOWED) -> float:
    """In which share the band that is better on one kind of day only is among the best three of that kind of day."""
    found = 0
    for trial in range(trials):
        chance = random.Random(f"cell {seed} {trial}")
        kind, hour = chance.choice(list(WeekdayClass)), chance.choice(hours)
        bands = measured_bands(a_simulated_channel(chance, better=(kind, hour), hours=hours))
        found += hour in [band.hour for band in bands if band.weekday is kind][:3]
    return found / trials


def confidence_claimed(trials: int, *, seed: int, hours: Sequence[int] = ALLOWED) -> float:
    """In which share of channels without any effect some band is called confident."""
    claimed = 0
    for trial in range(trials):
        bands = measured_bands(a_simulated_channel(random.Random(f"none {seed} {trial}"), better=None, hours=hours))
        claimed += any(band.confidence >= CONFIDENT for band in bands)
    return claimed / trials
