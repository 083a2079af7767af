"""Captions: the subtitles as libass draws them, each drawn once and laid on every frame it is seen on.

A subtitle changes a few times a second and a frame comes thirty times: drawn by ffmpeg into every frame, plate and
all, they took 2.3 ms of each; laid on as planes, 0.3. They are drawn some dozens at a time, so that neither memory nor
disk grow with the video.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from shorts_pipeline.resources.media import FfmpegFailed, run_ffmpeg
from shorts_pipeline.videos.composing.headline import Piece, piece_of
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.layout import WIDTH, Box, subtitles_at
from shorts_pipeline.videos.subtitles.files import ROUND, Event, Sheet, ass, texts_only
from shorts_pipeline.videos.subtitles.legible import Plate

if TYPE_CHECKING:
    from PIL.Image import Image

AT_ONCE = 32
_SECONDS = 0.1
_ABOVE = 40
"""Plates and outlines reach a little beyond the subtitles' box."""
_FILE, _DRAWN, _FONTS, _NO_FONTS_FILE = "captions.ass", "captions.rgba", "fonts", "fonts.conf"
# No font of the machine may take the place of ours.
_NO_FONTS = "<?xml version='1.0'?><fontconfig></fontconfig>"


def captions(shown: Sheet, work: Path, *, total: int, rate: int) -> Iterator[Piece | None]:
    """For each frame the piece that is seen on it, or None. Raises `FfmpegFailed` where a font is missing."""
    lay_out(shown.face, work)
    frame = 0
    for index, event in enumerate(shown.events):
        while frame < total and frame / rate < event.start - 1e-6:
            yield None
            frame += 1
        if index % AT_ONCE == 0:
            _draw(shown, index, work)
        piece = _read(shown, index % AT_ONCE, event, work)
        while frame < total and frame / rate < event.end - 1e-6:
            yield piece
            frame += 1
    for _ in range(frame, total):
        yield None


def lay_out(face: Face, work: Path) -> None:
    """The one font that may be used, in a folder of its own."""
    (work / _FONTS).mkdir(exist_ok=True)
    shutil.copyfile(face.file, work / _FONTS / face.file.name)
    (work / _NO_FONTS_FILE).write_text(_NO_FONTS, encoding="utf-8")


def _draw(shown: Sheet, first: int, work: Path) -> None:
    """Draw the next events into a file of raw pictures, one after the other."""
    chosen = texts_only(shown, first, first + AT_ONCE, _SECONDS)
    top, high = _strip(shown)
    (work / _FILE).write_text(ass(chosen, top=top, high=high), encoding="utf-8")
    duration = len(chosen.events) * _SECONDS
    nothing = f"color=c=black@0:s={WIDTH}x{high}:r={1 / _SECONDS:.0f}:d={duration:.1f}"
    # Not format=rgba: there the filter draws in limited range, and white is grey.
    nothing += ",format=yuva444p,setparams=colorspace=bt709:range=tv"
    graph = f"{nothing},ass=filename={_FILE}:fontsdir={_FONTS}:alpha=1"
    said = run_ffmpeg(
        ["-f", "lavfi", "-i", graph, "-f", "rawvideo", "-pix_fmt", "rgba", _DRAWN],
        seconds=120,
        folder=work,
        environment={"FONTCONFIG_FILE": str((work / _NO_FONTS_FILE).absolute())},
    )
    if "fontselect: failed" in said or "Glyph 0x" in said:
        raise FfmpegFailed(f"subtitles could not be drawn: {said[-2000:]}")


def _read(shown: Sheet, index: int, event: Event, work: Path) -> Piece | None:
    from PIL import Image

    top, high = _strip(shown)
    size = WIDTH * high * 4
    with (work / _DRAWN).open("rb") as file:
        file.seek(index * size)
        drawn = file.read(size)
    # ffmpeg has drawn on black: colours are multiplied by how much they cover.
    picture = Image.frombytes("RGBa", (WIDTH, high), drawn).convert("RGBA")
    if event.plate is not None:
        picture = Image.alpha_composite(_plate(event.plate, event.box, top, high), picture)
    return piece_of(picture, 0, top)


def _plate(plate: Plate, box: Box, top: int, high: int) -> "Image":
    """The plate, drawn here: ffmpeg squares how much a translucent thing covers."""
    from PIL import Image, ImageDraw

    size = (box.width * 2, box.height * 2)
    cover = Image.new("L", size, 0)
    radius = min(ROUND, box.height // 2) * 2
    ImageDraw.Draw(cover).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, fill=round(255 * plate.opacity))
    drawn = Image.new("RGBA", (WIDTH, high), plate.colour)
    whole = Image.new("L", drawn.size, 0)
    whole.paste(cover.resize((box.width, box.height), Image.Resampling.BOX), (box.left, box.top - top))
    drawn.putalpha(whole)
    return drawn


def _strip(shown: Sheet) -> tuple[int, int]:
    """The part of the picture that subtitles stand in: its top and height, both even."""
    box = subtitles_at(shown.style.position)
    top = (box.top - _ABOVE) // 2 * 2
    return top, (box.bottom + _ABOVE - top) // 2 * 2
