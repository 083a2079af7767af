"""Compose: stills, subtitles and sound to one MP4 in one encode.

Whole frames, subtitles and all, are piped to a single ffmpeg, which encodes them. Its filter graph is the
same for every video: texts reach ffmpeg in files with fixed names, never in an argument. Killed or failed, it leaves
nothing behind.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from shorts_pipeline.database.documents.content_config import TransitionStyle
from shorts_pipeline.errors import Rejected
from shorts_pipeline.resources.media import Feed, MediaStore, give_back_memory, running_ffmpeg
from shorts_pipeline.videos.composing.frames import Shot, frames
from shorts_pipeline.videos.composing.headline import Overlay
from shorts_pipeline.videos.composing.mix import Mix
from shorts_pipeline.videos.layout import HEIGHT, WIDTH
from shorts_pipeline.videos.subtitles.captions import captions
from shorts_pipeline.videos.subtitles.files import Sheet
from shorts_pipeline.videos.verify import LONGEST_SECONDS

QUALITY = 21
"""x264's CRF: no artefact to be seen on these pictures; YouTube encodes again."""
Progress = Callable[[float], None]
"""Told which share of a video has been encoded, 0 to 1, at every tenth."""
FFMPEG_LOG = "ffmpeg.log"
_COLOURS = "range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


@dataclass(frozen=True)
class Composition:
    """What becomes a video: shots in order, subtitles, the sound and its loudness, `total` frames."""

    shots: Sequence[Shot]
    subtitles: Sheet
    sound: Mix
    total: int
    rate: int
    transitions: TransitionStyle
    lufs: float
    overlay: Overlay


def compose(
    composition: Composition, target: Path, *, work: Path, preset: str, progress: Progress = lambda _: None
) -> None:
    """Render to `target` (MP4), using the folder `work` for what ffmpeg reads.

    Raises `FfmpegFailed` with its log, `DiskFull`, `Rejected` for what is longer than a Short may be.
    """
    duration = composition.total / composition.rate
    if duration > LONGEST_SECONDS + 1 / composition.rate:
        raise Rejected(f"the video would be {duration:.1f} s long; a Short has at most {LONGEST_SECONDS:.0f}")
    arguments = _arguments(composition, target, preset)
    with running_ffmpeg(arguments, seconds=60 + 20 * duration, folder=work) as feed:
        steps = _Steps(feed, duration, progress)
        for planes in _frames(composition, work):
            for plane in planes:
                feed.write(plane)
            steps.tell()
            if steps.frames % composition.rate == 0:
                give_back_memory()
    (work / FFMPEG_LOG).write_text(feed.said, encoding="utf-8")
    progress(1.0)


class _Steps:
    """Tells of each tenth once, as ffmpeg says that it has written it."""

    def __init__(self, feed: Feed, duration: float, progress: Progress) -> None:
        self._feed, self._duration, self._progress = feed, duration, progress
        self._told = 0
        self.frames = 0

    def tell(self) -> None:
        self.frames += 1
        tenth = min(int(self._feed.written / self._duration * 10), 9)
        if tenth > self._told:
            self._told = tenth
            self._progress(tenth / 10)


def _frames(composition: Composition, work: Path) -> Iterator[list[bytes]]:
    seen = captions(composition.subtitles, work, total=composition.total, rate=composition.rate)
    return frames(
        composition.shots,
        total=composition.total,
        rate=composition.rate,
        style=composition.transitions,
        overlay=replace(composition.overlay, changing=seen),
    )


@contextmanager
def work_folder(store: MediaStore, name: str) -> Iterator[Path]:
    """A folder for the time of one render; what a killed render left there goes first."""
    folder = store.path(f"work/{name}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _arguments(composition: Composition, target: Path, preset: str) -> list[str | Path]:
    rate = str(composition.rate)
    raw = [
        "-thread_queue_size",
        "1",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "yuv420p",
        "-s",
        f"{WIDTH}x{HEIGHT}",
        "-framerate",
        rate,
        "-i",
        "pipe:0",
    ]
    picture = f"setparams={_COLOURS}"
    encoder = ["-c:v", "libx264", "-preset", preset, "-profile:v", "high", "-pix_fmt", "yuv420p", "-crf", str(QUALITY)]
    # ultrafast alone would fall back to the Baseline profile.
    encoder += ["-x264-params", "8x8dct=1"]
    colours = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"]
    sound = ["-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2"]
    return [
        *raw,
        "-i",
        composition.sound.path.absolute(),
        *("-map", "0:v", "-map", "1:a", "-vf", picture, "-af", composition.sound.levelling),
        *encoder,
        *("-g", str(composition.rate * 2), "-r", rate, *colours, *sound),
        # Nothing of the machine or the day in the file: same input, same bytes.
        *("-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4"),
        target.absolute(),
    ]
