"""Features: what a careful reader looks at to tell whether two tellings are one story, as numbers.

Words, names and figures that both have or that one has alone, the days they speak of, the steps they tell of, how the
titles are built. Every feature is 0 where it says nothing. weights.py says what each is worth.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shorts_pipeline.language.amounts import Amount, agree, significance
from shorts_pipeline.topics.concepts import STAGES
from shorts_pipeline.topics.evidence import exclude
from shorts_pipeline.topics.profile import Profile, names_found, profile, words_found
from shorts_pipeline.topics.telling import Telling

if TYPE_CHECKING:
    from shorts_pipeline.resources.models.embedder import Thresholds

# Shares that two tellings have in common by chance.
_WORDS_BY_CHANCE = 0.2
_FRAME_BY_CHANCE = 0.35
_LETTERS_BY_CHANCE = 0.2
_MUCH_LATER = 8.0  # hours
_MOST_SHARED = 3.0


@dataclass(frozen=True)
class Compared:
    """Two tellings side by side: the features, and what they share, to be named."""

    features: dict[str, float]
    names: tuple[str, ...]
    figures: tuple[str, ...]
    same_day: bool


def compare(one: Telling, other: Telling, cosine: float, thresholds: "Thresholds") -> Compared:
    """The features of a pair; which of the two is given first makes no difference."""
    earlier, later = sorted((one, other), key=lambda each: (each.told_at, each.id))
    first, second = profile(earlier), profile(later)
    across = earlier.language != later.language
    gap = abs((later.told_at - earlier.told_at).total_seconds()) / 3600
    found: dict[str, float] = {
        "across": float(across),
        "english": float(not across and earlier.language != "ko"),
        "nearness": thresholds.nearness(cosine, across=across),
        "without_lead": float((not earlier.lead) + (not later.lead)),
        "hours": math.log1p(gap),
        "hours_across": (math.log1p(gap) - 1.5) * across,
    }
    if not across:
        found |= _words(earlier, later, first, second)
    names, shared = _names(first, second)
    amounts, figures = _amounts(first, second)
    days = _days(first, second)
    return Compared(
        features=found | names | amounts | days | _steps(first, second, across=across, gap=gap),
        names=shared,
        figures=figures,
        same_day=bool(days["same_day"]),
    )


def _words(earlier: Telling, later: Telling, first: Profile, second: Profile) -> dict[str, float]:
    """How far the words agree, and how far the titles are one sentence with something replaced."""
    from rapidfuzz import fuzz

    shares = _share(first.words, second), _share(second.words, first)
    alone = (
        (first.title_words - words_found(first.title_words, second)),
        (second.title_words - words_found(second.title_words, first)),
    )
    titles = [1 - len(alone[0]) / max(len(first.title_words), 1), 1 - len(alone[1]) / max(len(second.title_words), 1)]
    frame = fuzz.token_sort_ratio(earlier.normalized, later.normalized) / 100
    keywords = len(earlier.keywords & later.keywords) / max(min(len(earlier.keywords), len(later.keywords)), 3)
    letters = len(first.letters & second.letters) / max(min(len(first.letters), len(second.letters)), 1)
    return {
        "words": max(shares) - _WORDS_BY_CHANCE,
        "words_mean": sum(shares) / 2 - _WORDS_BY_CHANCE,
        "title_words": max(titles) - _WORDS_BY_CHANCE,
        "title_words_both": min(titles) - _WORDS_BY_CHANCE / 2,
        "title_words_alone": float(min(len(alone[0]), len(alone[1]), 4)),
        "frame": frame - _FRAME_BY_CHANCE,
        "frame_refilled": max(frame - _FRAME_BY_CHANCE, 0.0) * bool(alone[0] and alone[1]),
        "title_letters": letters - _LETTERS_BY_CHANCE,
        "keywords": keywords,
        "opposites": float(exclude(earlier.words, later.words)),
    }


def _names(first: Profile, second: Profile) -> tuple[dict[str, float], tuple[str, ...]]:
    """Names that the other's text has too, in its own language; and those names."""
    mine, theirs = names_found(first.names, first, second), names_found(second.names, second, first)
    titles = names_found(first.title_names, first, second), names_found(second.title_names, second, first)
    return {
        "names": math.log1p(max(len(mine), len(theirs))),
        "no_name_shared": float(bool(first.names and second.names) and not mine and not theirs),
        "no_title_name_shared": float(bool(first.title_names and second.title_names) and not any(titles)),
    }, tuple(mine or theirs)


def _amounts(first: Profile, second: Profile) -> tuple[dict[str, float], tuple[str, ...]]:
    """Figures that both give, figures they give differently, figures that the later title brings."""
    both = [
        mine
        for mine in first.amounts
        if any(
            (mine.unit == their.unit or not mine.unit or not their.unit) and agree(mine.value, their.value)
            for their in second.amounts
        )
    ]
    new = sum(not any(agree(each.value, known.value) for known in first.amounts) for each in second.title_amounts)
    return {
        "figures": min(sum(significance(each) for each in both), _MOST_SHARED),
        "figures_differ": float(min(len(_differing(first.amounts, second.amounts)), 2)),
        "title_figures_differ": float(bool(_differing(first.title_amounts, second.title_amounts))),
        "magnitude_differs": float("magnitude" in _differing(first.amounts, second.amounts)),
        "new_title_figures": float(min(new, 2)),
    }, tuple(f"{each.value:g} {each.unit}".strip() for each in sorted(both, key=significance, reverse=True))


def _differing(mine: frozenset[Amount], theirs: frozenset[Amount]) -> set[str]:
    """The units in which both count, without one figure in common."""
    units = ({each.unit for each in mine} & {each.unit for each in theirs}) - {""}
    agreed = {a.unit for a in mine for b in theirs if a.unit == b.unit and agree(a.value, b.value)}
    return units - agreed


def _days(first: Profile, second: Profile) -> dict[str, float]:
    """Whether both speak of one day: the last that each names and that was not still to come."""
    days = first.last_day, second.last_day
    named = None not in days
    apart = abs(((days[0] or first.told_on) - (days[1] or second.told_on)).days)
    looks_back = any(day < second.told_on for day in second.days)
    return {
        "same_day": float(named and not apart),
        "other_day": float(named and apart > 0),
        "looks_back": float(looks_back and not apart),
    }


def _steps(first: Profile, second: Profile, *, across: bool, gap: float) -> dict[str, float]:
    """What both are about, and the steps of the story that one of them tells alone."""
    new = (second.title_concepts & STAGES) - first.concepts
    lost = (first.title_concepts & STAGES) - second.concepts
    both = len(first.concepts & second.concepts)
    share = (both + 0.5) / (min(len(first.concepts), len(second.concepts)) + 1)
    return {
        "concepts": math.log1p(both),
        "concepts_share": share,
        "concepts_across": (share - 0.5) * across,
        "new_steps": float(min(len(new), 2)),
        "steps_apart": float(bool(new and lost)),
        "follows": float(min(second.follows, 2)),
        "follows_later": float(min(second.follows, 2)) * (gap > _MUCH_LATER),
    }


def _share(words: Iterable[str], other: Profile) -> float:
    listed = frozenset(words)
    return len(words_found(listed, other)) / len(listed) if listed else 0.0
