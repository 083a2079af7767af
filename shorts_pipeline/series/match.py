"""Match: which running series a story that belongs to none continues. Pure numbers; saving is elsewhere."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from shorts_pipeline.series.stories import Story

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def continuations(
    stories: Sequence[Story], alike: "NDArray[np.float64]", least: Mapping[UUID, float]
) -> dict[UUID, UUID]:
    """Series by topic: the one whose stories it is most like on average, if by at least its `least`.

    `least` holds the running series and their `min_similarity`; stories of other series are no one's measure.
    """
    rows: dict[UUID, list[int]] = {}
    for place, story in enumerate(stories):
        if story.series_id is not None and story.series_id in least:
            rows.setdefault(story.series_id, []).append(place)
    joined: dict[UUID, UUID] = {}
    for place, story in enumerate(stories):
        if story.series_id is not None or not rows:
            continue
        mean, best = max((float(alike[place, members].mean()), series_id) for series_id, members in rows.items())
        if mean >= least[best]:
            joined[story.id] = best
    return joined
