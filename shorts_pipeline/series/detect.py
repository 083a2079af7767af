"""Detect: clusters of stories that did well and have one subject."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shorts_pipeline.resources.models.subject import LINKED
from shorts_pipeline.series.likeness import to_others
from shorts_pipeline.series.naming import NAME_LENGTH, Key, Said, name_of
from shorts_pipeline.series.stories import Story

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_STORIES = 3
# A story that is less than this like the others, against how like they are among one another, does not belong.
BELONGS = 0.7
# Among many stories some three are alike by chance: a cluster of n has to be alike by 1 + this × 3 / n.
SMALL_CAUTION = 0.3


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
    groups = [_belonging(group, alike) for group in _linked(alike)]
    whole = [sorted(group) for group in groups if _is_whole(group, alike)]
    if not whole:
        return []
    said = [Said.by(story) for story in stories]
    usual = Counter(key for one in said for key in one.keys)
    found = [_cluster(group, stories, said, usual) for group in whole]
    return sorted(found, key=lambda cluster: (-len(cluster.topics), cluster.name))


def _linked(alike: "NDArray[np.float64]") -> list[list[int]]:
    """Average linkage: on the same likeness HDBSCAN does worse, since groups of three to eight have no density."""
    from sklearn.cluster import AgglomerativeClustering

    labels = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - LINKED
    ).fit_predict(1 - alike)
    groups: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        groups.setdefault(int(label), []).append(place)
    return list(groups.values())


def _belonging(group: list[int], alike: "NDArray[np.float64]") -> list[int]:
    """The group without those that only came along, the least like first."""
    while len(group) >= LEAST_STORIES:
        near = to_others(group, alike)
        worst = int(near.argmin())
        if near[worst] >= BELONGS * near.mean():
            break
        group = [place for number, place in enumerate(group) if number != worst]
    return group


def _is_whole(group: Sequence[int], alike: "NDArray[np.float64]") -> bool:
    if len(group) < LEAST_STORIES:
        return False
    return float(to_others(group, alike).mean()) >= LINKED * (1 + SMALL_CAUTION * LEAST_STORIES / len(group))


def _cluster(group: Sequence[int], stories: Sequence[Story], said: Sequence[Said], usual: Counter[Key]) -> Cluster:
    own = [stories[place] for place in group]
    named = name_of([said[place] for place in group], usual, len(stories))
    categories = Counter(category for story in own for category in story.categories)
    return Cluster(
        topics=frozenset(story.id for story in own),
        name=named.name or own[0].title[:NAME_LENGTH],
        keywords=named.keywords,
        categories=tuple(sorted(name for name, count in categories.items() if count * 2 >= len(own))),
    )
