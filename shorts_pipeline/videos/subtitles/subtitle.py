"""Subtitle: what is spoken, in groups of at most two lines, with the word being spoken in another colour.

A group ends where a sentence ends and never splits an eojeol. How long it stays is pacing.py's, how it is written
down files.py's; here words become groups that fit the safe area and can be read on what is behind them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from shorts_pipeline.database.documents.content_config import Colours, SubtitleStyle
from shorts_pipeline.resources.speech import Word
from shorts_pipeline.videos.fonts import Face, presentable
from shorts_pipeline.videos.layout import SAFE, Box, subtitles_at
from shorts_pipeline.videos.lines import set_in_lines
from shorts_pipeline.videos.subtitles.group import Group
from shorts_pipeline.videos.subtitles.legible import Plate, plate_for
from shorts_pipeline.videos.subtitles.pacing import paced

if TYPE_CHECKING:
    from shorts_pipeline.videos.subtitles.legible import Pixels

SMALLEST = 0.45
"""Share of its size that a very long word may shrink to."""
FAINTEST_PLATE = 0.3
"""Fainter, a plate looks like a mistake."""
_PLATE_WIDER, _PLATE_HIGHER = 26, 10


@dataclass(frozen=True)
class Plated:
    """A group, and the plate under it, where it needs one, with its place."""

    group: Group
    plate: Plate | None
    box: Box


class Scenery(Protocol):
    """Who knows what is behind a box for some time (behind.py)."""

    def pixels(self, box: Box, start: float, end: float) -> "Pixels | None": ...


def grouped(
    sentences: Sequence[Sequence[Word]], style: SubtitleStyle, face: Face, *, end: float | None = None
) -> list[Group]:
    """The groups of all sentences, none seen after `end`. Raises `MissingGlyphs`."""
    groups: list[Group] = []
    for sentence in sentences:
        shown = [Word(text, word.start, word.end) for word in sentence if (text := presentable(word.text, face))]
        groups.extend(_of_sentence(shown, style, face))

    def together(words: Sequence[Word]) -> Group | None:
        one, *more = _of_sentence(words, style, face)
        return None if more else one

    return paced(groups, together, end=end)


def bounds(group: Group, style: SubtitleStyle, face: Face) -> Box:
    """The rectangle that the group covers, its outline with it."""
    x, y = subtitles_at(style.position).centre
    wide = max(face.width(" ".join(word.text for word in line), group.size) for line in group.lines) / 2 + style.outline
    high = group.size * len(group.lines) / 2 + style.outline
    return Box(round(x - wide), round(y - high), round(x + wide), round(y + high))


def plated(
    groups: Sequence[Group], style: SubtitleStyle, colours: Colours, face: Face, scenery: Scenery | None
) -> list[Plated]:
    """The groups with the plate that makes every letter readable on what is behind it; unknown, it may be anything.

    A video has one plate, strong enough for its worst group: plates that come and go or change would flicker.
    """
    texts = [colours.text] if style.highlight == "none" else [colours.text, colours.highlight]
    boxes = [_plate_box(bounds(group, style, face)) for group in groups]
    plates = [
        plate_for(texts, None if scenery is None else scenery.pixels(box, group.start, group.end))
        for group, box in zip(groups, boxes, strict=True)
    ]
    plate = max(plates, key=lambda each: each.opacity, default=None)
    if plate is None or plate.opacity == 0:
        return [Plated(group, None, box) for group, box in zip(groups, boxes, strict=True)]
    seen = Plate(plate.colour, max(plate.opacity, FAINTEST_PLATE))
    return [Plated(group, seen, box) for group, box in zip(groups, boxes, strict=True)]


def _plate_box(text: Box) -> Box:
    return Box(
        max(text.left - _PLATE_WIDER, SAFE.left),
        max(text.top - _PLATE_HIGHER, SAFE.top),
        min(text.right + _PLATE_WIDER, SAFE.right),
        min(text.bottom + _PLATE_HIGHER, SAFE.bottom),
    )


def _of_sentence(words: Sequence[Word], style: SubtitleStyle, face: Face) -> Iterator[Group]:
    box = subtitles_at(style.position)
    texts = [word.text for word in words]
    lines = set_in_lines(texts, lambda text: face.width(text, style.size), box.width)
    for first in range(0, len(lines), style.most_lines):
        chosen = tuple(tuple(words[index] for index in line) for line in lines[first : first + style.most_lines])
        widest = max(face.width(" ".join(word.text for word in line), style.size) for line in chosen)
        shrunk = style.size * max(min(box.width / widest, box.height / (style.size * len(chosen)), 1.0), SMALLEST)
        closes = first + style.most_lines >= len(lines)
        yield Group(chosen, chosen[0][0].start, chosen[-1][-1].end, shrunk, closes)
