"""Legible: can text be read on what is behind it, and how strong must the plate under it be?

Contrast is counted as WCAG 2.2 does (relative luminance; 1.4.3 asks for 4.5 to 1). A plate is black under light text
and white under dark text, and no stronger than it must be: none on a dark background, a clear one on a white picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.contrast import RGB_SHARES, contrast, luminance, plate_colour, weakest

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

AIMED_AT = 5.0
"""A little more than asked for: encoding and half-covered edges take some of it away."""
STEP = 0.04


@dataclass(frozen=True)
class Plate:
    """A plane of one colour (#RRGGBB) under text; `opacity` from 0 (none) to 1."""

    colour: str
    opacity: float


def plate_for(texts: Sequence[str], behind: "Pixels | None") -> Plate:
    """The weakest plate with which every text colour can be read on each of the pixels (…, 3) behind it.

    Where what is behind is not known (None), it may be anything. Raises `ValueError` for colours that no plate suits.
    """
    import numpy as np

    colour = plate_colour(texts)
    if colour is None:
        raise ValueError(f"no plate suits both {' and '.join(texts)}")
    pixels = np.array([[0, 0, 0], [255, 255, 255]], np.uint8) if behind is None else behind.reshape(-1, 3)
    limits = [luminance(text) for text in texts]
    under = float(luminance(colour))
    for step in range(round(1 / STEP)):
        opacity = step * STEP
        seen = luminances(np.asarray(pixels * (1 - opacity) + 255 * under * opacity, np.float64))
        worst = float(seen.max() if under == 0 else seen.min())
        clear = all((text > worst) == (under == 0) for text in limits)
        if clear and min(contrast(text, worst) for text in limits) >= min(AIMED_AT, weakest(texts, under)):
            return Plate(colour, round(opacity, 2))
    return Plate(colour, 1.0)


def luminances(pixels: "Floats") -> "Floats":
    """Relative luminance of pixels (…, 3) of 0 to 255."""
    import numpy as np

    shares = pixels / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array(RGB_SHARES))
