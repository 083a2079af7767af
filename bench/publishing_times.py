"""How often the better publishing time is found, and how often luck is taken for one, on simulated channels.

Run: `python bench/publishing_times.py [--trials 2000]`

60 shorts a channel, log-normal views with σ = 1, one band twice as good, engagement that is only noise. Hours: those a
channel's file allows by default (7 to 22), its golden hours, all 24. Bands better on all days, and on one kind of day.
The cell of one kind of day has 2 to 11 shorts: how often the plain mean of its log views, without any engagement,
would find it is the peer. One JSON line a figure; 1 is returned when a target is missed.
"""

import argparse
import json
import math
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from shorts_pipeline.database import WeekdayClass
from shorts_pipeline.performance.bands import band_of

# The tests' simulated channels are what is measured with: they lie beside, not in the package.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shorts_pipeline_tests.performance.simulated import (
    ALL,
    ALLOWED,
    GOLDEN,
    a_simulated_channel,
    band_found,
    cell_found,
    confidence_claimed,
)

LEAST_FOUND = 0.85
MOST_CLAIMED = 0.10
SEED = 2026


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=2000)
    trials = parser.parse_args().trials
    fine = True
    for name, hours in (("allowed", ALLOWED), ("golden", GOLDEN), ("all_day", ALL)):
        found = band_found(trials, seed=SEED, hours=hours)
        fine &= _print(f"band_in_top_3_{name}", found, LEAST_FOUND, found >= LEAST_FOUND)
        claimed = confidence_claimed(trials, seed=SEED, hours=hours)
        fine &= _print(f"claimed_without_effect_{name}", claimed, MOST_CLAIMED, claimed <= MOST_CLAIMED)
        cell = cell_found(trials, seed=SEED, hours=hours)
        peer = _plain_mean_found(trials, hours)
        # A ratio to the peer: what so few shorts cannot tell, nothing can.
        _print(f"one_kind_of_day_in_its_top_3_{name}", cell, None, True)
        fine &= _print(f"one_kind_of_day_to_plain_mean_{name}", cell / peer, 0.85, cell / peer >= 0.85)
    return 0 if fine else 1


def _plain_mean_found(trials: int, hours: Sequence[int]) -> float:
    """As `cell_found`, by the mean log views of each band of that kind of day."""
    found = 0
    for trial in range(trials):
        chance = random.Random(f"cell {SEED} {trial}")
        kind, hour = chance.choice(list(WeekdayClass)), chance.choice(hours)
        views: dict[int, list[float]] = {}
        for one in a_simulated_channel(chance, better=(kind, hour), hours=hours):
            if band_of(one.at)[0] is kind:
                views.setdefault(band_of(one.at)[1], []).append(math.log1p(one.views))
        best = sorted(views, key=lambda band: -fmean(views[band]))
        found += hour in best[:3]
    return found / trials


def _print(name: str, value: float, target: float | None, ok: bool) -> bool:
    figure = {"name": f"publishing_times_{name}", "value": round(value, 4), "unit": "share", "target": target}
    print(json.dumps({**figure, "ok": ok}), flush=True)
    return ok


if __name__ == "__main__":
    sys.exit(main())
