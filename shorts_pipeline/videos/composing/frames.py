"""Frames: scenes with soft passages between them, as raw planar pictures for the encoder: stills in slow motion, clips.

Moving by whole pixels trembles, and resampling every frame costs as much as encoding it. So each still is
enlarged once (three times in brightness, twice in colour) and a frame picks the nearest sample of it: positions
are right to 1/6 pixel for about 1.5 ms a frame. Only two scenes are open at a time, however long the video is.
"""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from shorts_pipeline.database.documents.content_config import TransitionStyle
from shorts_pipeline.videos.composing.headline import Overlay
from shorts_pipeline.videos.composing.planes import Planes, planes_of
from shorts_pipeline.videos.layout import HEIGHT, WIDTH
from shorts_pipeline.videos.pictures.illustrate import Reel, Still

if TYPE_CHECKING:
    from PIL.Image import Image

FINE = 3
"""Samples a pixel of brightness, each way."""
COLOUR_FINE = 2
"""The same for colour, which has half the pixels and which eyes place less exactly."""
LEAST_ZOOM = 0.002
HALFWAY = 0.5
"""Of a passage: until here the old card goes, from here on the new one comes."""


@dataclass(frozen=True)
class Shot:
    """A still from one moment to another, in seconds."""

    still: Still
    start: float
    end: float


@dataclass(frozen=True)
class _Span:
    """A shot in frames: `first` to `last` (exclusive); it comes in over `fade` frames."""

    shot: Shot
    first: int
    last: int
    fade: int


def frame_count(duration: float, rate: int) -> int:
    """Frames that cover the duration."""
    return max(math.ceil(duration * rate - 1e-6), 1)


def frames(
    shots: Sequence[Shot], *, total: int, rate: int, style: TransitionStyle, overlay: Overlay | None = None
) -> Iterator[list[bytes]]:
    """Every frame as its three planes (yuv420p, 1080x1920), in order. The next still is made ready meanwhile."""
    spans = _spans(shots, total, rate, style)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="stills") as threads:
        coming: Future[Moving] = threads.submit(_moving, spans[0], 0, style.zoom, rate)
        before: Moving | None = None
        moving: Moving | None = None
        try:
            for index, span in enumerate(spans):
                moving = coming.result()
                if index + 1 < len(spans):
                    coming = threads.submit(_moving, spans[index + 1], index + 1, style.zoom, rate)
                until = spans[index + 1].first if index + 1 < len(spans) else total
                for frame in range(span.first, until):
                    if before is not None and frame - span.first < span.fade:
                        share = (frame - span.first + 1) / (span.fade + 1)
                        planes = _passage(before, moving, frame, share, style.kind)
                    else:
                        planes = moving.at(frame)
                        if before is not None:
                            before.close()
                            before = None
                    if overlay is not None:
                        planes = overlay.laid_on(planes, copied=planes is moving.standing)
                    yield [plane.tobytes() for plane in planes]
                before = moving
        finally:
            for scene in (before, moving, *_arrived(coming)):
                if scene is not None:
                    scene.close()


def _arrived(coming: "Future[Moving]") -> "list[Moving]":
    """The scene that was made ready and not shown, where a render ends early."""
    return [] if coming.cancel() or coming.exception() is not None else [coming.result()]


def _spans(shots: Sequence[Shot], total: int, rate: int, style: TransitionStyle) -> list[_Span]:
    """Shots in frames, without gaps; a passage is centred on the boundary and never longer than half a shot."""
    spans: list[_Span] = []
    starts = [0, *(round(shot.start * rate) for shot in shots[1:])]
    stops = [*starts[1:], total]
    wanted = 0 if style.kind == "cut" else round(style.seconds * rate)
    for index, (shot, start, stop) in enumerate(zip(shots, starts, stops, strict=True)):
        shortest = min(stop - start, start - starts[index - 1]) if index else 0
        fade = min(wanted, max(shortest // 2, 0))
        first = start - fade // 2
        spans.append(_Span(shot, first, stop, fade))
    return [span for span in spans if span.last > span.first]


class Moving(Protocol):
    """A scene in motion, asked for frame by frame in the video's own count."""

    standing: Planes | None
    """The planes of every frame alike, where it stands still."""
    card: Overlay | None
    says: str
    """What the card says: one that says the same in the next scene stays."""

    def at(self, frame: int) -> Planes:
        """The planes of a frame; they may be drawn on unless they are `standing`."""
        ...

    def bare(self, frame: int) -> Planes:
        """The planes of a frame without its card; not to be drawn on."""
        ...

    def close(self) -> None: ...


def _moving(span: _Span, index: int, zoom: float, rate: int) -> Moving:
    """The span's scene: a still that moves, or a clip; what the channel's effects make of it; the card upon it."""
    still, length = span.shot.still, max(span.last + span.fade - span.first, 1)
    if still.film is None and not still.effects:
        scene: _Bare = _StillMoving(span, index, zoom)
    else:
        reel: Reel = still.film.play(length, rate) if still.film else _StillMoving(_at_the_beginning(span), index, zoom)
        if still.effects:
            from shorts_pipeline.videos.composing.effects import Affected

            reel = Affected(reel, still.effects, frames=length, rate=rate)
        scene = _Shown(reel, span.first)
    return _Carded(scene, still.card() if still.card is not None else None, still.says)


def _at_the_beginning(span: _Span) -> _Span:
    return _Span(span.shot, 0, span.last - span.first, span.fade)


class _Shown:
    """A clip from the frame on at which its span begins."""

    def __init__(self, reel: Reel, first: int) -> None:
        self._reel, self._first = reel, first
        self.standing: Planes | None = None

    def at(self, frame: int) -> Planes:
        return self._reel.at(max(frame - self._first, 0))

    def close(self) -> None:
        self._reel.close()


class _Bare(Protocol):
    """A scene without a card."""

    standing: Planes | None

    def at(self, frame: int) -> Planes: ...

    def close(self) -> None: ...


class _Carded:
    """A scene with its card, if it has one: drawn once where the scene stands still, else on every frame."""

    def __init__(self, scene: _Bare, card: Overlay | None, says: str) -> None:
        self._scene, self.card, self.says = scene, card, says
        standing = scene.standing
        self.standing = standing if standing is None or card is None else card.laid_on(standing, copied=True)

    def at(self, frame: int) -> Planes:
        if self.standing is not None or self.card is None:
            return self.standing or self._scene.at(frame)
        return self.card.laid_on(self._scene.at(frame), copied=False)

    def bare(self, frame: int) -> Planes:
        return self._scene.at(frame)

    def close(self) -> None:
        self._scene.close()


class _StillMoving:
    """A still that slowly grows or shrinks; every second one does the other."""

    def __init__(self, span: _Span, index: int, zoom: float) -> None:
        self._first, self._length = span.first, max(span.last + span.fade - span.first, 1)
        self._grows, self._zoom = index % 2 == 0, zoom if zoom >= LEAST_ZOOM else 0.0
        canvas = (_even(WIDTH * (1 + self._zoom)), _even(HEIGHT * (1 + self._zoom)))
        self._planes = _fine(span.shot.still.open(canvas), still=self._zoom == 0)
        self.standing = self._planes if self._zoom == 0 else None

    def at(self, frame: int) -> Planes:
        """The planes of a frame."""
        if self._zoom == 0:
            return self._planes
        way = min(max((frame - self._first) / self._length, 0.0), 1.0)
        way = way if self._grows else 1 - way
        # The scale goes evenly, and so does the eye.
        scale = (1 + self._zoom) ** -way
        y, u, v = self._planes
        return _picked(y, (WIDTH, HEIGHT), scale), *(_picked(p, (WIDTH // 2, HEIGHT // 2), scale) for p in (u, v))  # type: ignore[return-value]

    def close(self) -> None:
        """Nothing is open."""


def _picked(plane: "Image", size: tuple[int, int], scale: float) -> "Image":
    from PIL import Image

    wide, high = plane.width * scale, plane.height * scale
    left, top = (plane.width - wide) / 2, (plane.height - high) / 2
    # The same samples as `transform` picks, in two thirds of the time.
    return plane.resize(size, Image.Resampling.NEAREST, box=(left, top, left + wide, top + high))


def _fine(picture: "Image", *, still: bool) -> Planes:
    """The picture's planes, enlarged unless it stands still."""
    from PIL import Image

    y, u, v = planes_of(picture)
    if still:
        return y, u, v
    fine = y.resize((y.width * FINE, y.height * FINE), Image.Resampling.BICUBIC)
    size = (u.width * COLOUR_FINE, u.height * COLOUR_FINE)
    return fine, u.resize(size, Image.Resampling.BILINEAR), v.resize(size, Image.Resampling.BILINEAR)


def _passage(old: Moving, new: Moving, frame: int, share: float, kind: str) -> Planes:
    """Of two scenes `share` of the way from one to the other.

    Cards do not shine through each other: the old one goes before the new one comes, unless they say the same.
    """
    from PIL import Image

    if kind == "slide":
        eased = share * share * (3 - 2 * share)
        return tuple(_slid(a, b, eased) for a, b in zip(old.at(frame), new.at(frame), strict=True))  # type: ignore[return-value]
    pairs = zip(old.bare(frame), new.bare(frame), strict=True)
    blended: Planes = tuple(Image.blend(a, b, share) for a, b in pairs)  # type: ignore[assignment]
    card = _card_between(old, new, share)
    return blended if card is None else card.laid_on(blended, copied=False)


def _card_between(old: Moving, new: Moving, share: float) -> Overlay | None:
    if old.card is not None and new.card is not None and old.says == new.says:
        return new.card
    leaving = share < HALFWAY
    card, strength = (old.card, 1 - share / HALFWAY) if leaving else (new.card, (share - HALFWAY) / (1 - HALFWAY))
    return card.faded(strength) if card is not None else None


def _slid(old: "Image", new: "Image", share: float) -> "Image":
    edge = round(old.width * (1 - share))
    slid = old.copy()
    slid.paste(new.crop((0, 0, old.width - edge, old.height)), (edge, 0))
    return slid


def _even(value: float) -> int:
    return math.ceil(value / 2) * 2
