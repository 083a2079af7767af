"""Match: which running series a story that belongs to none continues. Pure numbers; saving is elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from shorts_pipeline.series.likeness import Compared
from shorts_pipeline.series.stories import Story


def members(stories: Sequence[Story]) -> dict[UUID, list[int]]:
    """The places of each series' stories that were published, or of all of them where none was.

    What was only matched measures nothing: a story that came along would bring its like.
    """
    found: dict[UUID, list[int]] = {}
    for place, story in enumerate(stories):
        if story.series_id is not None:
            found.setdefault(story.series_id, []).append(place)
    told = {id: [place for place in places if stories[place].views is not None] for id, places in found.items()}
    return {id: told[id] or places for id, places in found.items()}


def kin(
    group: Collection[UUID], stories: Sequence[Story], compared: Compared, least: Mapping[UUID, float]
) -> UUID | None:
    """The known series that a group of stories is more of, as a whole: it is that one, and no new one.

    Its old stories may no longer be among those that do well; a series that has ended is known for ever.
    """
    import numpy as np

    here = [place for place, story in enumerate(stories) if story.id in group]
    found = [
        (float(compared.alike[np.ix_(here, places)].mean()) / compared.measure(places), id)
        for id, places in members(stories).items()
        if not set(here) & set(places)
    ]
    fitting = [(near, id) for near, id in found if near >= least.get(id, 1.0)]
    return max(fitting)[1] if fitting else None


def continuations(stories: Sequence[Story], compared: Compared, least: Mapping[UUID, float]) -> dict[UUID, UUID]:
    """Series by topic: the one whose stories it is most like, if by at least its `least`.

    `least` holds the running series and their `min_similarity`: how like its stories a further one must be, against how
    like they are one another. Stories of other series are no one's measure.
    """
    running = {id: places for id, places in members(stories).items() if id in least}
    measure = {id: compared.measure(places) for id, places in running.items()}
    joined: dict[UUID, UUID] = {}
    for place, story in enumerate(stories):
        if story.series_id is not None or not running:
            continue
        best, id = max(
            (float(compared.alike[place, places].mean()) / measure[id], id) for id, places in running.items()
        )
        if best >= least[id]:
            joined[story.id] = id
    return joined
