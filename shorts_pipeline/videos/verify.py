"""Verify: is the finished file what it should be? A bad file never reaches review.

Every frame is decoded, so that a truncated or damaged file cannot pass. Nothing is mended here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shorts_pipeline.errors import RetryLater
from shorts_pipeline.resources.media import FfmpegFailed, run_ffmpeg
from shorts_pipeline.videos.composing.mix import integrated, true_peak
from shorts_pipeline.videos.layout import HEIGHT, SAFE, WIDTH, Box

MOST_APART = 0.1
"""Seconds between the ends of picture and sound: one frame (33 ms) and two AAC packets (43 ms) explain 76 ms."""
LOUDNESS_WITHIN = 1.0
BARELY_LOUD_WITHIN = 4.0
"""For less than three seconds, where a word more or less in EBU R 128's 400 ms blocks moves the result by that much."""
HIGHEST_PEAK = -1.0
"""dBTP (ITU-R BS.1770): above, the next encoder clips."""
LONGEST_SECONDS = 180.0
LONGEST_STILL = 1.0
"""Seconds without any change, or in black, that a viewer would take for a fault."""
_STEP = 8
_BLACK = 20
_BLACK_SHARE = 0.995
_UNCHANGED = 0.02
_BT709, _LIMITED = 1, 1


class BadVideo(RetryLater):
    """The file is not fit to be seen; rendering it again may help."""


@dataclass(frozen=True)
class Expected:
    """What the file should hold. `moves`: the picture is to change all the time; `subtitles`: where they stand."""

    duration: float
    rate: int
    lufs: float
    moves: bool = True
    subtitles: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Verified:
    """What was measured."""

    duration: float
    width: int
    height: int
    frames: int
    lufs: float
    true_peak: float
    size_bytes: int


@dataclass
class _Seen:
    """What decoding has shown so far."""

    frames: int = 0
    black: float = 0.0
    still: float = 0.0
    longest_black: float = 0.0
    longest_still: float = 0.0


def verify(path: Path, expected: Expected) -> Verified:
    """Measure the file. Raises `BadVideo` with everything that is wrong."""
    wrong: list[str] = []
    if not path.is_file() or path.stat().st_size == 0:
        raise BadVideo(f"{path.name} is missing or empty")
    if not moov_first(path):
        wrong.append("its index (moov) does not come first, so it cannot start before it is whole")
    try:
        size, ends, seen, more = _decoded(path, expected.rate)
    except (OSError, ValueError, IndexError) as error:  # PyAV's errors are these, too
        raise BadVideo(f"{path.name} cannot be read: {error}") from error
    wrong += more
    if size != (WIDTH, HEIGHT):
        wrong.append(f"it is {size[0]}x{size[1]}, not {WIDTH}x{HEIGHT}")
    wrong += _judged(seen, ends, expected)
    wrong += _subtitles(expected.subtitles)
    lufs, peak = _loudness(path)
    within = LOUDNESS_WITHIN if expected.duration >= 3 else BARELY_LOUD_WITHIN
    if abs(lufs - expected.lufs) > within:
        wrong.append(f"it is {lufs:.1f} LUFS loud instead of {expected.lufs:.1f}")
    if peak > HIGHEST_PEAK:
        wrong.append(f"its true peak is {peak:.1f} dBTP, above {HIGHEST_PEAK:.0f}")
    if wrong:
        raise BadVideo(f"{path.name}: " + "; ".join(wrong))
    return Verified(ends[0], size[0], size[1], seen.frames, lufs, peak, path.stat().st_size)


def moov_first(path: Path) -> bool:
    """Whether an MP4's index stands before its content."""
    with path.open("rb") as file:
        while header := file.read(8):
            if len(header) < 8:
                return False
            length, kind = int.from_bytes(header[:4], "big"), header[4:]
            if kind in {b"moov", b"mdat"}:
                return kind == b"moov"
            if length == 1:
                length = int.from_bytes(file.read(8), "big") - 8
            if length < 8:
                return False
            file.seek(length - 8, 1)
    return False


def _decoded(path: Path, rate: int) -> tuple[tuple[int, int], tuple[float, float], _Seen, list[str]]:
    """Picture size, ends of picture and sound, what was seen, and what is wrong with the streams."""
    import av

    wrong: list[str] = []
    with av.open(str(path)) as container:
        if len(container.streams.video) != 1 or len(container.streams.audio) != 1:
            raise ValueError(f"{len(container.streams.video)} pictures and {len(container.streams.audio)} sounds")
        video, audio = container.streams.video[0], container.streams.audio[0]
        wrong += _streams(video, audio, rate)
        size = (video.codec_context.width, video.codec_context.height)
        video.thread_type = "AUTO"
        # Nobody looks at these frames: smoothing block edges would take a quarter of the time.
        video.codec_context.options = {"skip_loop_filter": "all"}
        seen, heard = _looked_at(container, rate)
        return size, (seen.frames / rate, heard), seen, wrong


def _streams(video: Any, audio: Any, rate: int) -> list[str]:
    wrong = []
    if video.codec_context.name != "h264" or video.codec_context.pix_fmt != "yuv420p":
        wrong.append(f"its picture is {video.codec_context.name} {video.codec_context.pix_fmt}, not H.264 yuv420p")
    if audio.codec_context.name != "aac":
        wrong.append(f"its sound is {audio.codec_context.name}, not AAC")
    if abs(float(video.average_rate or 0) - rate) > 0.01:
        wrong.append(f"it has {float(video.average_rate or 0):.2f} frames a second instead of {rate}")
    context = video.codec_context
    tags = (context.color_primaries, context.color_trc, context.colorspace)
    if any(int(tag or 0) != _BT709 for tag in tags) or int(context.color_range or 0) != _LIMITED:
        wrong.append("its colours are not tagged BT.709, limited range")
    return wrong


def _looked_at(container: Any, rate: int) -> tuple[_Seen, float]:
    """Decode everything; every sixth frame is compared with the one before it."""
    import numpy as np

    seen, heard, last = _Seen(), 0.0, None
    every = max(rate // 5, 1)
    for frame in container.decode(video=0, audio=0):
        if frame.time is None:
            continue
        if hasattr(frame, "samples"):
            heard = max(heard, frame.time + frame.samples / frame.sample_rate)
            continue
        seen.frames += 1
        if (seen.frames - 1) % every == 0:
            plane = frame.planes[0]
            rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
            picked = rows[::_STEP, : plane.width : _STEP].astype(np.int16)
            _compare(seen, picked, last, every / rate)
            last = picked
    return seen, heard


def _compare(seen: _Seen, picked: Any, last: Any, seconds: float) -> None:
    black = float((picked < _BLACK).mean()) > _BLACK_SHARE
    seen.black = seen.black + seconds if black else 0.0
    unchanged = last is not None and float(abs(picked - last).mean()) < _UNCHANGED
    seen.still = seen.still + seconds if unchanged else 0.0
    seen.longest_black = max(seen.longest_black, seen.black)
    seen.longest_still = max(seen.longest_still, seen.still)


def _judged(seen: _Seen, ends: tuple[float, float], expected: Expected) -> list[str]:
    wrong = []
    picture, sound = ends
    if abs(picture - sound) > MOST_APART:
        wrong.append(f"its picture ends at {picture:.2f} s and its sound at {sound:.2f} s")
    if abs(picture - expected.duration) > MOST_APART:
        wrong.append(f"it lasts {picture:.2f} s instead of {expected.duration:.2f} s")
    if max(picture, sound) > LONGEST_SECONDS + MOST_APART:
        wrong.append(f"it lasts {max(picture, sound):.1f} s; a Short has at most {LONGEST_SECONDS:.0f}")
    if seen.longest_black >= LONGEST_STILL:
        wrong.append(f"it is black for {seen.longest_black:.1f} s")
    elif expected.moves and seen.longest_still >= LONGEST_STILL:
        wrong.append(f"it stands still for {seen.longest_still:.1f} s")
    return wrong


def _subtitles(boxes: tuple[Box, ...]) -> list[str]:
    outside = [box for box in boxes if not SAFE.holds(box)]
    return [f"{len(outside)} subtitles leave the safe area, the first to {outside[0]}"] if outside else []


def _loudness(path: Path) -> tuple[float, float]:
    """Integrated loudness (LUFS) and true peak (dBTP)."""
    measured = "ebur128=peak=true:framelog=quiet"
    try:
        said = run_ffmpeg(["-i", path, "-vn", "-af", measured, "-f", "null", "-"], seconds=120)
    except FfmpegFailed as error:
        raise BadVideo(f"{path.name}: its sound cannot be read: {error}") from error
    return integrated(said), true_peak(said)
