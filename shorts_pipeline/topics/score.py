"""Score: how much is this story worth telling here and now? 0–100, with every part of the sum.

Each part is a value of 0–1 times its weight (the six weights sum to 1), times 100; bonuses are points on top. What is
not known counts half, and says so. Deterministic for a given time. Nothing here asks whether the story is a repeat.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from shorts_pipeline.database.documents import PRESETS_VERSION
from shorts_pipeline.database.documents.topic_config import ScoreSettings, ScoreWeights
from shorts_pipeline.topics.expected import MIDDLE, Expected

UNKNOWN = 0.5
# A story with this many votes at its source has all the source can give (front page of a large community).
MANY_VOTES = 500.0
MANY_COMMENTS = 200.0
# A mean of stories that are alike, drawn to the middle as it is, hardly gets farther from it than this.
SURE = 0.25
_NAMES = {
    "source_credibility": "source",
    "source_score": "votes",
    "freshness": "freshness",
    "trend": "trend",
    "relevance": "relevance",
    "novelty": "novelty",
    "multi_source": "several sources",
    "series": "series",
}


@dataclass(frozen=True)
class Signals:
    """What is known of a story, each 0–1; None where nothing is known.

    `credibility` is the source's trust times the channel's weights, `sources` how many tell the story, `series`
    whether it continues a series that does well; `novelty` is how far it is from what was told lately, `expected` how
    earlier stories like it did.
    """

    credibility: float
    votes: float | None
    freshness: float
    trend: float | None
    relevance: float
    novelty: float
    expected: Expected | None = None
    sources: int = 1
    series: bool = False


@dataclass(frozen=True)
class Score:
    """A score: the total (0–100), the four groups (0–1) and every part."""

    total: int
    source: float
    freshness: float
    trend: float
    relevance: float
    parts: dict[str, Any]


def score(signals: Signals, settings: ScoreSettings) -> Score:
    """The score of a story under a channel's settings."""
    weights = _weights(settings)
    values = {
        "source_credibility": signals.credibility,
        "source_score": signals.votes,
        "freshness": signals.freshness,
        "trend": signals.trend,
        "relevance": signals.relevance,
    }
    parts: dict[str, dict[str, Any]] = {
        name: _part(value, getattr(weights, name) * 100) for name, value in values.items()
    }
    parts["novelty"] = _novelty(signals, weights.novelty * 100)
    parts["multi_source"] = _part(several_sources(signals.sources), weights.multi_source_bonus, sources=signals.sources)
    parts["series"] = _part(1.0 if signals.series else 0.0, weights.series_bonus)
    return Score(
        total=total_of(parts),
        source=_group(parts, "source_credibility", "source_score"),
        freshness=round(signals.freshness, 4),
        trend=parts["trend"]["value"],
        relevance=_group(parts, "relevance", "novelty"),
        parts={
            "preset": settings.preset,
            "version": PRESETS_VERSION,
            "half_life_hours": settings.half_life_hours,
            "parts": parts,
        },
    )


def retold(score_parts: Mapping[str, Any], sources: int) -> tuple[int, dict[str, Any]]:
    """Total and parts of a stored score after `sources` sources have told the story; all else stays as it was."""
    parts = dict(score_parts.get("parts", {}))
    bonus = parts.get("multi_source")
    if bonus is None:
        return total_of(parts), dict(score_parts)
    parts["multi_source"] = _part(several_sources(sources), bonus["weight"], sources=sources)
    return total_of(parts), {**score_parts, "parts": parts}


def total_of(parts: Mapping[str, Mapping[str, Any]]) -> int:
    """The rounded sum of the parts' points, at most 100."""
    return min(100, math.floor(sum(float(part["points"]) for part in parts.values()) + 0.5))


def explain(score_parts: Mapping[str, Any]) -> str:
    """The sum in one line: "64 = source 14.0 (0.70×20) + … (news, version 1)"."""
    parts = score_parts.get("parts", {})
    if not parts:
        return "not scored"
    terms = []
    # JSONB keeps no order of its own.
    for name in [*(known for known in _NAMES if known in parts), *(other for other in parts if other not in _NAMES)]:
        part = parts[name]
        if part["weight"] and not (name in ("multi_source", "series") and not part["points"]):
            terms.append(
                f"{_NAMES.get(name, name)} {part['points']:.1f} ({part['value']:.2f}×{part['weight']:.3g}{_why(part)})"
            )
    return (
        f"{total_of(parts)} = {' + '.join(terms)} ({score_parts.get('preset')}, version {score_parts.get('version')})"
    )


def _why(part: Mapping[str, Any]) -> str:
    """What a part adds in words: that it is unknown, or what it rests on."""
    if part.get("unknown"):
        return ", unknown"
    return f", {part['alike']} like it stand at P{100 * part['standing']:.0f}" if part.get("alike") else ""


def freshness(told_at: datetime, now: datetime, half_life: timedelta) -> float:
    """Share of its first interest a story still has: 0.5 ** (age / half-life), in [0, 1]."""
    age = max(now - told_at, timedelta(0))
    return float(0.5 ** (age / half_life))


def credibility(trust: float, region_weight: float, source_weight: float) -> float:
    """The source's trust (1–10) times the channel's weight for its region and for the source itself, in [0, 1]."""
    return _clipped(trust / 10 * region_weight * source_weight)


def votes(points: float | None, comments: float | None) -> float | None:
    """How the story did at its source, logarithmic: a tenth of the votes is worth two thirds of the points."""
    known = [
        _clipped(math.log1p(max(value, 0.0)) / math.log1p(many))
        for value, many in ((points, MANY_VOTES), (comments, MANY_COMMENTS))
        if value is not None
    ]
    return max(known, default=None)


def relevance(weight: float, *, open_to_all: bool) -> float:
    """What the channel's matched subjects weigh together, saturating: 1 − 0.5 ** (weight / 2).

    One subject in the title gives 0.4, two 0.65, every one more half of what is missing. A channel that takes all says
    nothing about relevance: unknown.
    """
    return UNKNOWN if open_to_all else 1 - 0.5 ** (weight / 2)


def novelty(nearest: float, same_language: float) -> float:
    """How far the story is from what the channel told lately.

    0 where the nearest cosine reaches the model's same-story threshold t, 1 from as far below it as t is below 1: small
    models press unrelated headlines up to there.
    """
    return _clipped((same_language - nearest) / (1 - same_language))


def worth_telling(novelty: float, standing: float) -> float:
    """The novelty of a story of which earlier ones like it stand at `standing` among the channel's shorts (0–1).

    At 0.5 it stays. What stands in the best quarter may be told again soon: nothing is missing. What stands in the last
    one is not missed: nothing is left. Between, in proportion.
    """
    promise = min(max((standing - MIDDLE) / SURE, -1.0), 1.0)
    return novelty + (1 - novelty) * promise if promise >= 0 else novelty * (1 + promise)


def several_sources(sources: int) -> float:
    """0 for one source, then half of what is missing for each more: 2 → 0.5, 3 → 0.75."""
    return 1 - 0.5 ** max(sources - 1, 0)


@lru_cache(maxsize=1_000)
def _weights(settings: ScoreSettings) -> ScoreWeights:
    return settings.resolved()


def _part(value: float | None, weight: float, **more: Any) -> dict[str, Any]:
    """One part; the points are rounded first, so that the parts shown add up to the total shown."""
    known = UNKNOWN if value is None else round(value, 4)
    part = {"value": known, "weight": round(weight, 4), "points": round(known * weight, 2), **more}
    return part | ({"unknown": True} if value is None else {})


def _novelty(signals: Signals, weight: float) -> dict[str, Any]:
    if signals.expected is None:
        return _part(signals.novelty, weight)
    standing = signals.expected.standing
    value = worth_telling(signals.novelty, standing)
    return _part(value, weight, alike=signals.expected.alike, standing=round(standing, 4))


def _group(parts: Mapping[str, Mapping[str, Any]], *names: str) -> float:
    """The weighted mean of some parts, 0–1."""
    weight = sum(parts[name]["weight"] for name in names)
    if not weight:
        return float(round(sum(parts[name]["value"] for name in names) / len(names), 4))
    return float(round(sum(parts[name]["value"] * parts[name]["weight"] for name in names) / weight, 4))


def _clipped(value: float) -> float:
    return min(max(value, 0.0), 1.0)
