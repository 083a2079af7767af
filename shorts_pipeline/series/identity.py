"""Identity: which cluster is which series that is known already. A series found again is the same row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shorts_pipeline.series.detect import LEAST_STORIES, Cluster

SHARED_AT_LEAST = 0.5


@dataclass(frozen=True)
class Identified:
    """Clusters of known series, by series, and those that are new, with the stories that are free to join."""

    known: dict[UUID, Cluster]
    new: list[tuple[Cluster, frozenset[UUID]]]


def identify(clusters: Sequence[Cluster], members: Mapping[UUID, frozenset[UUID]]) -> Identified:
    """Pair clusters with series by the stories they share, most shared first; each at most once.

    A pair shares at least half of the smaller one. What is left is new if three of its stories belong to no series.
    """
    pairs = sorted(
        (
            (len(cluster.topics & topics), place, series_id)
            for place, cluster in enumerate(clusters)
            for series_id, topics in members.items()
            if len(cluster.topics & topics) >= SHARED_AT_LEAST * min(len(cluster.topics), len(topics)) > 0
        ),
        key=lambda pair: (-pair[0], pair[1], str(pair[2])),
    )
    known: dict[UUID, Cluster] = {}
    paired: set[int] = set()
    for _shared, place, series_id in pairs:
        if place not in paired and series_id not in known:
            known[series_id] = clusters[place]
            paired.add(place)
    taken = frozenset[UUID]().union(*members.values())
    left = [(one, one.topics - taken) for place, one in enumerate(clusters) if place not in paired]
    return Identified(known, [(one, free) for one, free in left if len(free) >= LEAST_STORIES])
