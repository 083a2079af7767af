"""Filter: may this item become a topic of this channel? Kept, kept for a person, or dropped and why.

In this order: the source's and the channel's filters, the channel's conditional rules (the first that matches counts),
what it excludes, what it includes. Pure: no rows, no clock. Whether the story has been told already is
deduplicate.py's question.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shorts_pipeline.database import SourceType
from shorts_pipeline.database.documents import ItemFilters, TopicConfig
from shorts_pipeline.topics.categories import Fit, Subjects
from shorts_pipeline.topics.items import Item
from shorts_pipeline.topics.vocabulary import Vocabulary

# Shorter than this, a title tells no story ("사진", "Update").
SHORTEST_TITLE = 4


@dataclass(frozen=True)
class Verdict:
    """Whether an item is kept; `reason` says why not, or why a person should look (`review`)."""

    kept: bool
    reason: str = ""
    review: bool = False


@dataclass(frozen=True)
class _Rule:
    words: Vocabulary
    needed: int
    then: str
    reason: str


@dataclass(frozen=True)
class Sieve:
    """A channel's include, exclude and rules, compiled once."""

    subjects: Subjects
    excluded: Vocabulary
    excluded_categories: frozenset[str]
    rules: tuple[_Rule, ...]

    @classmethod
    def of(cls, config: TopicConfig) -> "Sieve":
        """The sieve of a channel."""
        rules = [
            _Rule(
                words=Vocabulary.plain(rule.keywords),
                needed=len({word.casefold() for word in rule.keywords}) if rule.joined == "and" else 1,
                then=rule.then,
                reason=rule.reason or f"rule on {f' {rule.joined} '.join(rule.keywords)}",
            )
            for rule in config.rules
        ]
        return cls(
            subjects=Subjects.of(config),
            excluded=Vocabulary.plain(_with_synonyms(config)),
            excluded_categories=frozenset(name.casefold() for name in config.exclude.categories),
            rules=tuple(rules),
        )

    @classmethod
    def open_to_all(cls, config: TopicConfig) -> "Sieve":
        """A sieve that lets everything pass: a person chose already. The channel's subjects are still known."""
        always = _Rule(words=Vocabulary.plain(()), needed=0, then="allow", reason="by hand")
        return cls(Subjects.of(config), Vocabulary.plain(()), frozenset(), (always,))


def passes_source(item: Item, text: str, filters: ItemFilters, now: datetime) -> Verdict:
    """The filters of its source, as the channel has set them. A figure the source did not give drops nothing."""
    if item.source.type is SourceType.TREND:
        return Verdict(False, "a term that people search for: a signal, not a story")
    for name, least in (("score", filters.least_score), ("comments", filters.least_comments)):
        value = item.metric(name)
        if least is not None and value is not None and value < least:
            return Verdict(False, f"{name} {value:g} is below {least}")
    if filters.greatest_age_hours is not None:
        age = now - item.told_at
        if age > timedelta(hours=filters.greatest_age_hours):
            return Verdict(False, f"{age / timedelta(hours=1):.0f} hours old, above {filters.greatest_age_hours:g}")
    if filters.keywords and not Vocabulary.plain(filters.keywords).found(text):
        return Verdict(False, "none of the source's keywords appears")
    if filters.excluded_keywords and (hits := Vocabulary.plain(filters.excluded_keywords).found(text)):
        return Verdict(False, f"excluded word of the source: {', '.join(hits)}")
    return Verdict(True)


def passes_channel(sieve: Sieve, text: str, fit: Fit, source_categories: tuple[str, ...] = ()) -> Verdict:
    """The channel's rules, then what it excludes, then what it includes."""
    verdict = _ruled(sieve, text)
    if verdict is not None and (not verdict.kept or not verdict.review):
        return verdict
    if dropped := _excluded(sieve, text, fit, source_categories):
        return dropped
    if not sieve.subjects.open and not fit.fits:
        return Verdict(False, "outside the channel's subjects")
    return verdict or Verdict(True)


def _ruled(sieve: Sieve, text: str) -> Verdict | None:
    """What the first matching rule says: allow passes, reject drops, review passes to a person."""
    for rule in sieve.rules:
        if len(rule.words.found(text)) >= rule.needed:
            return Verdict(rule.then != "reject", rule.reason, review=rule.then == "review")
    return None


def _excluded(sieve: Sieve, text: str, fit: Fit, source_categories: tuple[str, ...]) -> Verdict | None:
    named = [name for name in (*fit.categories, *source_categories) if name.casefold() in sieve.excluded_categories]
    if named:
        return Verdict(False, f"excluded category: {named[0]}")
    if hits := sieve.excluded.found(text):
        return Verdict(False, f"excluded word: {', '.join(hits[:3])}")
    return None


def _with_synonyms(config: TopicConfig) -> list[str]:
    """Excluded keywords and, for those the channel knows synonyms of, the synonyms."""
    known = {name.casefold(): keyword.synonyms for name, keyword in config.include.keywords.items()}
    return [each for word in config.exclude.keywords for each in (word, *known.get(word.casefold(), ()))]
