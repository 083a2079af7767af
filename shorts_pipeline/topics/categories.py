"""Categories: which of the channel's own subjects a story belongs to, and how well it fits.

Words decide; where two categories have as many, the nearer in meaning comes first. A story that was kept although no
word puts it anywhere (a rule allows it, the channel listens for a keyword) is put where a language model or its meaning
says (nearness.py). What fits nothing has no category: whether it is told anyway is filter.py's question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shorts_pipeline.database.documents import TopicConfig
from shorts_pipeline.topics.vocabulary import Vocabulary

# A word in the title says more about the subject than one in the text below it, or than where the story came from.
IN_TITLE, IN_TEXT, BY_SOURCE, BY_MODEL, BY_MEANING = 1.5, 0.7, 0.5, 0.7, 0.5
NOTHING: Mapping[str, float] = {}


@dataclass(frozen=True)
class Fit:
    """How a story fits a channel: its categories best first, the keywords it has, and what both weigh together."""

    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    weight: float = 0.0

    @property
    def fits(self) -> bool:
        """Whether any of the channel's subjects is in it."""
        return bool(self.categories or self.keywords)


@dataclass(frozen=True)
class Subjects:
    """A channel's include list, compiled."""

    categories: Vocabulary
    keywords: Vocabulary
    category_weights: Mapping[str, float]
    keyword_weights: Mapping[str, float]

    @classmethod
    def of(cls, config: TopicConfig) -> "Subjects":
        """The include list of a channel."""
        include = config.include
        return cls(
            categories=Vocabulary.of(
                (word, name) for name, category in include.categories.items() for word in (name, *category.words())
            ),
            keywords=Vocabulary.of(
                (word, name) for name, keyword in include.keywords.items() for word in (name, *keyword.synonyms)
            ),
            category_weights={name: category.weight for name, category in include.categories.items()},
            keyword_weights={name: keyword.weight for name, keyword in include.keywords.items()},
        )

    @property
    def open(self) -> bool:
        """Whether the channel takes everything its sources bring."""
        return not self.categories and not self.keywords


def fit(
    subjects: Subjects,
    title: str,
    text: str,
    *,
    source_categories: Sequence[str] = (),
    closeness: Mapping[str, float] = NOTHING,
) -> Fit:
    """The story's categories and keywords among the channel's own.

    A source that belongs to one of the categories puts its items there when no word does. `closeness` (category →
    cosine) only orders what weighs the same.
    """
    weights = _weigh(subjects.categories, subjects.category_weights, title, text)
    if not weights:
        weights = {name: BY_SOURCE for name in source_categories if name in subjects.category_weights}
        weights = {name: weight * subjects.category_weights[name] for name, weight in weights.items()}
    keywords = _weigh(subjects.keywords, subjects.keyword_weights, title, text)
    ordered = sorted(weights, key=lambda name: (-weights[name], -closeness.get(name, 0.0), name))
    total = sum(weights.values()) + sum(keywords.values())
    return Fit(tuple(ordered), tuple(keywords), total)


def completed(fitted: Fit, subjects: Subjects, *, told: Sequence[str], nearest: str | None) -> Fit:
    """A fit without categories with those that a language model told, else with the one nearest in meaning."""
    if fitted.categories:
        return fitted
    own = subjects.category_weights
    found = [(name, BY_MODEL) for name in told if name in own] or [(name, BY_MEANING) for name in (nearest,) if name]
    weight = sum(worth * own[name] for name, worth in found)
    return Fit(tuple(name for name, _ in found), fitted.keywords, fitted.weight + weight)


def _weigh(vocabulary: Vocabulary, own: Mapping[str, float], title: str, text: str) -> dict[str, float]:
    """Name → weight of the names whose words appear; more words weigh more, each less than the one before."""
    weights: dict[str, float] = {}
    if not vocabulary:
        return weights
    for part, worth in ((title, IN_TITLE), (text, IN_TEXT)):
        for name, words in vocabulary.counted(part).items():
            weights[name] = max(weights.get(name, 0.0), worth * own[name] * (2 - 0.5 ** (words - 1)))
    return weights
