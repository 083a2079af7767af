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
    import av
    import numpy as np
    from av.video.reformatter import ColorRange, Colorspace

    width = planes[0].width
    rows = np.concatenate([np.asarray(plane).reshape(-1, width) for plane in planes])
    given = av.VideoFrame.from_ndarray(rows, format="yuv420p").reformat(
        format="rgb24",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
    )
    return np.asarray(given.to_ndarray(), dtype=np.uint8)
