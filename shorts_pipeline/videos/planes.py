"""Planes: pictures as video has them: brightness, and colour at half the size (yuv420p, BT.709, limited range)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
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


def rgb_of(planes: Planes) -> "NDArray[np.uint8]":
    """The planes as an array of RGB, (height, width, 3), for code that knows no other pictures."""
    import numpy as np

    y, u, v = (np.asarray(plane, dtype=np.float32) for plane in (planes[0], *_enlarged(planes[0], planes[1:])))
    bright, blue, red = (y - 16) * (255 / 219), (u - 128) * (255 / 224), (v - 128) * (255 / 224)
    # Rec. ITU-R BT.709-6, item 3.3, turned round.
    green = bright - (0.0722 * 1.8556 / 0.7152) * blue - (0.2126 * 1.5748 / 0.7152) * red
    coloured = np.stack([bright + 1.5748 * red, green, bright + 1.8556 * blue], axis=-1)
    return np.clip(coloured + 0.5, 0, 255).astype(np.uint8)


def _enlarged(y: "Image", colours: tuple["Image", ...]) -> list["Image"]:
    from PIL import Image

    return [plane.resize(y.size, Image.Resampling.BILINEAR) for plane in colours]
