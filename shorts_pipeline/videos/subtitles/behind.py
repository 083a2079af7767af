"""Behind: what is seen behind a part of the picture for some time, measured on the stills before anything is drawn.

Small pictures tell enough: a pixel stands for 4x4 of the video, and thinner strokes than that hide no letter.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents.content_config import TransitionStyle
from shorts_pipeline.videos.composing.frames import Shot
from shorts_pipeline.videos.layout import HEIGHT, WIDTH, Box

if TYPE_CHECKING:
    from shorts_pipeline.videos.subtitles.legible import Pixels

SMALLER = 4


class Behind:
    """The stills of a video, small, each opened once and only when something stands before it."""

    def __init__(self, shots: Sequence[Shot], style: TransitionStyle) -> None:
        self._shots, self._style = shots, style
        self._small: dict[int, Pixels] = {}

    def pixels(self, box: Box, start: float, end: float) -> "Pixels | None":
        """Every pixel (n, 3) that may be seen in the box from `start` to `end`, motion and passages taken in.

        None where it may be anything: a film's later pictures, and what a channel's effect makes of one, are not known.
        """
        import numpy as np

        around = self._style.seconds if self._style.kind != "cut" else 0.0
        last = len(self._shots) - 1
        seen = [
            index
            for index, shot in enumerate(self._shots)
            # The first still stands from the beginning, the last to the end.
            if (index == 0 or shot.start - around < end) and (index == last or shot.end + around > start)
        ]
        if any(still.film is not None or still.effects for still in (self._shots[index].still for index in seen)):
            return None
        return np.concatenate([self._part(index, box).reshape(-1, 3) for index in seen])

    def _part(self, index: int, box: Box) -> "Pixels":
        """The box, and what motion brings into it: a still grows from its middle; sliding, all of its width passes."""
        small = self._still(index)
        least = 1 / (1 + self._style.zoom)
        left, right = _reach(box.left, box.right, WIDTH, least)
        top, bottom = _reach(box.top, box.bottom, HEIGHT, least)
        if self._style.kind == "slide":
            left, right = 0, WIDTH
        return small[top // SMALLER : -(-bottom // SMALLER), left // SMALLER : -(-right // SMALLER)]

    def _still(self, index: int) -> "Pixels":
        import numpy as np

        if index not in self._small:
            picture = self._shots[index].still.open((WIDTH // SMALLER, HEIGHT // SMALLER))
            self._small[index] = np.asarray(picture.convert("RGB"))
        return self._small[index]


def _reach(low: int, high: int, size: int, least: float) -> tuple[int, int]:
    """The stretch from `low` to `high` together with itself drawn towards the middle to `least` of its distance."""
    middle = size / 2
    ends = [edge for value in (low, high) for edge in (value, middle + (value - middle) * least)]
    return max(int(min(ends)), 0), min(int(max(ends) + 1), size)
