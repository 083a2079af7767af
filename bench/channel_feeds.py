"""Channel feeds: what the decision does among the items of whole feeds, where hardly any two are one story.

Labelled pairs are half repeats; a channel's candidates are not. The demo's feeds are read as collecting reads them, and
every pair that production would ask about is asked.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import combinations
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from labelled import FOLDER, tellings_of

from shorts_pipeline.database import SourceRegion
from shorts_pipeline.database.documents.topic_config import DuplicateSettings
from shorts_pipeline.embedded.feeds.documents import documents
from shorts_pipeline.resources.models.embedder import SentenceTransformerEmbedder
from shorts_pipeline.sources.feeds import read_feed
from shorts_pipeline.topics.deduplicate import FAR_BELOW
from shorts_pipeline.topics.items import Item, Origin
from shorts_pipeline.topics.same_story import near_same_title, same_story
from shorts_pipeline.topics.telling import Telling

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LABELS = FOLDER / "feeds.json"
MOST_MERGED, LEAST_FOUND = 0.01, 0.9
SETTINGS = DuplicateSettings()


def in_feeds(embedder: SentenceTransformerEmbedder) -> list[dict[str, Any]]:
    """The share of other stories that are merged, and of repeats that are found, among the candidates in feeds."""
    merged, found = [], []
    for one, other, cosine, same in _asked(embedder):
        said = (
            near_same_title(one, other, SETTINGS) is not None
            or same_story(one, other, cosine, SETTINGS, embedder.thresholds) is not None
        )
        (found if same else merged).append(said)
    wrong, right = sum(merged) / len(merged), sum(found) / len(found)
    others, repeats = f"of {len(merged)} pairs of other stories", f"of {len(found)} repeats"
    return [
        {"name": "feeds_merged", "value": wrong, "unit": others, "target": MOST_MERGED, "ok": wrong <= MOST_MERGED},
        {"name": "feeds_found", "value": right, "unit": repeats, "target": LEAST_FOUND, "ok": right >= LEAST_FOUND},
    ]


def _asked(embedder: SentenceTransformerEmbedder) -> Iterator[tuple[Telling, Telling, float, bool]]:
    """Pairs near enough to be asked about, with their cosine and whether they are one story."""
    told, limits = tellings_of(_items()), embedder.thresholds
    vectors = dict(zip([each.id for each in told], embedder.embed([each.embedded for each in told]), strict=True))
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    for one, other in combinations(told, 2):
        cosine = float(vectors[one.id] @ vectors[other.id])
        limit = limits.same_language if one.language == other.language else limits.cross_language
        if cosine > limit - FAR_BELOW and not any(_both(pair, one, other) for pair in labels["undecided"]):
            yield one, other, cosine, any(_both(story, one, other) for story in labels["stories"])


def _both(beginnings: list[str], one: Telling, other: Telling) -> bool:
    return all(any(each.title.startswith(_bare(b)) for b in beginnings) for each in (one, other))


def _bare(beginning: str) -> str:
    """Titles are compared clean, without [속보]."""
    return beginning.removeprefix("[속보] ")


def _items() -> Iterator[Item]:
    for path, body in documents(NOW).items():
        feed = read_feed(body, address=f"https:/{path}", zone=ZoneInfo("Asia/Seoul"), now=NOW)
        source = uuid5(NAMESPACE_URL, path)
        for entry in feed.items:
            language = "ko" if any("가" <= letter <= "힣" for letter in entry.title) else "en"
            origin = Origin(source, path, SourceRegion.DOMESTIC, 5.0, language=language)
            id = uuid5(source, entry.key)
            at = entry.published_at or NOW
            yield Item(id, origin, entry.title, entry.text, entry.url, at, at, raw_language=language)
