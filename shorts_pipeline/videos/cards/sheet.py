"""Sheet: what a card is drawn on: measures in pixels of 1920, whatever the canvas; smooth shapes and set text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shorts_pipeline.videos.cards.palette import RGB, Palette
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.lines import wrapped

if TYPE_CHECKING:
    from PIL.Image import Image

_FINE = 3
"""Samples a pixel, each way, of a shape's edge."""
_SEAM = 1.5
Edges = tuple[float, float, float, float]


@dataclass(frozen=True)
class Part:
    """Text as it is set: its size, its lines, and from line to line."""

    size: int
    lines: list[str]
    leading: float = 1.16

    @property
    def height(self) -> float:
        return self.size * self.leading * len(self.lines)


@dataclass(frozen=True)
class Sheet:
    """An RGBA picture, a face, the colours, and how many of its pixels one of ours is."""

    picture: "Image"
    face: Face
    colours: Palette
    unit: float

    def fitted(
        self,
        text: str,
        sizes: Sequence[int],
        width: float,
        lines: int,
        height: float = float("inf"),
        *,
        leading: float = 1.16,
    ) -> Part:
        """The text as large as it fits; nothing for no text."""
        if not text:
            return Part(0, [])
        return Part(*fitting(text, self.face, sizes, width, lines, height / leading), leading)

    def width(self, part: Part) -> float:
        """Pixels that the longest line takes."""
        return max((self.face.width(line, part.size) for line in part.lines), default=0.0)

    def write(self, part: Part, x: float, y: float, colour: RGB, *, middle: bool = False) -> float:
        """Set the text from `x` (or around it) on, its top at `y`; where the next may begin."""
        for line in part.lines:
            slack = part.size * (part.leading - 1) / 2
            self.letters(line, x, y + slack, part.size, colour, middle=middle)
            y += part.size * part.leading
        return y

    def letters(self, text: str, x: float, y: float, size: float, colour: RGB, *, middle: bool = False) -> None:
        """One line of text."""
        from PIL import ImageDraw

        draw = ImageDraw.Draw(self.picture)
        font = self.face.at(size * self.unit)
        draw.text((x * self.unit, y * self.unit), text, font=font, fill=(*colour, 255), anchor="ma" if middle else "la")

    def block(self, edges: Edges, colour: RGB, radius: float = 0.0, *, alpha: int = 255) -> None:
        """A rectangle, its corners round; where it is thinner than they are, they get smaller."""
        from PIL import ImageDraw

        box, mask = self._mask(edges)
        inner = tuple(value * self.unit * _FINE for value in (edges[0], edges[1], edges[2], edges[3]))
        shifted = (
            inner[0] - box[0] * _FINE,
            inner[1] - box[1] * _FINE,
            inner[2] - box[0] * _FINE - 1,
            inner[3] - box[1] * _FINE - 1,
        )
        if shifted[2] <= shifted[0] or shifted[3] <= shifted[1]:
            return
        # Where two corners meet, Pillow leaves a seam between them.
        most = max(min(shifted[2] - shifted[0], shifted[3] - shifted[1]) / 2 - _SEAM, 0)
        ImageDraw.Draw(mask).rounded_rectangle(shifted, min(radius * self.unit * _FINE, most), fill=alpha)
        self._laid(mask, box, colour)

    def ring(self, x: float, y: float, radius: float, thick: float, share: float, colours: tuple[RGB, RGB]) -> None:
        """A ring: `share` (0 to 1) of it in the first colour, from the top on, clockwise; the rest in the second."""
        from PIL import ImageDraw

        edges = (x - radius, y - radius, x + radius, y + radius)
        for colour, start, end in ((colours[1], 0.0, 360.0), (colours[0], -90.0, -90.0 + 360.0 * share)):
            box, mask = self._mask(edges)
            size = (mask.width - 1, mask.height - 1)
            inset = 0 if colour == colours[0] else thick * 0.16 * self.unit * _FINE
            ImageDraw.Draw(mask).arc(
                (inset, inset, size[0] - inset, size[1] - inset),
                start,
                end,
                fill=255,
                width=round(thick * self.unit * _FINE - 2 * inset),
            )
            self._laid(mask, box, colour)

    def arrow(self, x: float, y: float, size: float, colour: RGB, *, up: bool) -> None:
        """A triangle that points up or down, its left and top edge at (x, y)."""
        from PIL import ImageDraw

        box, mask = self._mask((x, y, x + size, y + size * 0.86))
        wide, high = mask.size
        corners = [(wide / 2, 0), (wide, high), (0, high)] if up else [(0, 0), (wide, 0), (wide / 2, high)]
        ImageDraw.Draw(mask).polygon(corners, fill=255)
        self._laid(mask, box, colour)

    def balloon(self, edges: Edges, colour: RGB, *, left: bool) -> None:
        """A speech balloon, its tail below at the left or the right."""
        from PIL import ImageDraw

        radius = min(edges[2] - edges[0], edges[3] - edges[1]) * 0.3
        self.block(edges, colour, radius)
        root = edges[0] + radius if left else edges[2] - radius - 46
        box, mask = self._mask((root, edges[3] - 1, root + 46, edges[3] + 36))
        tip = 0 if left else mask.width
        ImageDraw.Draw(mask).polygon([(0, 0), (mask.width, 0), (tip, mask.height)], fill=255)
        self._laid(mask, box, colour)

    def paragraph(self, part: Part, x: float, y: float, marked: str) -> None:
        """Set the text, the words of `marked` in the figure's colour."""
        wanted = marked.split()
        for line in part.lines:
            at = x
            for word in line.split(" "):
                found = bool(wanted) and word.startswith(wanted[0])
                ink = self.colours.figure if found else self.colours.text
                wanted = wanted[1:] if found else wanted
                self.letters(word, at, y + part.size * (part.leading - 1) / 2, part.size, ink)
                at += self.face.width(f"{word} ", part.size)
            y += part.size * part.leading

    def _mask(self, edges: Edges) -> tuple[tuple[int, int, int, int], "Image"]:
        """The whole pixels that hold the edges, and a fine mask of them."""
        from PIL import Image

        left, top = (int(edges[0] * self.unit), int(edges[1] * self.unit))
        right, bottom = (int(edges[2] * self.unit + 0.999), int(edges[3] * self.unit + 0.999))
        box = (left, top, max(right, left + 1), max(bottom, top + 1))
        return box, Image.new("L", ((box[2] - box[0]) * _FINE, (box[3] - box[1]) * _FINE), 0)

    def _laid(self, mask: "Image", box: tuple[int, int, int, int], colour: RGB) -> None:
        from PIL import Image

        small = mask.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BOX)
        self.picture.paste((*colour, 255), box, small)


def fitting(
    text: str, face: Face, sizes: Sequence[int], width: float, lines: int, height: float = float("inf")
) -> tuple[int, list[str]]:
    """The largest size at which the text fits into `width`, `height` and at most `lines` lines.

    Where none does, the smallest, and as many lines as there may be.
    """
    set_so: list[str] = []
    for size in sizes:
        set_so = wrapped(text, lambda part, size=size: face.width(part, size), width)  # type: ignore[misc]
        fits = len(set_so) <= lines and size * len(set_so) <= height
        if fits and all(face.width(line, size) <= width for line in set_so):
            return size, set_so
    return sizes[-1], set_so[:lines]
