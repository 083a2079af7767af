"""Card drawing: a card on a picture, large enough to be read on a telephone in a second."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.videos.cards import Card
from shorts_pipeline.videos.fonts import Face, MissingGlyphs, presentable
from shorts_pipeline.videos.layout import HEIGHT, Box, card_at
from shorts_pipeline.videos.lines import wrapped

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

RADIUS = 44
PADDING = 64
MARGIN = 50
BESIDE_SIZES = range(62, 42, -4)
FIGURE_SIZES = range(240, 84, -6)
WORD_SIZES = range(190, 78, -6)
QUOTE_SIZES = range(84, 48, -4)
_MOST_QUOTE_LINES = 4


def draw_card(picture: "Image", card: Card, style: VideoStyle, face: Face, *, index: int, count: int) -> None:
    """Draw the card where the style's subtitles leave room; nothing for a card that says nothing.

    What the font cannot show is left out here: a card adds to what is spoken, it does not carry it.
    """
    try:
        text, before, after = (presentable(part, face) for part in (card.text, card.before, card.after))
    except MissingGlyphs:
        return
    if card.kind == "none" or not text:
        return
    box = _scaled(card_at(style.subtitles.position), picture)
    unit = picture.height / HEIGHT
    _panel(picture, box, style, unit)
    if card.kind == "quote":
        _quote(picture, box, text, style, face, unit)
    else:
        sizes = WORD_SIZES if card.kind == "word" else FIGURE_SIZES
        _large(picture, box, (before, text, after), sizes, style, face, unit)
    _progress(picture, box, index, count, style, unit)


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


def _scaled(box: Box, picture: "Image") -> Box:
    """A box of the 1920 high picture on a canvas that is a little larger around the same centre."""
    unit = picture.height / HEIGHT
    return Box(*(round(edge * unit) for edge in (box.left, box.top, box.right, box.bottom)))


def _panel(picture: "Image", box: Box, style: VideoStyle, unit: float) -> None:
    """A dark glass panel with a bright edge on its left; drawn at double size for smooth corners."""
    from PIL import Image, ImageDraw

    size = (box.width * 2, box.height * 2)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), round(RADIUS * 2 * unit), fill=168)
    mask = mask.resize((box.width, box.height), Image.Resampling.BOX)
    picture.paste(Image.new("RGB", mask.size, _darker(style.colours.background)), (box.left, box.top), mask)
    edge = Image.new("L", size, 0)
    ImageDraw.Draw(edge).rounded_rectangle(
        (2, 2, size[0] - 3, size[1] - 3), round(RADIUS * 2 * unit), outline=92, width=round(5 * unit)
    )
    edge = edge.resize((box.width, box.height), Image.Resampling.BOX)
    picture.paste(Image.new("RGB", edge.size, style.colours.accent), (box.left, box.top), edge)


def _large(
    picture: "Image",
    box: Box,
    texts: tuple[str, str, str],
    sizes: Sequence[int],
    style: VideoStyle,
    face: Face,
    unit: float,
) -> None:
    """Small words, large words, small words, one under the other in the middle of the box."""
    draw, room = _draw(picture), box.width - 2 * PADDING * unit
    beside = [round(size * unit) for size in BESIDE_SIZES]
    small = [fitting(text, face, beside, room, 1) if text else (0, []) for text in (texts[0], texts[2])]
    taken = sum(size * 1.25 for size, _ in small)
    space = box.height - 2 * MARGIN * unit
    scaled = [round(size * unit) for size in sizes]
    size, lines = fitting(texts[1], face, scaled, room, 1, space - taken)
    if face.width(lines[0], size) > room or len(wrapped(texts[1], lambda part: face.width(part, size), room)) > 1:
        size, lines = fitting(texts[1], face, scaled, room, 2, space - taken)
    rows = [*((small[0][0], line, style.colours.text) for line in small[0][1])]
    rows += [(size, line, style.colours.highlight) for line in lines]
    rows += [(small[1][0], line, style.colours.text) for line in small[1][1]]
    y = box.top + (box.height - taken - size * len(lines)) / 2 - 10 * unit
    for high, line, colour in rows:
        slack = 0.0 if colour == style.colours.highlight else high * 0.125
        draw.text((box.centre[0], y + slack), line, font=face.at(high), fill=colour, anchor="ma")
        y += high + 2 * slack


def _quote(picture: "Image", box: Box, text: str, style: VideoStyle, face: Face, unit: float) -> None:
    draw = _draw(picture)
    room = box.width - 2 * PADDING * unit
    sizes = [round(size * unit) for size in QUOTE_SIZES]
    size, lines = fitting(text, face, sizes, room, _MOST_QUOTE_LINES)
    mark = round(190 * unit)
    left = box.left + PADDING * unit
    draw.text((left, box.top + 24 * unit), "“", font=face.at(mark), fill=style.colours.accent, anchor="la")
    leading = size * 1.16
    y = box.top + (box.height - leading * len(lines)) / 2 + 34 * unit
    for line in lines:
        draw.text((left, y), line, font=face.at(size), fill=style.colours.text, anchor="la")
        y += leading


def _progress(picture: "Image", box: Box, index: int, count: int, style: VideoStyle, unit: float) -> None:
    """How far the story is: a mark for every sentence, this one in the highlight colour."""
    if not 1 < count <= 16:
        return
    draw, wide, gap, high = _draw(picture), 44 * unit, 12 * unit, 8 * unit
    x = box.centre[0] - (count * wide + (count - 1) * gap) / 2
    y = box.bottom - 40 * unit
    for place in range(count):
        colour = style.colours.highlight if place == index else _dim(style.colours.text)
        draw.rounded_rectangle((x, y, x + wide, y + high), high / 2, fill=colour)
        x += wide + gap


def _draw(picture: "Image") -> "ImageDraw":
    from PIL import ImageDraw

    return ImageDraw.Draw(picture)


def _darker(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red // 2, green // 2, blue // 2


def _dim(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red // 3 + 20, green // 3 + 24, blue // 3 + 34
