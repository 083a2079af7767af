"""Decoding: whether a file is what it says, before anything is made of it.

A download may be a page that says "not found", half a film, a picture of a billion pixels, or nothing. Whoever finds
out while rendering has lost the render; so every file is decoded here first, within limits.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shorts_pipeline.errors import Rejected

PICTURES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
MOST_PIXELS = 60_000_000
LEAST_EDGE = 240
"""A shorter edge is an icon or somebody's counter, not a picture."""
MOST_FILM_PIXELS = 4096 * 2304
LEAST_SECONDS = 1.0
MOST_SECONDS = 600.0
MOST_RATE = 130.0
_BEGINNING = 12
_WHOLE = 0.9
"""Share of the seconds a film says it has that must be there: rounding and a last frame take a little."""


class Undecodable(Rejected):
    """The file cannot be used; the message says why."""


@dataclass(frozen=True)
class Picture:
    """A picture that decodes; `suffix` is its true one."""

    width: int
    height: int
    suffix: str


@dataclass(frozen=True)
class Clip:
    """A film that decodes: size as it is shown, seconds, and pictures a second."""

    width: int
    height: int
    seconds: float
    rate: float
    suffix: str


def check_picture(path: Path) -> Picture:
    """Decode a picture whole. Raises `Undecodable`."""
    from PIL import Image

    _not_empty(path)
    with warnings.catch_warnings():
        # Its size is looked at below, with a lower limit than Pillow's.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(path, formats=list(PICTURES)) as picture:
                return _checked(picture)
        except Undecodable:
            raise
        except Image.DecompressionBombError as error:
            raise Undecodable("a picture of far too many pixels") from error
        except Exception as error:  # a decoder may raise anything over a stranger's file: struct.error, KeyError …
            raise Undecodable(f"not a whole picture: {_begins(path)}") from error


def _checked(picture: Any) -> Picture:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Undecodable(f"a picture of {width}x{height}: more than {MOST_PIXELS:,} pixels")
    if min(width, height) < LEAST_EDGE:
        raise Undecodable(f"a picture of {width}x{height}: an edge under {LEAST_EDGE} pixels")
    if getattr(picture, "n_frames", 1) > 1:
        raise Undecodable("a moving picture, where a still one belongs")
    picture.load()
    turned = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    return Picture(*((height, width) if turned else (width, height)), PICTURES[picture.format])


def check_clip(path: Path) -> Clip:
    """Read a film to its end, decode its key frames and all of its beginning. Raises `Undecodable`."""
    import av

    _not_empty(path)
    kind, suffix = _container(path)
    try:
        # The format is told, not guessed: a play list would have other files and addresses opened.
        with av.open(str(path), format=kind, options={"protocol_whitelist": "file"}) as container:
            clip = _played(container, suffix)
        with av.open(str(path), format=kind, options={"protocol_whitelist": "file"}) as container:
            _begins_well(container)
            return clip
    except Undecodable:
        raise
    except Exception as error:
        raise Undecodable(f"not a whole film: {type(error).__name__}") from error


def _played(container: Any, suffix: str) -> Clip:
    if not container.streams.video:
        raise Undecodable("a film without pictures")
    stream = container.streams.video[0]
    width, height = stream.codec_context.width, stream.codec_context.height
    rate = float(stream.average_rate or 0)
    if not 0 < width * height <= MOST_FILM_PIXELS or min(width, height) < LEAST_EDGE:
        raise Undecodable(f"a film of {width}x{height}")
    if not 1 <= rate <= MOST_RATE:
        raise Undecodable(f"a film of {rate:.0f} pictures a second")
    said = float(container.duration or 0) / 1_000_000
    if said > MOST_SECONDS:
        raise Undecodable(f"a film of {said:.0f} seconds")
    stream.codec_context.skip_frame = "NONKEY"
    end, frames, rotation = 0.0, 0, 0
    for packet in container.demux(stream):
        if packet.is_corrupt:
            raise Undecodable("a film with a broken piece")
        if packet.pts is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * stream.time_base))
        for frame in packet.decode():
            frames, rotation = frames + 1, frame.rotation
    start = float((stream.start_time or 0) * stream.time_base)
    _all_there(end - start, said, frames)
    turned = rotation % 180 != 0
    return Clip(*((height, width) if turned else (width, height)), end - start, rate, suffix)


def _begins_well(container: Any) -> None:
    """Every picture of the beginning can be decoded, not only the key frames."""
    for number, _ in enumerate(container.decode(container.streams.video[0])):
        if number >= _BEGINNING:
            return


def _all_there(seconds: float, said: float, frames: int) -> None:
    if not frames:
        raise Undecodable("a film of which nothing can be decoded")
    if seconds < LEAST_SECONDS:
        raise Undecodable(f"a film of {seconds:.1f} seconds")
    if said and seconds < _WHOLE * said - 0.5:
        raise Undecodable(f"a film that ends after {seconds:.1f} of {said:.1f} seconds")


def _container(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        head = file.read(64)
    if head[4:8] in {b"ftyp", b"moov", b"wide", b"mdat"}:
        return "mov", ".mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska", ".webm"
    raise Undecodable(f"not a film: {_begins(path)}")


def _not_empty(path: Path) -> None:
    if not path.is_file() or path.stat().st_size == 0:
        raise Undecodable("an empty file")


def _begins(path: Path) -> str:
    """What the file looks like, for the reason."""
    with path.open("rb") as file:
        head = file.read(64).lstrip().lower()
    if head.startswith((b"<", b"{")):
        return "a web page or a message" if head.startswith(b"<") else "a message in JSON"
    return "cut off, or of another kind"
