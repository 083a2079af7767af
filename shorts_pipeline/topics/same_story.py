"""Same story: whether two tellings are one story.

A viewer who has seen one would say of the other "you told me that already". Pure, and symmetric in what is decided; who
leads is the caller's business (deduplicate.py). What is looked at is features.py's, what it is worth likelihood.py's.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.topic_config import DuplicateSettings
from shorts_pipeline.topics.evidence import contradict, replaced_words, same_name, shared_evidence
from shorts_pipeline.topics.features import Compared, compare
from shorts_pipeline.topics.likelihood import likelihood
from shorts_pipeline.topics.telling import How, Match, Telling

if TYPE_CHECKING:
    from shorts_pipeline.resources.models.embedder import Thresholds

# Where there are only titles. Distances from the model's thresholds, chosen on labelled pairs. Between the threshold
# and CLEARLY above it headlines of one template crowd with true repeats: shared names and figures decide.
CLEARLY = 0.035
MODERATELY = 0.05
# How much of the smaller side's names and keywords both have where that is all that speaks for one event.
MUCH_IN_COMMON = 0.6
CONTRADICTED = 0.075
# Across languages the margin of a small model is thin: without a name in common it takes more, with two it takes less.
NOTHING_SHARED_ACROSS = 0.03
MUCH_SHARED_ACROSS = 0.02
CONTRADICTED_ACROSS = 0.09


def near_same_title(one: Telling, other: Telling, settings: DuplicateSettings) -> float | None:
    """How alike the titles are letter by letter, whatever the order of their words (0–1).

    None where that is too little, or where the few letters that differ make another story of it.
    """
    from rapidfuzz import fuzz

    if one.language != other.language or not within(one, other, settings):
        return None
    likeness = fuzz.ratio(" ".join(one.words), " ".join(other.words), score_cutoff=settings.title_similarity * 100)
    if not likeness or contradict(one, other) or replaced_words(one.words, other.words):
        return None
    return likeness / 100


def same_story(
    one: Telling, other: Telling, cosine: float, settings: DuplicateSettings, thresholds: "Thresholds"
) -> Match | None:
    """`other` as the story that `one` repeats, by meaning or by event; None where it is another story.

    `cosine` is that of the vectors of `Telling.embedded`. The likeness of a match is a probability.
    """
    if not within(one, other, settings):
        return None
    if not one.lead and not other.lead:
        how = _by_titles(one, other, cosine, thresholds)
        return Match(other.id, how, min(max(cosine, 0.0), 1.0), f"cosine {cosine:.2f}") if how else None
    compared = compare(one, other, cosine, thresholds)
    likely = likelihood(compared.features)
    if likely < settings.same_event:
        return None
    across = one.language != other.language
    near = cosine >= (thresholds.cross_language if across else thresholds.same_language)
    return Match(other.id, How.MEANING if near else How.EVENT, likely, _evidence(compared, cosine))


def _evidence(compared: Compared, cosine: float) -> str:
    """The main evidence, for people."""
    found = [f"cosine {cosine:.2f}"]
    if compared.names:
        found.append(f"both name {', '.join(compared.names[:3])}")
    if compared.figures:
        found.append(f"both give {', '.join(compared.figures[:2])}")
    if compared.same_day:
        found.append("of one day")
    return "; ".join(found)


def within(one: Telling, other: Telling, settings: DuplicateSettings) -> bool:
    """Whether they were told within the window in which stories are compared."""
    return abs(one.told_at - other.told_at) <= timedelta(hours=settings.window_hours)


def _by_titles(one: Telling, other: Telling, cosine: float, thresholds: "Thresholds") -> How | None:
    """The judgement where there are only titles: thresholds of the cosine, moved by names and figures."""
    if one.language != other.language:
        return How.MEANING if cosine >= _least_across(one, other, thresholds.cross_language) else None
    least = thresholds.same_language
    if contradict(one, other):
        return How.MEANING if cosine >= least + CONTRADICTED else None
    if cosine >= least + CLEARLY:
        return How.MEANING
    shared = shared_evidence(one, other)
    if cosine >= least and shared > 1:
        return How.MEANING
    moderately = cosine >= least - MODERATELY and shared > 1
    return How.EVENT if moderately and overlap(one, other) >= MUCH_IN_COMMON else None


def _least_across(one: Telling, other: Telling, threshold: float) -> float:
    """The cosine from which tellings in two languages are one story."""
    if contradict(one, other):
        return threshold + CONTRADICTED_ACROSS
    shared = shared_evidence(one, other)
    if not shared:
        return threshold + NOTHING_SHARED_ACROSS
    return threshold - MUCH_SHARED_ACROSS if shared > 1 else threshold


def overlap(one: Telling, other: Telling) -> float:
    """How far names and keywords agree, 0–1: the mean of the shares that the smaller side of each has in common.

    One name, or two words, say too little to tell an event by.
    """
    return (_share(one.names, other.names, least=2) + _share(one.keywords, other.keywords, least=3)) / 2


def _share(one: frozenset[str], other: frozenset[str], *, least: int) -> float:
    smaller, larger = sorted((one, other), key=len)
    return sum(any(same_name(term, each) for each in larger) for term in smaller) / max(len(smaller), least)
