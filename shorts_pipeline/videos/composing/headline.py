"""Headline: the channel's name and the story's title, which stand above the picture while it moves beneath.

Drawn once and laid on every frame's planes: 0.4 ms a frame, where drawing it as a subtitle took 2.8 ms.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.content_config import Colours
from shorts_pipeline.language import cut_words
from shorts_pipeline.videos.cards.palette import luminance, rgb
from shorts_pipeline.videos.composing.planes import Planes, planes_of
from shorts_pipeline.videos.fonts import Face, presentable
from shorts_pipeline.videos.layout import HEADLINE, Box
from shorts_pipeline.videos.lines import wrapped

if TYPE_CHECKING:
    from PIL.Image import Image

NAME_SIZE = 44
NAME_SIZES = (NAME_SIZE, 40, 36, 32)
TITLE_TOP = NAME_SIZE + 24.0
TITLE_SIZES = (74, 68, 62, 56)
MOST_LINES = 3
LEADING = 1.1
STROKE = 4
_DARK, _LIGHT = "#060A10", "#FFFFFF"
_HALF = 0.18
"""Relative luminance above which a colour stands out better from black than from white."""


@dataclass(frozen=True)
class Piece:
    """A picture at a place: its planes, how much each sample of them covers, and where (even numbers)."""

    planes: Planes
    covers: Planes
    left: int
    top: int

    def faded(self, strength: float) -> "Piece":
        """The same, covering only `strength` (0–1) of what it covered."""
        table = [round(value * strength) for value in range(256)]
        y, u, v = (cover.point(table) for cover in self.covers)
        return Piece(self.planes, (y, u, v), self.left, self.top)


@dataclass(frozen=True)
class Overlay:
    """What covers parts of every frame: pieces that stay, and one that may be another for each, frame by frame."""

    pieces: tuple[Piece, ...]
    changing: Iterator[Piece | None] = field(default_factory=lambda: repeat(None))

    def faded(self, strength: float) -> "Overlay":
        """The pieces that stay, covering only `strength` (0–1) of what they covered."""
        return Overlay(tuple(piece.faded(strength) for piece in self.pieces))

    def laid_on(self, frame: Planes, *, copied: bool) -> Planes:
        """The next frame with the overlay on it; `copied`: on a copy, the frame itself stays as it is."""
        y, u, v = (plane.copy() if copied else plane for plane in frame)
        changed = next(self.changing, None)
        for piece in (*self.pieces, changed) if changed is not None else self.pieces:
            for step, base, plane, cover in zip((1, 2, 2), (y, u, v), piece.planes, piece.covers, strict=True):
                base.paste(plane, (piece.left // step, piece.top // step), cover)
        return y, u, v


def piece_of(picture: "Image", left: int, top: int) -> Piece | None:
    """The part of an RGBA picture that is not empty, as planes; `left` and `top` are where the whole would stand."""
    found = picture.getchannel("A").getbbox()
    if found is None:
        return None
    box = (found[0] // 2 * 2, found[1] // 2 * 2, -(-found[2] // 2) * 2, -(-found[3] // 2) * 2)
    part = picture.crop(box)
    half = part.resize((part.width // 2, part.height // 2))
    covers = (part.getchannel("A"), half.getchannel("A"), half.getchannel("A"))
    return Piece(planes_of(part.convert("RGB")), covers, left + box[0], top + box[1])


def headline(name: str, title: str, colours: Colours, face: Face, *, kept: Box | None = None) -> list[Piece]:
    """The headline in the channel's colours; its first row leaves out the box `kept`. Raises `MissingGlyphs`."""
    picture = draw_headline(presentable(name, face), presentable(title, face), colours, face, kept=kept)
    # Row by row: what lies between them need not be laid on each frame.
    rows = [picture.crop((0, top, picture.width, bottom)) for top, bottom in pairwise((*_rows(), picture.height))]
    pieces = [piece_of(row, HEADLINE.left, HEADLINE.top + top) for top, row in zip(_rows(), rows, strict=True)]
    return [piece for piece in pieces if piece is not None]


def draw_headline(name: str, title: str, colours: Colours, face: Face, *, kept: Box | None = None) -> "Image":
    """The headline on nothing (RGBA), as large as its box."""
    from PIL import Image, ImageDraw

    edge = _DARK if luminance(rgb(colours.text)) > _HALF else _LIGHT
    picture = Image.new("RGBA", (HEADLINE.width, HEADLINE.height), (*rgb(edge), 0))
    draw = ImageDraw.Draw(picture)
    left, right = _first_row(kept)
    draw.rounded_rectangle((left + 2, 6, left + 13, 6 + NAME_SIZE), 5, fill=colours.accent)
    size, shown = set_name(name, face, right - left - 32)
    at = (left + 32, 2 + (NAME_SIZE - size) / 2)
    draw.text(at, shown, font=face.at(size), fill=colours.accent, stroke_width=2, stroke_fill=edge)
    size, lines = set_title(title, face, HEADLINE.width - 2 * STROKE)
    y = TITLE_TOP
    for line in lines:
        draw.text((STROKE, y), line, font=face.at(size), fill=colours.text, stroke_width=STROKE, stroke_fill=edge)
        y += size * LEADING
    return picture


def set_name(name: str, face: Face, width: float) -> tuple[int, str]:
    """The name in one line: a little smaller where it is long, cut at a word where it is very long."""
    for size in NAME_SIZES:
        if face.width(name, size) <= width:
            return size, name
    size = NAME_SIZES[-1]
    cut = (cut_words(name, length) for length in range(len(name), 0, -1))
    return size, next((text for text in cut if face.width(text, size) <= width), "")


def _first_row(kept: Box | None) -> tuple[int, int]:
    """From where to where the name's row may reach, within the headline."""
    if kept is None or kept.top >= HEADLINE.top + TITLE_TOP:
        return 0, HEADLINE.width
    if kept.centre[0] < HEADLINE.centre[0]:
        return (kept.right - HEADLINE.left + 20) // 2 * 2, HEADLINE.width
    return 0, kept.left - HEADLINE.left - 20


def _rows() -> tuple[int, int]:
    """Where the name's row and the title's begin."""
    return 0, round(TITLE_TOP - STROKE) // 2 * 2


def set_title(title: str, face: Face, width: float) -> tuple[int, list[str]]:
    """The title in at most three lines, as large as that allows; cut at a word where even the smallest is too long."""
    for size in TITLE_SIZES:
        lines = wrapped(title, lambda text, size=size: face.width(text, size), width)  # type: ignore[misc]
        if len(lines) <= MOST_LINES and all(face.width(line, size) <= width for line in lines):
            return size, lines
    size = TITLE_SIZES[-1]
    for length in range(len(title), 8, -2):
        lines = wrapped(cut_words(title, length), lambda text: face.width(text, size), width)
        if len(lines) <= MOST_LINES and all(face.width(line, size) <= width for line in lines):
            return size, lines
    return size, []
