"""Where things stand on the 1080x1920 picture, and where YouTube's own buttons and titles stand.

The safe area leaves out what the Shorts player draws over the picture: search and camera at the top, the
channel's name, title and music at the bottom (from about 1480 on), like, comment and share at the right.
"""

from dataclasses import dataclass
from typing import Final, Literal

WIDTH: Final = 1080
HEIGHT: Final = 1920

Position = Literal["top", "middle", "bottom"]


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels: left, top, right and bottom edge."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[int, int]:
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def holds(self, other: "Box") -> bool:
        """Whether `other` lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


SAFE: Final = Box(90, 200, 990, 1480)
HEADLINE: Final = Box(96, 216, 984, 520)
# Narrower than the safe area: at this height the buttons begin at about x = 940.
SUBTITLE_WIDTH: Final = 820
_SUBTITLES: Final[dict[Position, Box]] = {
    "top": Box(130, 540, 950, 790),
    "middle": Box(130, 1060, 950, 1310),
    "bottom": Box(130, 1220, 950, 1470),
}
_CARDS: Final[dict[Position, Box]] = {
    "top": Box(100, 840, 980, 1360),
    "middle": Box(100, 540, 980, 1010),
    "bottom": Box(100, 580, 980, 1140),
}


def subtitles_at(position: Position) -> Box:
    """Where subtitles stand."""
    return _SUBTITLES[position]


def card_at(position: Position) -> Box:
    """Where the card stands when subtitles stand at `position`."""
    return _CARDS[position]
