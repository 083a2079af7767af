"""Compose: stills, subtitles and sound to one MP4 in one encode.

Frames are piped to a single ffmpeg, which draws the subtitles and encodes. Its filter graph is the same for every
video: texts reach it in files with fixed names, never in an argument. Killed or failed, it leaves nothing behind.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shorts_pipeline.database.documents.content_config import TransitionStyle
from shorts_pipeline.errors import Rejected
from shorts_pipeline.resources.media import FfmpegFailed, MediaStore, running_ffmpeg
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.frames import Shot, frames
from shorts_pipeline.videos.headline import Overlay
from shorts_pipeline.videos.layout import HEIGHT, WIDTH
from shorts_pipeline.videos.mix import Mix

LONGEST_SECONDS = 180.0
QUALITY = 21
"""x264's CRF: no artefact to be seen on these pictures; YouTube encodes again."""
_SUBTITLES = "subtitles.ass"
_FONTS = "fonts"
_NO_FONTS_FILE = "fonts.conf"
_COLOURS = "range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
# No font of the machine may take the place of ours.
_NO_FONTS = "<?xml version='1.0'?><fontconfig></fontconfig>"


@dataclass(frozen=True)
class Composition:
    """What becomes a video: shots in order, subtitles as ASS, the sound and its loudness, `total` frames."""

    shots: Sequence[Shot]
    subtitles: str
    face: Face
    sound: Mix
    total: int
    rate: int
    transitions: TransitionStyle
    lufs: float
    overlay: Overlay | None = None


def compose(composition: Composition, target: Path, *, work: Path, preset: str) -> None:
    """Render to `target` (MP4), using the folder `work` for what ffmpeg reads.

    Raises `FfmpegFailed` with its log, `Rejected` for what is longer than a Short may be.
    """
    duration = composition.total / composition.rate
    if duration > LONGEST_SECONDS + 1 / composition.rate:
        raise Rejected(f"the video would be {duration:.1f} s long; a Short has at most {LONGEST_SECONDS:.0f}")
    _lay_out(composition, work)
    arguments = _arguments(composition, target, preset)
    fonts = {"FONTCONFIG_FILE": str((work / _NO_FONTS_FILE).absolute())}
    with running_ffmpeg(arguments, seconds=60 + 20 * duration, folder=work, environment=fonts) as feed:
        for planes in _frames(composition):
            for plane in planes:
                feed.write(plane)
    if "fontselect: failed" in feed.said or "Glyph 0x" in feed.said:
        raise FfmpegFailed(f"subtitles could not be drawn: {feed.said[-2000:]}")


def _frames(composition: Composition) -> Iterator[list[bytes]]:
    return frames(
        composition.shots,
        total=composition.total,
        rate=composition.rate,
        style=composition.transitions,
        overlay=composition.overlay,
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


def _lay_out(composition: Composition, work: Path) -> None:
    (work / _SUBTITLES).write_text(composition.subtitles, encoding="utf-8")
    (work / _FONTS).mkdir(exist_ok=True)
    shutil.copyfile(composition.face.file, work / _FONTS / composition.face.file.name)
    (work / _NO_FONTS_FILE).write_text(_NO_FONTS, encoding="utf-8")


def _arguments(composition: Composition, target: Path, preset: str) -> list[str | Path]:
    rate = str(composition.rate)
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-framerate", rate, "-i", "pipe:0"]
    picture = f"setparams={_COLOURS},ass=filename={_SUBTITLES}:fontsdir={_FONTS}"
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
