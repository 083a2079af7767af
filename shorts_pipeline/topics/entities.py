"""Entities: who and what a story names: `{name, type, sentiment}`.

By rules (korean_names.py, english_names.py) or by a language model (understanding.py). Rules do not know what a text
thinks of somebody: their sentiment is always neutral, and whoever judges risk must know that nobody looked.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

MOST_ENTITIES = 12

EntityType = Literal["person", "organisation", "place", "name"]
Sentiment = Literal["negative", "neutral", "positive"]
TYPES: tuple[str, ...] = get_args(EntityType)


@dataclass(frozen=True)
class Entity:
    """A named thing; `name` is what is none of the others (a product, a work, an event) or cannot be told."""

    name: str
    type: EntityType
    sentiment: Sentiment = "neutral"

    def as_json(self) -> dict[str, Any]:
        """As it stands in `topics.entities`."""
        return asdict(self)
