"""Thumbnail: the picture that is clicked, 1280x720, and a poster of 1080x1920; readable when 120 pixels high."""

import io
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.language import cut_words, graphemes
from shorts_pipeline.videos.cards.choose import card_for
from shorts_pipeline.videos.cards.sheet import fitting
from shorts_pipeline.videos.fonts import Face, presentable
from shorts_pipeline.videos.pictures.drawn import background
from shorts_pipeline.videos.pictures.illustrate import Canvas, Story

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL: Canvas = (1280, 720)
POSTER: Canvas = (1080, 1920)
LEAST_WIDE, LEAST_TALL = 84, 150
"""Pixels of letters of 720 and of 1920: 14 and 9 of 120, of which the letters themselves fill three quarters.

What does not fit at that size is cut at a word: fewer words that can be read say more than many that cannot.
"""
_DARK = "#060A10"
_QUALITY = 88
_SHORT = 8
_MOST_BYTES = 2_000_000  # YouTube's limit for thumbnails


def thumbnail(story: Story, sentences: list[str], style: VideoStyle, face: Face, canvas: Canvas = THUMBNAIL) -> "Image":
    """The story's figure, where it has one, over its title. Raises `MissingGlyphs`."""
    from PIL import ImageDraw

    picture = background(style, canvas, seed=story.seed, turn=0)
    draw = ImageDraw.Draw(picture)
    wide, high = canvas
    tall = high > wide
    margin = round(min(canvas) * 0.075)
    room = wide - 2 * margin
    largest = 1.0 if tall else 0.8
    title = presentable(cut_words(story.title, style.thumbnail.most_characters), face)
    figure = presentable(_figure(story, sentences), face) if style.thumbnail.layout != "split" else ""
    least = LEAST_TALL if tall else LEAST_WIDE
    wanted = style.thumbnail.font_size * largest * (1 if figure else 1.6 if len(title) > _SHORT else 2.4)
    most = (7 if tall else 4) - (2 if figure else 0)
    space = high * (0.7 - (0.24 if figure and not tall else 0))
    size, lines = _large(title, face, max(round(wanted), least), least, room, most, space)
    rows = [(size, line, style.colours.text) for line in lines]
    if figure:
        large, _ = fitting(figure, face, range(round(min(canvas) * 0.36), least // 2, -6), room, 1)
        rows.insert(0, (large, figure, style.colours.highlight))
    taken = sum(size * 1.12 for size, _, _ in rows)
    y = (high - taken) / 2 - (high * 0.06 if tall else 0)
    draw.rounded_rectangle((margin * 0.42, y, margin * 0.42 + 12, y + taken), 6, fill=style.colours.accent)
    for size, line, colour in rows:
        stroke = max(size // 18, 3)
        draw.text((margin, y), line, font=face.at(size), fill=colour, stroke_width=stroke, stroke_fill=_DARK)
        y += size * 1.12
    return picture


def _large(
    text: str, face: Face, wanted: int, least: int, width: float, most: int, height: float
) -> tuple[int, list[str]]:
    """As large as fits, with as many whole words as fit at the least size; only one very long word is broken."""
    for length in range(len(text), 0, -1):
        shown = cut_words(text, length)
        size, lines = fitting(shown, face, range(wanted, least - 1, -2), width, most, height)
        whole = " ".join(lines) == shown and size * len(lines) <= height
        if whole and all(face.width(line, size) <= width for line in lines):
            return size, lines
        if " " not in shown:
            return least, _broken(shown, face, least, width)[:most]
    return least, []


def _broken(word: str, face: Face, size: int, width: float) -> list[str]:
    """A word that is wider than a line, in as many as it takes."""
    lines = [""]
    for letter in graphemes(word):
        if lines[-1] and face.width(lines[-1] + letter, size) > width:
            lines.append("")
        lines[-1] += letter
    return lines


def jpeg(picture: "Image", *, quality: int = _QUALITY) -> bytes:
    """The picture as JPEG, small enough for YouTube."""
    while True:
        written = io.BytesIO()
        picture.save(written, "JPEG", quality=quality, optimize=True)
        if written.tell() <= _MOST_BYTES or quality <= 40:
            return written.getvalue()
        quality -= 12


def _figure(story: Story, sentences: list[str]) -> str:
    """The first figure the story tells, its title's before others'."""
    for text in [story.title, *sentences]:
        card = card_for(text, keywords=(), language=story.language, said=frozenset())
        if card.kind == "figure":
            return card.text
    return ""
