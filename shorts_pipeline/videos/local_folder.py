"""Local folder: the channel's own pictures. A file is decoded before it is used; a broken one is passed over.

Beside `name.jpg` a file `name.txt` may say whose it is, line by line: author, licence, address.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.videos.card_drawing import draw_card
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.illustrate import Canvas, Credit, Scene, Still, Story

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS = {".jpg", ".jpeg", ".png", ".webp"}
MOST_PIXELS = 60_000_000
DARKENED = 0.62


@dataclass(frozen=True)
class LocalFolder:
    """Pictures of a folder: those whose file name shares a word with the sentence first, then by name."""

    folder: Path
    story: Story
    style: VideoStyle
    face: Face

    def still(self, scene: Scene, used: frozenset[str]) -> Still | None:
        """The best picture that is not used yet and can be decoded."""
        files = sorted(file for file in self.folder.glob("*") if file.suffix.lower() in KINDS)
        for file in sorted(files, key=lambda file: -_shared(file.stem, scene.text)):
            identity = f"local:{file.name}"
            if identity not in used and _decodes(file):
                return Still(self._opening(file, scene), "local", identity, _credit(file))
        return None

    def _opening(self, file: Path, scene: Scene) -> "_Opening":
        return _Opening(file, scene, self.style, self.face)


@dataclass(frozen=True)
class _Opening:
    file: Path
    scene: Scene
    style: VideoStyle
    face: Face

    def __call__(self, canvas: Canvas) -> "Image":
        from PIL import Image, ImageEnhance, ImageOps

        with Image.open(self.file) as read:
            upright = ImageOps.exif_transpose(read).convert("RGB")
        picture = ImageOps.fit(upright, canvas, Image.Resampling.LANCZOS)
        # Text stands on it: darker, whatever it shows.
        picture = ImageEnhance.Brightness(picture).enhance(DARKENED)
        if self.scene.card.kind in {"figure", "quote"}:
            draw_card(picture, self.scene.card, self.style, self.face, index=self.scene.index, count=self.scene.count)
        return picture


def _shared(name: str, text: str) -> int:
    words = {word for word in name.lower().replace("-", " ").replace("_", " ").split() if len(word) > 1}
    return sum(word in text.lower() for word in words)


def _decodes(file: Path) -> bool:
    from PIL import Image

    try:
        with Image.open(file) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return False
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def _credit(file: Path) -> Credit:
    said = file.with_suffix(".txt")
    lines = said.read_text(encoding="utf-8").splitlines() if said.is_file() else []
    author, licence, address = ([line.strip() or None for line in lines] + [None] * 3)[:3]
    return Credit("local", author, licence or "the channel's own", address)
