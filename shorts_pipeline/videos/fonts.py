"""Fonts: the faces text is drawn with, and whether they hold every letter of it.

libass substitutes another font without a word and Pillow draws boxes; so letters are checked first and a
missing one is an error. NanumGothic (OFL-NanumGothic.txt) comes with koreanize-matplotlib; a channel's own
fonts lie in `fonts/` under the media root.
"""

import importlib.util
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from shorts_pipeline.errors import ConfigurationError, NeedsPerson, Rejected
from shorts_pipeline.language import clean_line
from shorts_pipeline.resources.media import MediaStore

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SHIPPED = "NanumGothic"
FOLDER = "fonts"
_SHIPPED_FILE = "NanumGothicExtraBold.ttf"
_LICENCE = "OFL-NanumGothic.txt"
# Pictographs and marks on them, joiners, private and unassigned code points: nobody speaks them.
_UNSPOKEN = {"So", "Sk", "Cf", "Co", "Cn", "Cs", "Mn", "Me"}


class MissingGlyphs(Rejected):
    """The font cannot show the text."""


@dataclass(frozen=True)
class Face:
    """A font file, and the name by which libass finds it in the folder it lies in."""

    name: str
    file: Path

    def at(self, size: float) -> "FreeTypeFont":
        """The face for Pillow, `size` pixels from its highest to its lowest line, which is how libass counts."""
        return _loaded(self.file, max(round(size / _height(self.file)), 1))

    def width(self, text: str, size: float) -> float:
        """Pixels that the text takes in a line."""
        return float(self.at(size).getlength(text))


def face(family: str, store: MediaStore) -> Face:
    """The channel's font, copied into the media root if it is the shipped one. Raises `ConfigurationError`."""
    if family == SHIPPED:
        return Face("NanumGothicExtraBold", _shipped(store))
    for file in sorted(store.path(FOLDER).glob("*.[to]tf")):
        if family in _names(file):
            return Face(family, file)
    raise ConfigurationError(
        f"no font {family!r}: put its .ttf or .otf file into {FOLDER}/ under the media root, or write {SHIPPED}"
    )


def presentable(text: str, face: Face) -> str:
    """The text without what is not spoken (emoji, invisible marks); a letter with an accent it lacks loses the accent.

    Raises `MissingGlyphs` for anything else that the font does not hold.
    """
    glyphs = _glyphs(face.file)
    shown = [_shown(character, glyphs) for character in clean_line(text)]
    result = " ".join("".join(shown).split())
    if missing := sorted({character for character in result if ord(character) not in glyphs}):
        listed = " ".join(f"{character} (U+{ord(character):04X})" for character in missing[:10])
        raise MissingGlyphs(f"the font {face.name} has no glyph for {listed}; choose a font that holds them")
    return result


def _shown(character: str, glyphs: frozenset[int]) -> str:
    if ord(character) in glyphs or character == " ":
        return character
    base = unicodedata.normalize("NFKD", character)
    base = "".join(part for part in base if unicodedata.category(part) not in {"Mn", "Me"})
    if base and all(ord(part) in glyphs for part in base):
        return base
    return "" if unicodedata.category(character) in _UNSPOKEN else character


def _shipped(store: MediaStore) -> Path:
    target = store.path(f"{FOLDER}/{_SHIPPED_FILE}")
    if not store.exists(f"{FOLDER}/{_SHIPPED_FILE}"):
        # Looked for, not imported: importing it changes matplotlib.
        found = importlib.util.find_spec("koreanize_matplotlib")
        if found is None or found.origin is None:
            raise NeedsPerson("no Hangul font: install koreanize-matplotlib, which carries NanumGothic")
        store.write_bytes(f"{FOLDER}/{_LICENCE}", Path(__file__).with_name(_LICENCE).read_bytes())
        store.write_bytes(
            f"{FOLDER}/{_SHIPPED_FILE}", (Path(found.origin).parent / "fonts" / _SHIPPED_FILE).read_bytes()
        )
    return target


@lru_cache(maxsize=8)
def _glyphs(file: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=32)
def _names(file: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as font:
        return frozenset(str(record) for record in font["name"].names if record.nameID in {1, 4, 16})


@lru_cache(maxsize=128)
def _loaded(file: Path, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(str(file), size)


@lru_cache(maxsize=8)
def _height(file: Path) -> float:
    """Highest to lowest line of the font, in units of its em square."""
    ascent, descent = _loaded(file, 1000).getmetrics()
    return (ascent + descent) / 1000
