"""Photo: a picture or film from a file as a scene: cropped and darkened, so that text can stand on it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.videos.cards.drawing import card_overlay
from shorts_pipeline.videos.composing.headline import Overlay
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.layout import HEIGHT
from shorts_pipeline.videos.pictures.clips import ClipFile, first_picture
from shorts_pipeline.videos.pictures.decoding import MOST_PIXELS
from shorts_pipeline.videos.pictures.illustrate import Canvas, Credit, Scene, Still

if TYPE_CHECKING:
    from PIL.Image import Image

MEAN = 84
"""How bright (of 255) a picture may be on the whole, so that white text on it is read."""
DARKEST, LIGHTEST = 0.42, 0.74


def photographed(file: Path, scene: Scene, style: VideoStyle, face: Face, *, source: str, credit: Credit) -> Still:
    """The picture as a still. `credit` carries its identity."""
    card = _card(scene, style, face)
    return Still(
        _Photo(partial(_read, file)), source, credit.identity or str(file), credit, card=card, says=scene.card.text
    )


def filmed(file: Path, scene: Scene, style: VideoStyle, face: Face, *, source: str, credit: Credit) -> Still:
    """The film as a still that moves by itself."""
    opening = _Photo(partial(first_picture, file))
    film = ClipFile(file, lambda: opening.darkening)
    return Still(
        opening, source, credit.identity or str(file), credit, film, _card(scene, style, face), scene.card.text
    )


def darkening(picture: "Image") -> float:
    """What a picture's brightness is multiplied by before text stands on it: the more, the brighter it is."""
    mean = picture.convert("L").resize((1, 1), 4).getpixel((0, 0))
    assert isinstance(mean, int | float)
    return min(max(MEAN / max(mean, 1), DARKEST), LIGHTEST)


@dataclass(frozen=True)
class _Photo:
    read: Callable[[], "Image"]

    def __call__(self, canvas: Canvas) -> "Image":
        from PIL import Image, ImageOps

        picture = ImageOps.fit(self.read(), canvas, Image.Resampling.LANCZOS, centering=(0.5, 0.42))
        dark = darkening(picture)
        return picture.point([round(value * dark) for value in range(256)] * 3)

    @cached_property
    def darkening(self) -> float:
        return darkening(self.read())


def _card(scene: Scene, style: VideoStyle, face: Face) -> Callable[[], Overlay | None] | None:
    """A picture speaks for itself, unless the sentence has a figure or says what somebody said."""
    return partial(card_overlay, scene, style, face) if scene.card.kind in {"figure", "quote"} else None


def _read(file: Path) -> "Image":
    """The picture upright in RGB; a JPEG that is far larger than the canvas is read smaller, which is much quicker."""
    from PIL import Image, ImageOps

    with Image.open(file) as read:
        if read.width * read.height > MOST_PIXELS:
            raise ValueError(f"{file.name} has grown since it was checked")
        read.draft("RGB", (round(HEIGHT * 1.5), round(HEIGHT * 1.5)))
        return ImageOps.exif_transpose(read).convert("RGB")
