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
# Narrower than the safe area: at the height of subtitles the buttons begin at about x = 950.
SUBTITLE_RIGHT: Final = 950
_SUBTITLES: Final[dict[Position, Box]] = {
    "top": Box(130, 540, 950, 790),
    "middle": Box(130, 1060, 950, 1310),
    "bottom": Box(130, 1220, 950, 1470),
}
_CARDS: Final[dict[Position, Box]] = {
    "top": Box(100, 840, 980, 1360),
    # Low enough that a still that grows by a twelfth does not push it into a title of three lines.
    "middle": Box(100, 580, 980, 1030),
    "bottom": Box(100, 580, 980, 1140),
}


# Beside the channel's name, or below the subtitles (above them, where they stand at the bottom).
_MARK_TOP: Final = (214, 274)
_MARK_BOTTOM: Final[dict[Position, tuple[int, int]]] = {
    "top": (1370, 1470),
    "middle": (1340, 1470),
    "bottom": (1150, 1210),
}
_MARK_WIDTH: Final = 340


def subtitles_at(position: Position) -> Box:
    """Where subtitles stand."""
    return _SUBTITLES[position]


def card_at(position: Position) -> Box:
    """Where the card stands when subtitles stand at `position`."""
    return _CARDS[position]


def watermark_at(corner: str, position: Position) -> Box:
    """The room for a watermark in a corner when subtitles stand at `position`."""
    top, bottom = _MARK_TOP if corner.startswith("top") else _MARK_BOTTOM[position]
    left, right = SAFE.left + 10, SUBTITLE_RIGHT if corner.startswith("bottom") else SAFE.right - 10
    return (
        Box(left, top, left + _MARK_WIDTH, bottom)
        if corner.endswith("left")
        else Box(right - _MARK_WIDTH, top, right, bottom)
    )
