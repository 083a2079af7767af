"""Drawn: backgrounds made here, in the channel's colours: a deep gradient with lights and one quiet motif, and a card.

Smooth things are computed small and enlarged; only edges and letters are drawn at full size.
"""

import math
import random
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.videos.cards.drawing import card_overlay
from shorts_pipeline.videos.cards.palette import RGB, rgb
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.pictures.illustrate import Canvas, Scene, Still, Story

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

_SMALL = 6
MOTIFS = ("rings", "bands", "dots", "waves", "blocks")


@dataclass(frozen=True)
class Drawn:
    """Draws a still for any scene."""

    story: Story
    style: VideoStyle
    face: Face

    def still(self, scene: Scene, used: frozenset[str]) -> Still | None:  # noqa: ARG002 - drawn anew each time
        """Always a picture, and another one for every sentence."""

        picture = partial(background, self.style, seed=self.story.seed, turn=scene.index)
        card = partial(card_overlay, scene, self.style, self.face)
        return Still(picture, "drawn", f"drawn:{scene.index}", card=card, says=scene.card.text)


def background(style: VideoStyle, canvas: Canvas, *, seed: int, turn: int) -> "Image":
    """The `turn`-th background of a story: same colours, other lights, another motif."""
    chance = random.Random(f"{seed}/{turn}")  # noqa: S311 - not for secrets
    picture = _lights(style, canvas, chance)
    motif = MOTIFS[(seed + turn) % len(MOTIFS)]
    _motif(picture, motif, rgb(style.colours.accent), chance)
    return picture


def _lights(style: VideoStyle, canvas: Canvas, chance: random.Random) -> "Image":
    """A diagonal gradient with two soft lights, darker at the edges, dithered against banding."""
    import numpy as np
    from PIL import Image

    wide, high = canvas[0] // _SMALL, canvas[1] // _SMALL
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    x, y = x / wide, y / high
    dark, light, accent = (
        np.array(rgb(colour), dtype=np.float32)
        for colour in (style.colours.background, style.colours.background_end, style.colours.accent)
    )
    angle = chance.uniform(0.25, 0.75)
    slope = np.clip(x * angle + y * (1 - angle), 0, 1)[..., None]
    # Subtitles and cards stand on it in the text colour: it stays in the darker two thirds.
    colour = dark * (1 - slope * 0.62) + light * (slope * 0.62)
    side = chance.choice((0.0, 1.0))
    for centre_x, centre_y, reach, tint, strength in (
        (side, chance.uniform(0.05, 0.3), 0.42, accent, 0.34),
        (1 - side, chance.uniform(0.6, 0.9), 0.5, light, 0.42),
    ):
        distance = (x - centre_x) ** 2 + ((y - centre_y) * 1.4) ** 2
        glow = (np.exp(-distance / (2 * (reach * 0.55) ** 2)) * strength)[..., None]
        colour = colour * (1 - glow) + tint * glow
    vignette = 1 - 0.38 * np.clip(((x - 0.5) ** 2 + (y - 0.5) ** 2) * 1.6 - 0.2, 0, 1)[..., None]
    small = np.clip(colour * vignette, 0, 255)
    # Enlarged channel by channel in floating point, so that rounding (and with it banding) comes last.
    grain = np.random.default_rng(7).uniform(-0.9, 0.9, (canvas[1] // 2, canvas[0] // 2)).astype(np.float32)
    half = (canvas[0] // 2, canvas[1] // 2)
    planes = [Image.fromarray(small[..., channel]).resize(half, Image.Resampling.BICUBIC) for channel in range(3)]
    dithered = [np.clip(np.asarray(plane) + grain + 0.5, 0, 255).astype(np.uint8) for plane in planes]
    merged = Image.merge("RGB", [Image.fromarray(plane) for plane in dithered])
    return merged.resize(canvas, Image.Resampling.BILINEAR)


def _motif(picture: "Image", motif: str, colour: RGB, chance: random.Random) -> None:
    """One quiet pattern in the accent colour; made half as large and large again, which softens its edges."""
    from PIL import Image, ImageDraw

    mask = Image.new("L", picture.size, 0)
    {"rings": _rings, "bands": _bands, "dots": _dots, "waves": _waves, "blocks": _blocks}[motif](
        ImageDraw.Draw(mask), picture.size, chance
    )
    mask = mask.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    mask = mask.resize(picture.size, Image.Resampling.BICUBIC)
    picture.paste(Image.new("RGB", picture.size, colour), (0, 0), mask)


def _rings(draw: "ImageDraw", size: Canvas, chance: random.Random) -> None:
    wide, high = size
    x, y = chance.choice((0, wide)), chance.choice((high * 0.12, high * 0.86))
    for index in range(7):
        radius = wide * (0.22 + 0.17 * index)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=46 - 5 * index, width=6)


def _bands(draw: "ImageDraw", size: Canvas, chance: random.Random) -> None:
    wide, high = size
    slant = wide * chance.choice((-0.55, 0.55))
    for index in range(5):
        left = wide * (-0.5 + 0.42 * index)
        draw.polygon(
            [(left, high), (left + wide * 0.16, high), (left + wide * 0.16 + slant, 0), (left + slant, 0)],
            fill=14 + 3 * (index % 3),
        )


def _dots(draw: "ImageDraw", size: Canvas, chance: random.Random) -> None:
    wide, high = size
    top = chance.random() < 0.5
    for row in range(22):
        strength = (1 - row / 22) * 60
        y = row * 52 + 28 if top else high - row * 52 - 28
        for column in range(wide // 52 + 1):
            x = column * 52 + (26 if row % 2 else 0)
            radius = 3 + 4.4 * (1 - row / 22)
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=round(strength))


def _waves(draw: "ImageDraw", size: Canvas, chance: random.Random) -> None:
    wide, high = size
    start = chance.uniform(0, math.tau)
    for layer in range(4):
        base = high * (0.72 + 0.075 * layer)
        top = [
            (x, base + math.sin(x / wide * math.tau * (0.8 + 0.2 * layer) + start + layer) * high * 0.025)
            for x in range(0, wide + 24, 24)
        ]
        draw.polygon([*top, (wide + 24, high), (0, high)], fill=12 + 7 * layer)


def _blocks(draw: "ImageDraw", size: Canvas, chance: random.Random) -> None:
    wide, high = size
    side = wide // 9
    for row in range(-1, high // side + 1):
        for column in range(10):
            if chance.random() < 0.16:
                x, y = column * side, row * side + (side // 2 if column % 2 else 0)
                draw.rounded_rectangle((x + 6, y + 6, x + side - 6, y + side - 6), 20, fill=chance.choice((10, 16, 26)))
