"""Likeness: how far two stories have one subject. About 0 for unrelated stories, 1 for the same; numbers only.

What they mean counts, and what words they share: each is worth what it tells, which is how alike the other stories are
that have it. "Starship" joins, since its stories mean one thing; "heart" does not. Measured by bench/series.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shorts_pipeline.language import detect
from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.resources.models.subject import (
    DOUBTED_PAIRS,
    LINKED,
    STRICTNESS,
    WORDS_WEIGHT,
    Subject,
    from_usual,
    telling_words,
    words_of,
)
from shorts_pipeline.series.ordinary import ORDINARY
from shorts_pipeline.series.stories import Story

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_KNOWN: "dict[tuple[str, str], NDArray[np.float64]]" = {}


@dataclass(frozen=True)
class Compared:
    """Stories held against one another.

    `alike` has shape (n, n), is symmetric and 1 on the diagonal. `meant` are the stories' unit vectors, seen from what
    is `usual` in their language: shape (2, dimension), of titles and of titles with summaries. `said` are the words of
    each story, and `where` the stories that have a word.
    """

    model: str
    alike: "NDArray[np.float64]"
    meant: "NDArray[np.float64]"
    usual: Mapping[str, "NDArray[np.float64]"]
    said: Sequence[frozenset[str]]
    where: Mapping[str, Sequence[int]]

    def measure(self, group: Sequence[int]) -> float:
        """By what a likeness to the group is measured: its own, at least what links a subject, and a little more."""
        own = float(to_others(group, self.alike).mean()) if len(group) > 1 else LINKED
        return max(own, LINKED) * STRICTNESS

    def subject(self, group: Sequence[int]) -> Subject:
        """What a group has in common."""
        words = {word for place in group for word in self.said[place] if len(self.where[word]) > 1}
        worth = telling_words({word: self._worth(word) for word in words})
        said = [frozenset(word for word in self.said[place] if word in worth) for place in group]
        usual = {language: vectors.tolist() for language, vectors in self.usual.items()}
        centre = self.meant[list(group)].mean(axis=0).tolist()
        return Subject(self.model, usual, centre, worth, said, self.measure(group))

    def _worth(self, word: str) -> float:
        """To a story that has it and is not among these."""
        places = list(self.where[word])
        own = self.meant[places]
        pairs = len(places) * (len(places) - 1) / 2
        return float(((own @ own.T).sum() - len(places)) / 2 / (pairs + DOUBTED_PAIRS))


def compare(stories: Sequence[Story], embedder: Embedder) -> Compared:
    """Hold stories against one another. Embeds every title, alone and with its summary, once."""
    import numpy as np

    meant, usual = _meaning(stories, embedder)
    said = [words_of(story.title, story.told, story.keywords) for story in stories]
    where: dict[str, list[int]] = {}
    for place, some in enumerate(said):
        for word in some:
            where.setdefault(word, []).append(place)
    near = meant @ meant.T
    both = (near + WORDS_WEIGHT * _shared_words(where, near)) / (1 + WORDS_WEIGHT)
    np.fill_diagonal(both, 1.0)
    return Compared(embedder.model, (both + both.T) / 2, meant, usual, said, where)


def to_others(group: Sequence[int], alike: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Of each in a group of two or more the mean likeness to the others."""
    import numpy as np

    inside = alike[np.ix_(group, group)]
    return np.asarray((inside.sum(axis=1) - np.diag(inside)) / (len(group) - 1))


def _meaning(
    stories: Sequence[Story], embedder: Embedder
) -> tuple["NDArray[np.float64]", dict[str, "NDArray[np.float64]"]]:
    import numpy as np

    meant = np.zeros((len(stories), embedder.dimension))
    if not stories:
        return meant, {}
    distinct = list(dict.fromkeys(text for story in stories for text in (story.title, story.told)))
    embedded = dict(zip(distinct, embedder.embed(distinct).astype(np.float64), strict=True))
    vectors = np.stack([[embedded[story.title], embedded[story.told]] for story in stories])
    languages = np.array([detect(story.title) for story in stories])
    found = {}
    for language in sorted(set(languages)):
        own = languages == language
        ordinary = _ordinary(embedder, str(language))
        found[str(language)] = (vectors[own].sum(axis=0) + ordinary.sum(axis=0)) / (own.sum() + len(ordinary))
        meant[own] = from_usual(vectors[own], found[str(language)])
    return meant, found


def _shared_words(where: Mapping[str, Sequence[int]], near: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Shape (n, n): what the most telling word is worth that two stories share, 0 where they share none.

    A word is worth the mean nearness of all pairs of stories that have it but this pair itself.
    """
    import numpy as np

    best = np.zeros_like(near)
    for places in where.values():
        if len(places) < 2:
            continue
        these = np.ix_(places, places)
        pairs, inside = len(places) * (len(places) - 1) / 2, near[these]
        total = (inside.sum() - np.trace(inside)) / 2
        best[these] = np.maximum(best[these], (total - inside) / (pairs - 1 + DOUBTED_PAIRS))
    return best


def _ordinary(embedder: Embedder, language: str) -> "NDArray[np.float64]":
    """Vectors of ordinary headlines, shape (n, 1, dimension), of all where the language has none; once a process."""
    import numpy as np

    key = (embedder.model, language)
    if key not in _KNOWN:
        texts = ORDINARY.get(language) or tuple(text for some in ORDINARY.values() for text in some)
        _KNOWN[key] = np.asarray(embedder.embed(texts), dtype=np.float64)[:, None]
    return _KNOWN[key]
