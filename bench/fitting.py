"""Fitting: the weights of topics/weights.py from the tuning half, and what they are worth on families left out.

Logistic models with a ridge and with signs: a shared name may only speak for one story, a different figure only
against, whatever the sample says. Where a sign would be a guess it is left open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
from labelled import Pair
from numpy.typing import NDArray

from shorts_pipeline.database.documents.topic_config import DuplicateSettings
from shorts_pipeline.language.tables import listed
from shorts_pipeline.resources.models.embedder import SentenceTransformerEmbedder, Thresholds
from shorts_pipeline.topics.features import compare
from shorts_pipeline.topics.same_story import near_same_title, same_story
from shorts_pipeline.topics.telling import Telling
from shorts_pipeline.topics.weights import LEAST, LEAST_ACROSS

RELATED = listed("""
    nearness words words_mean title_words keywords names no_name_shared no_title_name_shared figures
    concepts concepts_share concepts_across without_lead across english
""")
UNCHANGED = listed("""
    nearness words words_mean title_words title_words_both title_words_alone frame frame_refilled
    title_letters keywords opposites names no_name_shared no_title_name_shared figures figures_differ
    title_figures_differ magnitude_differs new_title_figures same_day other_day looks_back concepts
    concepts_share concepts_across new_steps steps_apart follows follows_later hours hours_across
    without_lead across english
""")
FOR = frozenset(
    listed("""
    nearness words words_mean keywords names figures same_day looks_back concepts concepts_share
    concepts_across
""")
)
AGAINST = frozenset(
    listed("""
    title_words_alone frame_refilled opposites no_name_shared no_title_name_shared figures_differ
    title_figures_differ magnitude_differs new_title_figures other_day new_steps steps_apart
    follows_later hours
""")
)
NEIGHBOURS, FOLDS, REPEATS = 6, 8, 5
RIDGE_RELATED, RIDGE_UNCHANGED, WEIGHT_SAME = 0.003, 0.006, 8.0
HOURS_APART = (0.5, 3.0, 8.0, 20.0, 30.0)


@dataclass(frozen=True)
class Sample:
    """Pairs as features: those of the tuning half, and neighbours from different stories."""

    features: list[dict[str, float]]
    same: NDArray[np.bool_]
    families: NDArray[Any]
    neighbours: list[dict[str, float]]
    neighbour_families: NDArray[Any]


class Logistic:
    """Logistic regression with a ridge on standardised features and signs; numpy and L-BFGS."""

    def __init__(self, names: Sequence[str], ridge: float) -> None:
        self.names, self.ridge = list(names), ridge

    def fit(self, rows: Sequence[dict[str, float]], same: NDArray[np.bool_], weights: NDArray[Any]) -> "Logistic":
        """Choose the weights."""
        from scipy.optimize import minimize

        values = self._matrix(rows)
        mean, spread = np.average(values, axis=0, weights=weights), values.std(axis=0) + 1e-6
        scaled, sign, share = (values - mean) / spread, np.where(same, 1.0, -1.0), weights / weights.sum()

        def loss(point: NDArray[Any]) -> tuple[float, NDArray[Any]]:
            margin = sign * (scaled @ point[:-1] + point[-1])
            value = (share * np.logaddexp(0, -margin)).sum() + self.ridge * (point[:-1] ** 2).sum() / 2
            slope = -sign * share / (1 + np.exp(np.minimum(margin, 500)))
            return value, np.append(scaled.T @ slope + self.ridge * point[:-1], slope.sum())

        bounds = [
            (0 if name in FOR else None, 0 if name in AGAINST else None) for name in self.names
        ] + [(None, None)]  # fmt: skip
        found = minimize(loss, np.zeros(len(bounds)), jac=True, bounds=bounds, method="L-BFGS-B").x
        self.weights = found[:-1] / spread
        self.intercept = float(found[-1] - (self.weights * mean).sum())
        return self

    def probability(self, rows: Sequence[dict[str, float]]) -> NDArray[Any]:
        """How likely each row is."""
        chance: NDArray[Any] = 1 / (1 + np.exp(-(self._matrix(rows) @ self.weights + self.intercept)))
        return chance

    def constants(self) -> dict[str, float]:
        """The weights as they are written down; those that came to nothing are left out."""
        found = {name: round(float(value), 3) for name, value in zip(self.names, self.weights, strict=True)}
        return {"intercept": round(self.intercept, 3)} | {name: value for name, value in found.items() if value}

    def _matrix(self, rows: Sequence[dict[str, float]]) -> NDArray[Any]:
        return np.array([[row.get(name, 0.0) for name in self.names] for row in rows])


def fit(pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder) -> str:
    """The constants, as Python: where the model's cosines lie, and the weights."""
    thresholds = _typical(pairs, embedder)
    sample = _sample(pairs, embedder, thresholds)
    everything = np.ones(len(pairs), bool), np.ones(len(sample.neighbours), bool)
    lines = [repr(thresholds)]
    for name, model in zip(("RELATED", "UNCHANGED"), _models(sample, *everything), strict=True):
        inside = "".join(f"    {key!r}: {value!r},\n" for key, value in model.constants().items())
        lines.append(f"{name} = {{\n{inside}}}".replace("'", '"'))
    return "\n".join(lines)


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
            said.append(bool(likely >= (LEAST_ACROSS if one.language != other.language else LEAST)))
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
            related, unchanged = _models(sample, folds != fold, (sides != fold).all(axis=1))
            held = folds == fold
            rows = [row for row, out in zip(sample.features, held, strict=True) if out]
            chance[held] += related.probability(rows) * unchanged.probability(rows) / REPEATS
    return chance


def _models(sample: Sample, used: NDArray[np.bool_], used_neighbours: NDArray[np.bool_]) -> tuple[Logistic, Logistic]:
    rows = [row for row, inside in zip(sample.features, used, strict=True) if inside]
    same = sample.same[used]
    apart = [row for row, inside in zip(sample.neighbours, used_neighbours, strict=True) if inside]
    told_twice = [row for row, each in zip(rows, same, strict=True) if each]
    labels = np.array([True] * len(told_twice) + [False] * len(apart))
    related = Logistic(RELATED, RIDGE_RELATED).fit([*told_twice, *apart], labels, np.where(labels, WEIGHT_SAME, 1.0))
    return related, Logistic(UNCHANGED, RIDGE_UNCHANGED).fit(rows, same, np.ones(len(rows)))


def _sample(pairs: Sequence[Pair], embedder: SentenceTransformerEmbedder, thresholds: Thresholds) -> Sample:
    vectors = _vectors(pairs, embedder)
    family = {each.id: pair.family for pair in pairs for each in (pair.one, pair.other)}
    told = {each.id: each for pair in pairs for each in (pair.one, pair.other)}

    def features(one: Telling, other: Telling) -> dict[str, float]:
        return compare(one, other, float(vectors[one.id] @ vectors[other.id]), thresholds).features

    everybody = list(told.values())
    rows = np.array([vectors[each.id] for each in everybody])
    cosines = rows @ rows.T
    chance = np.random.default_rng(2)
    neighbours, families = [], []
    for one, near in zip(everybody, cosines, strict=True):
        others = [everybody[index] for index in np.argsort(-near) if family[everybody[index].id] != family[one.id]]
        for other in others[:NEIGHBOURS]:
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
