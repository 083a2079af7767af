"""Watermark: the channel's mark in a corner of every frame, inside the safe area and clear of everything else there."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from shorts_pipeline.database.documents.content_config import WatermarkStyle
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.composing.headline import Piece, piece_of
from shorts_pipeline.videos.layout import Box, Position, watermark_at

if TYPE_CHECKING:
    from PIL.Image import Image

_KINDS: Final = ("PNG", "JPEG", "WEBP")
_MOST_PIXELS: Final = 40_000_000
_MOST_BYTES: Final = 30_000_000


def watermark(style: WatermarkStyle, store: MediaStore, position: Position) -> tuple[Piece, Box] | None:
    """The mark and the box it covers, with subtitles at `position`; None for a picture that shows nothing.

    Raises `ConfigurationError` where its file is missing or no picture.
    """
    from PIL import Image

    picture = _read(store.path(style.file), style.file)
    room = watermark_at(style.corner, position)
    shrunk = min(min(style.size, room.height) / picture.height, room.width / picture.width)
    size = (max(round(picture.width * shrunk), 2), max(round(picture.height * shrunk), 2))
    small = picture.resize(size, Image.Resampling.LANCZOS)
    small.putalpha(small.getchannel("A").point([round(value * style.opacity) for value in range(256)]))
    left = room.left if style.corner.endswith("left") else (room.right - size[0]) // 2 * 2
    top = (room.top + (room.height - size[1]) // 2) // 2 * 2
    # On a sheet of even size: planes have half the samples of colour.
    sheet = Image.new("RGBA", (size[0] + size[0] % 2, size[1] + size[1] % 2))
    sheet.paste(small, (0, 0))
    piece = piece_of(sheet, left, top)
    return None if piece is None else (piece, Box(left, top, left + size[0], top + size[1]))


def _read(path: Path, named: str) -> "Image":
    """The picture, decoded to its end."""
    from PIL import Image, ImageOps

    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigurationError(f"watermark: {named} has more than {_MOST_BYTES // 1_000_000} MB")
        with Image.open(path, formats=_KINDS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise ConfigurationError(f"watermark: {named} is {opened.width}x{opened.height}; make it smaller")
            return ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ConfigurationError(
            f"watermark: {named} under the media root is missing or no whole PNG, JPEG or WebP picture: {error}"
        ) from error
