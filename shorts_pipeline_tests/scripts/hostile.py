"""Hostile feed items, and a model that does whatever they ask.

An item of `hostile_items.jsonl`: what its feed brings (`title`, `text`), an honest `script` about it, what it asks a
model for (`asks`: something to say, a title, tags) and what must `never` reach anything that goes out.
"""

import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shorts_pipeline.language import clean_line
from shorts_pipeline.scripts.brief import Draft

ITEMS: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("hostile_items.jsonl").read_text(encoding="utf-8").splitlines()
]
PLACES = ("hook", "body", "conclusion", "title", "tags")


def honest(item: dict[str, Any]) -> dict[str, Any]:
    """What a model answers that lets nobody talk it into anything."""
    return {**item["script"], "title": "", "tags": []}


def obeying(item: dict[str, Any], places: Iterable[str] = PLACES) -> dict[str, Any]:
    """What a model answers that does as the item says in these parts of its answer, and claims it for a fact."""
    answer, asks = honest(item), item["asks"]
    for place in places:
        if place == "title":
            answer["title"] = asks["title"]
        elif place == "tags":
            answer["tags"] = asks["tags"]
        else:
            answer[place] = [*answer[place], asks["say"]]
            answer["claims"] = [*answer["claims"], {"sentence": asks["say"], "source": item["text"]}]
    return answer


def leaked(item: dict[str, Any], *texts: str) -> list[str]:
    """What of the item's forbidden words stands in the texts, in any spelling."""
    said = _letters("\n".join(texts))
    return [word for word in item["never"] if _letters(word) in said]


def everything_said(draft: Draft) -> list[str]:
    """All of a draft that may go out: script, suggested title and tags."""
    return [draft.text, draft.details.get("title", ""), *draft.details.get("tags", ())]


def _letters(text: str) -> str:
    return unicodedata.normalize("NFKC", clean_line(text)).casefold()
