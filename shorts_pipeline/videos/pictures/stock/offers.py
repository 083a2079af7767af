"""Offers: what a stock library has for some words, as plain values, and which rendition of it is the right one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from shorts_pipeline.videos.layout import HEIGHT, WIDTH
from shorts_pipeline.videos.pictures.illustrate import Credit

Kind = Literal["photo", "video"]

MOST_ENLARGED = 1.8
"""A landscape film of 1920x1080 is enlarged 1.78 times to cover our height; beyond, it looks soft on a telephone."""
MOST_PIXELS = {"photo": 40_000_000, "video": 2560 * 2560}
MOST_CLIP_SECONDS = 90.0


@dataclass(frozen=True)
class Rendition:
    """One file of a work and its size in pixels."""

    address: str
    width: int
    height: int

    @property
    def enlarged(self) -> float:
        """How many times it is enlarged to cover 1080x1920."""
        return max(WIDTH / self.width, HEIGHT / self.height)


@dataclass(frozen=True)
class Offer:
    """A work that may be taken: `rendition` is the file to take; `seconds` is 0 for a photo."""

    identity: str
    rendition: Rendition
    credit: Credit
    seconds: float = 0.0

    @property
    def upright(self) -> bool:
        return self.rendition.height > self.rendition.width


def best(renditions: Iterable[Rendition], kind: Kind) -> Rendition | None:
    """The smallest file that covers the picture; where none does, the largest, unless it would look soft."""
    sound = [one for one in renditions if one.width > 0 and one.height > 0]
    usable = [one for one in sound if one.width * one.height <= MOST_PIXELS[kind] and one.enlarged <= MOST_ENLARGED]
    covering = [one for one in usable if one.enlarged <= 1]
    if covering:
        return min(covering, key=lambda one: one.width * one.height)
    return min(usable, key=lambda one: one.enlarged, default=None)


def ranked(offers: Sequence[Offer], seconds: float) -> list[Offer]:
    """The library's own order, upright ones first, and of films those that last as long as the sentence."""
    usable = [offer for offer in offers if offer.seconds <= MOST_CLIP_SECONDS]
    return sorted(usable, key=lambda offer: (not offer.upright, 0 < offer.seconds < seconds))
