"""Fitting: the weights of topics/same_story.json from the tuning half, and what they are worth on families left out.

They are learned from the labelled pairs, and from what production asks about most: the nearest neighbours that tell
another story, in the same language and across, and a few strangers. Of the neighbours a few may be one story that
nobody labelled.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from labelled import Pair
from numpy.typing import NDArray

from shorts_pipeline.database.documents.topic_config import DuplicateSettings
from shorts_pipeline.resources.models.embedder import SentenceTransformerEmbedder, Thresholds
from shorts_pipeline.topics import likelihood
from shorts_pipeline.topics.features import compare
from shorts_pipeline.topics.same_story import near_same_title, same_story
from shorts_pipeline.topics.telling import Telling

NEIGHBOURS, NEIGHBOURS_ACROSS, STRANGERS, FOLDS, REPEATS = 8, 5, 2, 8, 3
WEIGHT_OF_A_NEIGHBOUR, RIDGE = 0.3, 0.1
HOURS_APART = (0.5, 3.0, 8.0, 20.0, 30.0)
WRITTEN = Path(likelihood.__file__).with_name(likelihood.FILE)


@dataclass(frozen=True)
class Sample:
    """Pairs as features: those of the tuning half, and neighbours from different stories."""

    features: list[dict[str, float]]
    same: NDArray[np.bool_]
    families: NDArray[Any]
    neighbours: list[dict[str, float]]
    neighbour_families: NDArray[Any]


class Model:
    """A logistic model over named features, with a ridge on standardised values."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)

    def fit(self, rows: Sequence[dict[str, float]], same: NDArray[np.bool_], weights: NDArray[Any]) -> "Model":
        """Choose the weights."""
        from sklearn.linear_model import LogisticRegression

        values = self._matrix(rows)
        mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
        found = LogisticRegression(C=RIDGE, max_iter=3_000).fit((values - mean) / spread, same, sample_weight=weights)
        self.weights = found.coef_[0] / spread
        self.intercept = float(found.intercept_[0] - (self.weights * mean).sum())
        return self

    def probability(self, rows: Sequence[dict[str, float]]) -> NDArray[Any]:
        """How likely each row is one story."""
        chance: NDArray[Any] = 1 / (1 + np.exp(-(self._matrix(rows) @ self.weights + self.intercept)))
        return chance

    def as_data(self) -> dict[str, float]:
        """As likelihood.py reads them."""
        found = {name: round(float(value), 3) for name, value in zip(self.names, self.weights, strict=True)}
        return {"intercept": round(self.intercept, 3)} | found

    def _matrix(self, rows: Sequence[dict[str, float]]) -> NDArray[Any]:
        return np.array([[row.get(name, 0.0) for name in self.names] for row in rows])


def fit(pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder) -> str:
    """Choose the weights on everything and write them; where the model's cosines lie, as Python."""
    thresholds = _typical(pairs, embedder)
    sample = _sample(pairs, embedder, thresholds)
    chosen = _model(sample, np.ones(len(pairs), bool), np.ones(len(sample.neighbours), bool))
    WRITTEN.write_text(json.dumps(chosen.as_data(), indent=1) + "\n", encoding="utf-8")
    return repr(thresholds)


def cross_validated(pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder) -> NDArray[np.bool_]:
    """What the whole path says of each pair when its family was left out of the fitting."""
    settings = DuplicateSettings()
    vectors = _vectors(pairs, embedder)
    sample = _sample(pairs, embedder, embedder.thresholds)
    chance = _held_out(sample)
    said = []
    for pair, likely in zip(pairs, chance, strict=True):
        one, other = pair.one, pair.other
        if one.content_hash == other.content_hash or near_same_title(one, other, settings) is not None:
            said.append(True)
        elif one.lead or other.lead:
            said.append(bool(likely >= settings.same_event))
        else:
            cosine = float(vectors[one.id] @ vectors[other.id])
            said.append(same_story(one, other, cosine, settings, embedder.thresholds) is not None)
    return np.array(said)


def _held_out(sample: Sample) -> NDArray[Any]:
    """Mean probability over several divisions into folds by family."""
    chance = np.zeros(len(sample.same))
    for seed in range(REPEATS):
        names = np.unique(sample.families)
        np.random.default_rng(seed).shuffle(names)
        fold_of = {family: index % FOLDS for index, family in enumerate(names)}
        folds = np.array([fold_of[family] for family in sample.families])
        sides = np.array([[fold_of[family] for family in both] for both in sample.neighbour_families])
        for fold in range(FOLDS):
            model = _model(sample, folds != fold, (sides != fold).all(axis=1))
            held = folds == fold
            rows = [row for row, out in zip(sample.features, held, strict=True) if out]
            chance[held] += model.probability(rows) / REPEATS
    return chance


def _model(sample: Sample, used: NDArray[np.bool_], used_neighbours: NDArray[np.bool_]) -> Model:
    rows = [row for row, inside in zip(sample.features, used, strict=True) if inside]
    apart = [row for row, inside in zip(sample.neighbours, used_neighbours, strict=True) if inside]
    same = np.append(sample.same[used], np.zeros(len(apart), bool))
    weights = np.append(np.ones(len(rows)), np.full(len(apart), WEIGHT_OF_A_NEIGHBOUR))
    names = sorted({name for row in sample.features for name in row})
    return Model(names).fit([*rows, *apart], same, weights)


def _sample(pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder, thresholds: Thresholds) -> Sample:
    vectors = _vectors(pairs, embedder)
    family = {each.id: pair.family for pair in pairs for each in (pair.one, pair.other)}
    told = {each.id: each for pair in pairs for each in (pair.one, pair.other)}

    def features(one: Telling, other: Telling) -> dict[str, float]:
        return compare(one, other, float(vectors[one.id] @ vectors[other.id]), thresholds).features

    chance = np.random.default_rng(2)
    neighbours, families = [], []
    for one, other in _neighbours(list(told.values()), vectors, family):
        moved = replace(other, told_at=one.told_at - timedelta(hours=float(chance.choice(HOURS_APART))))
        neighbours.append(features(one, moved))
        families.append((family[one.id], family[other.id]))
    return Sample(
        [features(pair.one, pair.other) for pair in pairs],
        np.array([pair.same for pair in pairs]),
        np.array([pair.family for pair in pairs]),
        neighbours,
        np.array(families),
    )


def _neighbours(
    everybody: Sequence[Telling], vectors: dict[Any, Any], family: dict[Any, str]
) -> Iterator[tuple[Telling, Telling]]:
    """Each telling beside the nearest of other families, in its own language and in the other, and beside strangers."""
    chance = np.random.default_rng(3)
    rows = np.array([vectors[each.id] for each in everybody])
    languages, families = np.array([each.language for each in everybody]), np.array([family[e.id] for e in everybody])
    for index, (one, near) in enumerate(zip(everybody, rows @ rows.T, strict=True)):
        for across, most in ((False, NEIGHBOURS), (True, NEIGHBOURS_ACROSS)):
            fits = (families != families[index]) & ((languages != languages[index]) == across)
            yield from ((one, everybody[other]) for other in [each for each in np.argsort(-near) if fits[each]][:most])
        strangers = chance.choice(np.flatnonzero(families != families[index]), STRANGERS, replace=False)
        yield from ((one, everybody[other]) for other in strangers)


def _vectors(pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder) -> dict[Any, Any]:
    told = {each.id: each.embedded for pair in pairs for each in (pair.one, pair.other)}
    return dict(zip(told, embedder.embed(list(told.values())), strict=True))


def _typical(pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder) -> Thresholds:
    vectors = _vectors(pairs, embedder)
    cosines: dict[bool, list[float]] = {True: [], False: []}
    for pair in pairs:
        across = pair.one.language != pair.other.language
        cosines[across].append(float(vectors[pair.one.id] @ vectors[pair.other.id]))
    means = {across: float(np.mean(values)) for across, values in cosines.items()}
    return replace(
        embedder.thresholds,
        typical=round(means[False], 3),
        typical_across=round(means[True], 3),
        spread=round(float(np.std(cosines[False])), 3),
    )
