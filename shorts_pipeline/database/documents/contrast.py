"""Contrast of colours as WCAG 2.2 counts it: what a channel's colours must allow, and what is measured on pictures."""

from collections.abc import Sequence
from typing import Final

LEAST_CONTRAST: Final = 4.5
"""WCAG 2.2, success criterion 1.4.3."""
RGB_SHARES: Final = (0.2126, 0.7152, 0.0722)


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB: 0 is black, 1 is white (WCAG 2.2, "relative luminance")."""
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return sum(weight * part for weight, part in zip(RGB_SHARES, linear, strict=True))


def contrast(one: float, other: float) -> float:
    """Contrast of two luminances, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def weakest(texts: Sequence[str], behind: float) -> float:
    """The least contrast that one of the text colours has with a luminance."""
    return min(contrast(luminance(text), behind) for text in texts)


def plate_colour(texts: Sequence[str]) -> str | None:
    """Black or white, on which every one of the text colours can be read; None where neither will do."""
    chosen = max(("#000000", "#FFFFFF"), key=lambda plate: weakest(texts, luminance(plate)))
    return chosen if weakest(texts, luminance(chosen)) >= LEAST_CONTRAST else None
