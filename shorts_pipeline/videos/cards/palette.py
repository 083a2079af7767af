"""Palette: the channel's colours as a card uses them, made to be read: at least 4.5 : 1 against what is behind.

Contrast is WCAG 2.2's (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio), 1.4.3 for the limit.
"""

from dataclasses import dataclass

from shorts_pipeline.database.documents.content_config import Colours

RGB = tuple[int, int, int]
LEAST_CONTRAST = 4.5
COVERS = 0.86
"""How much the panel covers of what is behind it."""
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_BRIGHTEST_BEHIND = 196
"""A photo is darkened to .74 at most (photo.py); a drawn background is darker."""


@dataclass(frozen=True)
class Palette:
    """Colours of a card."""

    panel: RGB
    text: RGB
    figure: RGB
    shape: RGB
    quiet: RGB


def palette(colours: Colours) -> Palette:
    """The channel's colours on a panel that suits its text: dark under light text, light under dark."""
    text = rgb(colours.text)
    dark = luminance(text) > 0.18
    panel = mixed(rgb(colours.background), _BLACK if dark else _WHITE, 0.45 if dark else 0.8)
    while dark and luminance(panel) > 0.03:
        panel = mixed(panel, _BLACK, 0.3)
    worst = mixed(panel, (_BRIGHTEST_BEHIND,) * 3 if dark else _BLACK, 1 - COVERS)
    return Palette(
        panel,
        readable(text, worst),
        readable(rgb(colours.highlight), worst),
        readable(rgb(colours.accent), worst, 3.0),
        mixed(panel, text, 0.26),
    )


def rgb(colour: str) -> RGB:
    """#RRGGBB as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(one: RGB, other: RGB, share: float) -> RGB:
    """`share` of the other colour in the one."""
    return tuple(round(a * (1 - share) + b * share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 to 1."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: RGB, other: RGB) -> float:
    """1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: RGB, behind: RGB, least: float = LEAST_CONTRAST) -> RGB:
    """The colour itself, or as little nearer to white or black as makes it readable."""
    towards = _WHITE if contrast(_WHITE, behind) >= contrast(_BLACK, behind) else _BLACK
    for step in range(21):
        if contrast(found := mixed(colour, towards, step / 20), behind) >= least:
            return found
    return towards
