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
_RED, _BLUE, _BRIGHT, _COLOUR = 1.5748, 1.8556, 255 / 219, 255 / 224
_GREEN_OF_BLUE, _GREEN_OF_RED = -0.0722 * _BLUE / 0.7152, -0.2126 * _RED / 0.7152


def _row(blue: float, red: float) -> tuple[float, float, float, float]:
    """What brightness, blue and red difference add to one colour, and what is taken off for where they begin."""
    blue, red = blue * _COLOUR, red * _COLOUR
    return _BRIGHT, blue, red, -16 * _BRIGHT - 128 * (blue + red)


# The same turned round.
_RGB = (*_row(0, _RED), *_row(_GREEN_OF_BLUE, _GREEN_OF_RED), *_row(_BLUE, 0))


def planes_of(picture: "Image") -> Planes:
    """The planes of an RGB picture of even width and height."""
    from PIL import Image

    half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    return picture.convert("L", _Y), half.convert("L", _U), half.convert("L", _V)


def rgb_of(planes: Planes) -> "NDArray[np.uint8]":
    """The planes as an array of RGB, (height, width, 3), for code that knows no other pictures."""
    import numpy as np
    from PIL import Image

    y, u, v = planes
    whole = [y, *(plane.resize(y.size, Image.Resampling.BILINEAR) for plane in (u, v))]
    return np.asarray(Image.merge("RGB", whole).convert("RGB", _RGB))
