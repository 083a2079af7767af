"""Likeness: how far two stories have one subject, from 0 to 1. Numbers only.

Meaning counts 70 %, shared keywords 30 %. Cosines are compressed and differ from model to model, so they are
stretched between what the model gives unrelated headlines and what it gives one story told twice.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shorts_pipeline.language import detect, keywords
from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.series.stories import Story

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MEANING_SHARE = 0.7
KEYWORDS_SHARE = 0.3
MOST_KEYWORDS = 8


def likeness(stories: Sequence[Story], embedder: Embedder) -> "NDArray[np.float64]":
    """Shape (n, n), symmetric, 1 on the diagonal. Embeds every title once."""
    import numpy as np

    if not stories:
        return np.zeros((0, 0))
    vectors = embedder.embed([story.title for story in stories])
    same_story = embedder.thresholds.same_language
    unrelated = 2 * same_story - 1
    meaning = np.clip((vectors @ vectors.T - unrelated) / (same_story - unrelated), 0, 1)
    both = MEANING_SHARE * meaning + KEYWORDS_SHARE * _shared([terms(story) for story in stories])
    np.fill_diagonal(both, 1.0)
    return np.asarray((both + both.T) / 2, dtype=np.float64)


def terms(story: Story) -> tuple[str, ...]:
    """The words a story is about: its keywords, else those of its title."""
    return story.keywords or tuple(keywords(story.title, detect(story.title), MOST_KEYWORDS))


def _shared(words: Sequence[Sequence[str]]) -> "NDArray[np.float64]":
    """Share of the smaller set of words that both have; half of it is as good as all."""
    import numpy as np

    vocabulary = {word: place for place, word in enumerate(sorted({w.casefold() for some in words for w in some}))}
    has = np.zeros((len(words), max(len(vocabulary), 1)))
    for row, some in enumerate(words):
        has[row, [vocabulary[word.casefold()] for word in some]] = 1
    sizes = np.maximum(has.sum(axis=1), 1)
    shared: NDArray[np.float64] = np.minimum(1.0, 2 * (has @ has.T) / np.minimum.outer(sizes, sizes))
    return shared
