"""Planes: pictures as video has them: brightness, and colour at half the size (yuv420p, BT.709, limited range)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

Planes = tuple["Image", "Image", "Image"]

# Rec. ITU-R BT.709-6, items 3.2 and 3.3, in steps of limited range (219 of 255 for brightness, 224 for colour).
# Pillow rounds by itself.
_Y = (0.2126 * 219 / 255, 0.7152 * 219 / 255, 0.0722 * 219 / 255, 16.0)
_U = (-0.2126 / 1.8556 * 224 / 255, -0.7152 / 1.8556 * 224 / 255, 0.5 * 224 / 255, 128.0)
_V = (0.5 * 224 / 255, -0.7152 / 1.5748 * 224 / 255, -0.0722 / 1.5748 * 224 / 255, 128.0)


def planes_of(picture: "Image") -> Planes:
    """The planes of an RGB picture of even width and height."""
    from PIL import Image

    half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    return picture.convert("L", _Y), half.convert("L", _U), half.convert("L", _V)
