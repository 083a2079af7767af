"""Plots: figures for the UI as PNG, in a font that has Hangul. No table is read here."""

import io
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.language import clean_line, cut_words

SIZE_INCHES = (7.6, 3.8)
# Legible in the UI's dialogue, and small: the picture is stored with every run.
DOTS_PER_INCH = 100
FONT = "NanumGothic"
# Enough of a title to know the short by.
TITLE_LENGTH = 26


def drawn(draw: Callable[[Any, Any], None]) -> bytes:
    """A PNG of what `draw` puts on a figure and its axes."""
    # Never pyplot: it keeps every figure and looks for a screen.
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = io.BytesIO()
    with rc_context({"font.family": _font(), "font.size": 9, "axes.unicode_minus": False}):
        figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, layout="constrained")
        draw(figure, figure.subplots())
        FigureCanvasAgg(figure).print_png(made, pil_kwargs={"optimize": True})
    return made.getvalue()


def as_markdown(png: bytes, described: str) -> str:
    """The picture in a line of Markdown, for a run's metadata."""
    return f"![{described}](data:image/png;base64,{b64encode(png).decode()})"


def short_title(title: str) -> str:
    """A title cut for a legend, without what the font lacks (emoji) and without what would be read as a formula."""
    glyphs = _glyphs()
    shown = "".join(character for character in clean_line(title) if ord(character) in glyphs)
    short = cut_words(" ".join(shown.split()), TITLE_LENGTH).replace("$", r"\$")
    # A legend leaves out what begins with an underscore.
    return f" {short}" if short.startswith("_") else short


@lru_cache(maxsize=1)
def _font() -> str:
    """The font's name, once matplotlib knows its file."""
    from matplotlib.font_manager import fontManager

    fontManager.addfont(_font_file())
    return FONT


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(_font_file())).get_charmap())


def _font_file() -> Path:
    # Looked for, not imported: importing it changes matplotlib.
    found = find_spec("koreanize_matplotlib")
    if found is None or found.origin is None:
        raise NeedsPerson("no Hangul font: install koreanize-matplotlib, which carries NanumGothic")
    return Path(found.origin).parent / "fonts" / f"{FONT}.ttf"
