"""What YouTube accepts of a video's words (Data API, videos.insert), so that nothing is sent to be refused."""

from collections.abc import Iterator, Sequence
from typing import Final

import regex

TITLE_CHARACTERS: Final = 100
DESCRIPTION_BYTES: Final = 5_000
TAGS_CHARACTERS: Final = 500
# Control characters but line breaks and tabs, lone surrogates, and what turns the direction of writing around.
_HIDDEN = regex.compile(r"[\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]|[\p{Cc}--[\n\t]]", regex.VERSION1)


def tags_length(tags: Sequence[str]) -> int:
    """Characters as YouTube counts them: commas between, two quotation marks around a tag with a space."""
    return sum(len(tag) + (2 if " " in tag else 0) for tag in tags) + max(0, len(tags) - 1)


def objections(title: str, description: str, tags: Sequence[str]) -> list[str]:
    """What YouTube would refuse, or a viewer could be misled by, in words for a person; empty: nothing."""
    return [*_in_title(title), *_in_description(description), *_in_tags(tags)]


def _in_title(title: str) -> Iterator[str]:
    if not title.strip():
        yield "the title is empty"
    if len(title) > TITLE_CHARACTERS:
        yield f"the title has {len(title)} characters, {TITLE_CHARACTERS} are allowed"
    if "\n" in title:
        yield "the title has a line break"
    yield from _anywhere("title", title)


def _in_description(description: str) -> Iterator[str]:
    size = len(description.encode(errors="replace"))
    if size > DESCRIPTION_BYTES:
        yield f"the description has {size} bytes, {DESCRIPTION_BYTES} are allowed"
    yield from _anywhere("description", description)


def _in_tags(tags: Sequence[str]) -> Iterator[str]:
    if (length := tags_length(tags)) > TAGS_CHARACTERS:
        yield f"the tags have {length} characters, {TAGS_CHARACTERS} are allowed"
    if any("," in tag or not tag.strip() for tag in tags):
        yield "a tag is empty or has a comma"
    yield from _anywhere("tags", "".join(tags))


def _anywhere(where: str, text: str) -> Iterator[str]:
    if "<" in text or ">" in text:
        yield f"{where}: < and > are refused by YouTube"
    if _HIDDEN.search(text):
        yield f"{where}: hidden characters (control or direction of writing)"
