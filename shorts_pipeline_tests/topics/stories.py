"""Items and channels for the tests of this room."""

import hashlib
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import numpy as np
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, Source, SourceItem, SourceRegion
from shorts_pipeline.resources.models.embedder import Thresholds
from shorts_pipeline.topics.items import Item, Origin
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.rows import a_channel

_numbers = count(1)


def a_desk_channel(session: Session, slug: str, *, gate: str = "auto", **topic_config: Any) -> Channel:
    """A Korean channel that keeps every story unless told otherwise, with an automatic topic gate."""
    config = {"queue": {"least_score": 0}, **topic_config}
    operation = {"review": {"topic": {"mode": gate}}}
    return a_channel(session, slug=slug, topic_config=config, operation_config=operation)


def an_item(session: Session, source: Source, title: str, *, hours_ago: float = 1, **over: Any) -> SourceItem:
    """A collected item, published `hours_ago` before nine in Seoul and read just then."""
    number = next(_numbers)
    row = SourceItem(
        **{
            "source_id": source.id,
            "item_key": f"item-{number}",
            "url": f"https://news.example.com/{number}",
            "title": title,
            "text": "",
            "published_at": NINE_IN_SEOUL - timedelta(hours=hours_ago),
            "fetched_at": NINE_IN_SEOUL,
            **over,
        }
    )
    session.add(row)
    session.flush()
    return row


def heard(title: str, text: str = "", *, told_at: datetime = NINE_IN_SEOUL, **over: Any) -> Item:
    """An item that no table has."""
    source = Origin(uuid4(), over.pop("source", "가상뉴스"), SourceRegion.DOMESTIC, over.pop("credibility", 6.0))
    return Item(uuid4(), source, title, text, "https://news.example.com/", told_at, told_at, **over)


class Unlike:
    """An embedder that needs no model: every text is like itself and like no other."""

    model, dimension, thresholds = "unlike", 64, Thresholds(0.9, 0.85)

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Any:
        """A direction of its own for each text, the same in every process."""
        self.asked += texts
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") for text in texts]
        found = [np.random.default_rng(seed).normal(size=self.dimension) for seed in seeds]
        vectors = np.array(found, dtype=np.float32).reshape(len(texts), self.dimension)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def unlike_titles(count: int) -> list[str]:
    """Headlines that have hardly a word in common."""
    words = [f"{a}{b}{c}" for a in "가나다라마바사아자차" for b in "고노도로모보소오조초" for c in "구누두루무"]
    rng = random.Random(5)
    return [" ".join(rng.sample(words, 6)) for _ in range(count)]
