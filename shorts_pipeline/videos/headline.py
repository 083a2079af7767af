"""Headline: the channel's name and the story's title, which stand above the picture while it moves beneath.

Drawn once and laid on every frame's planes: 0.4 ms a frame, where drawing it as a subtitle took 2.8 ms.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.content_config import Colours
from shorts_pipeline.language import cut_words
from shorts_pipeline.videos.fonts import Face, presentable
from shorts_pipeline.videos.layout import HEADLINE
from shorts_pipeline.videos.lines import wrapped
from shorts_pipeline.videos.palette import luminance, rgb
from shorts_pipeline.videos.planes import Planes, planes_of

if TYPE_CHECKING:
    from PIL.Image import Image

NAME_SIZE = 44
TITLE_SIZES = (74, 68, 62, 56)
MOST_LINES = 3
LEADING = 1.1
STROKE = 4
_DARK, _LIGHT = "#060A10", "#FFFFFF"
_HALF = 0.18
"""Relative luminance above which a colour stands out better from black than from white."""


@dataclass(frozen=True)
class Overlay:
    """Something that covers part of every frame: its planes, how much each sample of them covers, and where."""

    planes: Planes
    covers: Planes
    left: int
    top: int

    def laid_on(self, frame: Planes, *, copied: bool) -> Planes:
        """The frame with the overlay on it; `copied`: on a copy, the frame itself stays as it is."""
        y, u, v = (plane.copy() if copied else plane for plane in frame)
        for step, base, plane, cover in zip((1, 2, 2), (y, u, v), self.planes, self.covers, strict=True):
            base.paste(plane, (self.left // step, self.top // step), cover)
        return y, u, v


def headline(name: str, title: str, colours: Colours, face: Face) -> Overlay:
    """The headline in the channel's colours. Raises `MissingGlyphs`."""
    picture = draw_headline(presentable(name, face), presentable(title, face), colours, face)
    half = picture.resize((picture.width // 2, picture.height // 2))
    covers = (picture.getchannel("A"), half.getchannel("A"), half.getchannel("A"))
    return Overlay(planes_of(picture.convert("RGB")), covers, HEADLINE.left, HEADLINE.top)


def draw_headline(name: str, title: str, colours: Colours, face: Face) -> "Image":
    """The headline on nothing (RGBA), as large as its box."""
    from PIL import Image, ImageDraw

    edge = _DARK if luminance(rgb(colours.text)) > _HALF else _LIGHT
    picture = Image.new("RGBA", (HEADLINE.width, HEADLINE.height), (*rgb(edge), 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((2, 6, 13, 6 + NAME_SIZE), 5, fill=colours.accent)
    draw.text((32, 2), name, font=face.at(NAME_SIZE), fill=colours.accent, stroke_width=2, stroke_fill=edge)
    size, lines = set_title(title, face, HEADLINE.width - 2 * STROKE)
    y = NAME_SIZE + 24.0
    for line in lines:
        draw.text((STROKE, y), line, font=face.at(size), fill=colours.text, stroke_width=STROKE, stroke_fill=edge)
        y += size * LEADING
    return picture


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
