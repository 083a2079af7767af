"""Card drawing: a card on a picture, large enough to be read on a telephone in a second.

One panel, one margin, one type scale for all cards: a label, the large thing, a note. What stands on the panel is set
from its left edge, as the headline above and unlike the subtitles below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.videos.cards.chart_drawing import draw_chart
from shorts_pipeline.videos.cards.palette import COVERS, Palette, mixed, palette
from shorts_pipeline.videos.cards.sheet import Sheet
from shorts_pipeline.videos.composing.headline import Overlay, piece_of
from shorts_pipeline.videos.fonts import Face, MissingGlyphs, presentable
from shorts_pipeline.videos.layout import HEIGHT, WIDTH, Box, card_at
from shorts_pipeline.videos.pictures.illustrate import Canvas, Scene

if TYPE_CHECKING:
    from PIL.Image import Image

RADIUS = 40
PADDING = 60
LABEL_SIZES = range(56, 40, -2)
FIGURE_SIZES = range(236, 84, -4)
WORD_SIZES = range(176, 78, -4)
QUOTE_SIZES = range(80, 48, -2)
_MOST_QUOTE_LINES = 4
_PROGRESS = 74
"""What the marks at the foot take of the height."""


@dataclass(frozen=True)
class Layer:
    """A card on nothing (RGBA) and where it stands on the canvas."""

    picture: "Image"
    left: int
    top: int


def card_overlay(scene: Scene, style: VideoStyle, face: Face) -> Overlay | None:
    """The scene's card as it is laid on every frame: it stands still while the picture moves."""
    layer = card_layer(scene, style, face, (WIDTH, HEIGHT))
    piece = piece_of(layer.picture, layer.left, layer.top) if layer is not None else None
    return Overlay((piece,)) if piece is not None else None


def card_layer(scene: Scene, style: VideoStyle, face: Face, canvas: Canvas) -> Layer | None:
    """The card by itself; none where the font cannot show it: a card adds to what is spoken, it does not carry it."""
    card = scene.card
    try:
        said = (card.text, card.before, card.after, card.clause)
        text, before, after, clause = (presentable(part, face) for part in said)
    except MissingGlyphs:
        return None
    if card.kind == "none" or not text:
        return None
    box, unit = _placed(card_at(style.subtitles.position), canvas)
    colours = palette(style.colours)
    sheet = Sheet(_panel(box, colours, unit), face, colours, unit)
    counted = 1 < scene.count <= 16
    inside = Box(
        PADDING,
        PADDING - 14,
        round(box.width / unit) - PADDING,
        round(box.height / unit) - (_PROGRESS if counted else PADDING - 14),
    )
    if card.chart is not None:
        draw_chart(sheet, inside, card.chart, text, (before, after, clause))
    elif card.kind == "quote":
        _quote(sheet, inside, text)
    elif card.kind == "question":
        _question(sheet, inside)
    else:
        _large(sheet, inside, (before, text, after), WORD_SIZES if card.kind == "word" else FIGURE_SIZES)
    if counted:
        _progress(sheet, inside, scene.index, scene.count)
    return Layer(sheet.picture, box.left, box.top)


def _placed(box: Box, canvas: Canvas) -> tuple[Box, float]:
    """A box of the 1080x1920 picture on a canvas that is a little larger around the same centre, and its scale."""
    unit = canvas[1] / HEIGHT
    shift = (canvas[0] - WIDTH * unit) / 2
    left, top = (round((box.left * unit + shift) / 2) * 2, round(box.top * unit / 2) * 2)
    return Box(left, top, left + round(box.width * unit / 2) * 2, top + round(box.height * unit / 2) * 2), unit


def _panel(box: Box, colours: Palette, unit: float) -> "Image":
    """A panel, a little lighter at its top, with a fine edge; drawn at double size for smooth corners."""
    from PIL import Image, ImageDraw

    size = (box.width * 2, box.height * 2)
    shape, edge = Image.new("L", size, 0), Image.new("L", size, 0)
    corner = round(RADIUS * 2 * unit)
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), corner, fill=round(255 * COVERS))
    ImageDraw.Draw(edge).rounded_rectangle((1, 1, size[0] - 2, size[1] - 2), corner, outline=120, width=round(4 * unit))
    panel = Image.new("RGB", (box.width, box.height), colours.panel)
    panel.paste(Image.new("RGB", panel.size, colours.shape), (0, 0), edge.resize(panel.size, Image.Resampling.BOX))
    panel.putalpha(shape.resize(panel.size, Image.Resampling.BOX))
    return panel


def _large(sheet: Sheet, box: Box, texts: tuple[str, str, str], sizes: Sequence[int]) -> None:
    """Label, large thing, note, one under the other; together in the middle of the height."""
    label, note = (sheet.fitted(text, LABEL_SIZES, box.width, 1) for text in (texts[0], texts[2]))
    room = box.height - label.height - note.height
    large = sheet.fitted(texts[1], sizes, box.width, 1, room)
    if len(large.lines) > 1 or sheet.width(large) > box.width or large.size < sizes[0] * 0.5:
        two = sheet.fitted(texts[1], sizes, box.width, 2, room)
        large = two if two.size > large.size or sheet.width(large) > box.width else large
    y = box.top + (box.height - label.height - note.height - large.height) / 2
    if not label.lines and not note.lines:
        sheet.block((box.left, y - 22, box.left + 84, y - 12), sheet.colours.shape, 5)
        y += 8
    for part, colour in ((label, sheet.colours.text), (large, sheet.colours.figure), (note, sheet.colours.text)):
        y = sheet.write(part, box.left, y, colour)


def _quote(sheet: Sheet, box: Box, text: str) -> None:
    part = sheet.fitted(text, QUOTE_SIZES, box.width, _MOST_QUOTE_LINES, box.height - 110, leading=1.2)
    y = box.top + (box.height - part.height - 92) / 2
    sheet.letters("“", box.left - 6, y - 14, 210, sheet.colours.shape)
    sheet.write(part, box.left, y + 92, sheet.colours.text)


def _question(sheet: Sheet, box: Box) -> None:
    """Two balloons: a question, and an answer that is being written."""
    x, y, high = box.centre[0], box.top, box.height
    sheet.balloon((x - 250, y + 6, x + 60, y + high * 0.72), sheet.colours.shape, left=True)
    part = sheet.fitted("?", range(200, 80, -4), 200, 1, high * 0.62)
    sheet.write(part, x - 95, y + 6 + (high * 0.72 - 6 - part.height) / 2, sheet.colours.panel, middle=True)
    edges = (x + 20, y + high * 0.46, x + 270, y + high * 0.86)
    sheet.balloon(edges, sheet.colours.quiet, left=False)
    middle = (edges[1] + edges[3]) / 2
    for place in (-1, 0, 1):
        centre = (edges[0] + edges[2]) / 2 + place * 54
        sheet.block((centre - 14, middle - 14, centre + 14, middle + 14), sheet.colours.text, 14)


def _progress(sheet: Sheet, box: Box, index: int, count: int) -> None:
    """How far the story is: a mark for every sentence, those told in the accent colour."""
    gap, high = 10, 7
    wide = min(56.0, (box.width - (count - 1) * gap) / count)
    y = box.bottom + 32
    for place in range(count):
        x = box.left + place * (wide + gap)
        colour = sheet.colours.shape if place <= index else mixed(sheet.colours.panel, sheet.colours.text, 0.24)
        sheet.block((x, y, x + wide, y + high), colour, high / 2)
