"""Clips: a film from a file as pictures of the one encode, read as they are shown.

ffmpeg's own filters (through PyAV) turn, scale, crop and darken a picture and bring it to the video's rate, all in C.
One picture is in memory at a time. A film that is a little too short is slowed down; a much shorter one is repeated.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shorts_pipeline.errors import RetryLater
from shorts_pipeline.videos.composing.planes import Planes
from shorts_pipeline.videos.layout import HEIGHT, WIDTH
from shorts_pipeline.videos.pictures.decoding import check_clip
from shorts_pipeline.videos.pictures.illustrate import Reel

if TYPE_CHECKING:
    from PIL.Image import Image

SLOWEST = 1.5
"""Beyond, slow motion is seen as such."""
_HD = 720
_UNSPECIFIED = 2


@dataclass(frozen=True)
class ClipFile:
    """A film that has been checked (decoding.py), darkened by a factor."""

    file: Path
    darkening: Callable[[], float]

    def play(self, frames: int, rate: int) -> Reel:
        """The film for `frames` pictures at `rate` a second."""
        seconds = _seconds(self.file)
        slowed = min(max(frames / rate / seconds, 1.0), SLOWEST) if seconds else 1.0
        # What has to be repeated anyway is repeated at its own speed.
        slowed = slowed if seconds * SLOWEST >= frames / rate else 1.0
        return _Playing(self.file, rate, slowed, self.darkening())


def first_picture(file: Path) -> "Image":
    """The first picture of the film, in RGB."""
    with _opened(file) as container:
        for frame in _upright(container, container.streams.video[0]):
            picture: Image = frame.to_image()
            return picture
    raise OSError(f"{file.name} has no picture left")


class _Playing:
    def __init__(self, file: Path, rate: int, slowed: float, dark: float) -> None:
        self._file, self._rate, self._slowed, self._dark = file, rate, slowed, dark
        self._pictures: Iterator[Planes] = iter(())
        self._next = 0
        self._last: tuple[int, Planes] | None = None

    def at(self, frame: int) -> Planes:
        if self._last is None or frame < self._last[0]:
            self._pictures, self._next, self._last = self._endless(), 0, None
        while self._last is None or self._last[0] < frame:
            self._last = (self._next, next(self._pictures))
            self._next += 1
        return tuple(plane.copy() for plane in self._last[1])  # type: ignore[return-value]

    def close(self) -> None:
        close = getattr(self._pictures, "close", None)
        if close is not None:
            close()

    def _endless(self) -> Iterator[Planes]:
        """Again from the beginning whenever it ends; what breaks meanwhile stands still, so that no render dies."""
        import av

        last: Planes | None = None
        while True:
            shown = 0
            try:
                for planes in self._once():
                    last, shown = planes, shown + 1
                    yield planes
            except av.error.FFmpegError:
                shown = 0
            while not shown:
                if last is None:
                    raise RetryLater(f"the film {self._file.name} could be read when it was chosen, and now cannot")
                yield last

    def _once(self) -> Iterator[Planes]:
        with _opened(self._file) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            graph = None
            for frame in _whole(container, stream):
                graph = graph or _graph(stream, frame, self._rate, self._slowed, self._dark)
                graph.push(frame)
                yield from _pulled(graph)
            if graph is not None:
                graph.push(None)
                yield from _pulled(graph)


def _whole(container: Any, stream: Any) -> Iterator[Any]:
    """The pictures that can be decoded; a damaged one is left out."""
    import av

    for packet in container.demux(stream):
        try:
            found = packet.decode()
        except av.error.FFmpegError:
            continue
        yield from found


def _opened(file: Path) -> Any:
    import av

    kind = "mov" if file.suffix.lower() in {".mp4", ".mov", ".m4v"} else "matroska"
    return av.open(str(file), format=kind, options={"protocol_whitelist": "file"})


def _upright(container: Any, stream: Any) -> Iterator[Any]:
    graph = None
    for frame in container.decode(stream):
        graph = graph or _linked(stream, [*_turned(frame), ("format", "rgb24")])
        graph.push(frame)
        yield from _frames(graph)


def _graph(stream: Any, frame: Any, rate: int, slowed: float, dark: float) -> Any:
    """Upright, as fast, as large, as dark and in the colours that the video has."""
    turned = frame.rotation % 180 != 0
    width, height = (frame.height, frame.width) if turned else (frame.width, frame.height)
    scale = max(WIDTH / width, HEIGHT / height)
    size = f"{max(round(width * scale), WIDTH)}:{max(round(height * scale), HEIGHT)}"
    matrix = "" if int(frame.colorspace) not in {_UNSPECIFIED, 0} else ":in_color_matrix=bt709"
    matrix = matrix if frame.height >= _HD else ""
    return _linked(
        stream,
        [
            ("setpts", f"(PTS-STARTPTS)*{slowed:.5f}"),
            # First fewer pictures, then work on each.
            ("fps", str(rate)),
            *_turned(frame),
            ("scale", f"{size}:flags=bicubic{matrix}:out_color_matrix=bt709:out_range=tv"),
            ("crop", f"{WIDTH}:{HEIGHT}"),
            ("format", "yuv420p"),
            ("lutyuv", f"y=(val-16)*{dark:.4f}+16:u=(val-128)*{dark:.4f}+128:v=(val-128)*{dark:.4f}+128"),
        ],
    )


def _turned(frame: Any) -> list[tuple[str, str]]:
    """A telephone writes how it was held, and the picture lies on its side."""
    return {90: [("transpose", "cclock")], -90: [("transpose", "clock")], 270: [("transpose", "clock")]}.get(
        frame.rotation, [("hflip", ""), ("vflip", "")] if abs(frame.rotation) == 180 else []
    )


def _linked(stream: Any, filters: list[tuple[str, str]]) -> Any:
    import av.filter

    graph = av.filter.Graph()
    nodes = [graph.add_buffer(template=stream), *(graph.add(name, given or None) for name, given in filters)]
    graph.link_nodes(*nodes, graph.add("buffersink")).configure()
    return graph


def _frames(graph: Any) -> Iterator[Any]:
    import av

    while True:
        try:
            yield graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return


def _pulled(graph: Any) -> Iterator[Planes]:
    for frame in _frames(graph):
        yield tuple(_plane(plane, size) for plane, size in zip(frame.planes, _SIZES, strict=True))  # type: ignore[misc]


_SIZES = ((WIDTH, HEIGHT), (WIDTH // 2, HEIGHT // 2), (WIDTH // 2, HEIGHT // 2))


def _plane(plane: Any, size: tuple[int, int]) -> "Image":
    """The plane without the bytes that pad its lines."""
    from PIL import Image

    return Image.frombuffer("L", size, bytes(plane), "raw", "L", plane.line_size, 1)


@lru_cache(maxsize=64)
def _seconds(file: Path) -> float:
    return check_clip(file).seconds
