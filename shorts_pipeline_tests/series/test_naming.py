"""What a series is called."""

from collections import Counter
from uuid import uuid4

from shorts_pipeline.series.naming import Said, name_of
from shorts_pipeline.series.stories import Story

MEMORY = (
    ("AI phones get a larger memory", "The company stacks it inside one package."),
    ("Memory prices jump as AI devices soak up supply", "Contract prices rose in the first quarter."),
    ("Brindlewave raises money to compute inside memory", "Its chips perform AI calculations where the data sits."),
    ("An AI assistant that fits in earbuds", "It needs twelve megabytes of memory."),
)


def test_where_all_of_a_channels_stories_are_of_one_subject_it_is_called_by_what_all_share():
    """A channel's first series of four stories was called "Inside": two had said it, so it told them apart."""
    said = [Said.by(Story(uuid4(), title, (), (), None, summary=summary)) for title, summary in MEMORY]
    usual = Counter(key for one in said for key in one.keys)
    assert set(name_of(said, usual, len(said)).name.casefold().split()) == {"ai", "memory"}
