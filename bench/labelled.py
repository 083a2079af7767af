"""Labelled: the pairs of tellings with their labels, in two halves, and tellings made of them as production makes them.

A story family belongs to one half whole: by the first byte of its name's SHA-256, even to tuning, odd to the unseen.
Rules, weights and thresholds come from the tuning half; the unseen half is for one report. Of pairs/training everything
is tuning: it was written later, to learn from.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from shorts_pipeline.database import SourceRegion
from shorts_pipeline.resources.models.embedder import SentenceTransformerEmbedder
from shorts_pipeline.topics.items import Item, Origin
from shorts_pipeline.topics.normalize import read, understand
from shorts_pipeline.topics.past import names_in, telling
from shorts_pipeline.topics.telling import Telling

FOLDER = Path(__file__).parent / "pairs"
TRAINING = FOLDER / "training"
GROUPS = ("ko", "en", "cross")
HARD = frozenset({"other-event", "new-facts", "template"})
Half = Literal["tuning", "unseen"]


@dataclass(frozen=True)
class Pair:
    """Two tellings, and whether they are one story; `family` is the story family they come from."""

    family: str
    group: str
    kind: str
    same: bool
    one: Telling
    other: Telling


class Remembering(SentenceTransformerEmbedder):
    """The embedder, asked only once for a text."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self._known: dict[str, Any] = {}

    def embed(self, texts: Sequence[str]) -> Any:
        """As the embedder does."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= dict(zip(new, super().embed(new), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)


def half_of(family: str) -> Half:
    """To which half a story family belongs."""
    return "unseen" if hashlib.sha256(family.encode()).digest()[0] % 2 else "tuning"


def read_pairs(half: Half) -> list[Pair]:
    """The labelled pairs of one half; nothing of the other half is read further than its name."""
    families = [(group, family) for group in GROUPS for family in _families(group) if half_of(family["story"]) == half]
    if half == "tuning":
        families += [
            (each.stem, family)
            for each in sorted(TRAINING.glob("*.jsonl"))
            for family in _families(each.stem, TRAINING)
        ]
    items = [_item(group, family, key) for group, family in families for key in family["tellings"]]
    told = dict(zip([item.id for item in items], tellings_of(items), strict=True))
    return [
        Pair(
            family["story"],
            group,
            pair["kind"],
            pair["same"],
            told[_id(group, family, pair["one"])],
            told[_id(group, family, pair["other"])],
        )
        for group, family in families
        for pair in family["pairs"]
    ]


def shares() -> tuple[int, float]:
    """How many pairs there are in both halves, and the share of hard negatives among them; without pairs/training."""
    kinds = [pair["kind"] for group in GROUPS for family in _families(group) for pair in family["pairs"]]
    return len(kinds), sum(kind in HARD for kind in kinds) / len(kinds)


def _families(group: str, folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    with (folder / f"{group}.jsonl").open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _id(group: str, family: dict[str, Any], key: str) -> Any:
    return uuid5(NAMESPACE_URL, f"{group}/{family['story']}/{key}")


def _item(group: str, family: dict[str, Any], key: str) -> Item:
    """As the feed reader would have stored it."""
    told = family["tellings"][key]
    id = _id(group, family, key)
    at = datetime.fromisoformat(told["published_at"]).astimezone(UTC)  # as the database keeps it
    source = Origin(id, told.get("site") or "", SourceRegion.DOMESTIC, 5.0, language=told["language"])
    return Item(id, source, told["title"], told["text"], None, at, at, raw_language=told["language"])


def tellings_of(items: Iterable[Item]) -> list[Telling]:
    """The way of judge.py: read, understand, compare."""
    stories = [read(item) for item in items]
    found = []
    for story, about in zip(stories, understand(stories), strict=True):
        line = story.headline
        own = (story.item.id, line.title, line.normalized, line.content_hash, line.language, story.told_at)
        names = names_in([entity.as_json() for entity in about.entities])
        found.append(telling(*own, names, about.keywords, about.summary))
    return found
