"""Every letter of a subtitle can be read on whatever is behind it: measured on frames of real videos."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageFilter
from pydantic import ValidationError

from shorts_pipeline.database.documents.content_config import Colours, VideoStyle
from shorts_pipeline.database.documents.contrast import contrast, luminance
from shorts_pipeline.resources.media import run_ffmpeg
from shorts_pipeline.resources.speech import Word
from shorts_pipeline.videos.composing.compose import Composition, compose
from shorts_pipeline.videos.composing.frames import Shot
from shorts_pipeline.videos.composing.headline import Overlay
from shorts_pipeline.videos.composing.mix import Mix
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.pictures.illustrate import Still
from shorts_pipeline.videos.subtitles.behind import Behind
from shorts_pipeline.videos.subtitles.files import sheet
from shorts_pipeline.videos.subtitles.legible import luminances, plate_for
from shorts_pipeline.videos.subtitles.subtitle import Plated, grouped, plated

SPOKEN = [Word("수출이", 0.0, 0.5), Word("크게", 0.5, 0.7), Word("늘었다.", 0.7, 1.0)]
Drawn = Callable[[tuple[int, int]], Image.Image]


def flat(value: int) -> Drawn:
    return lambda canvas: Image.new("RGB", canvas, (value, value, value))


def busy(canvas: tuple[int, int]) -> Image.Image:
    """Fields of every colour, each some letters' strokes wide."""
    fields = np.random.default_rng(3).integers(0, 256, (48, 27, 3), dtype=np.uint8)
    return Image.fromarray(fields).resize(canvas, Image.Resampling.NEAREST)


def test_contrast_is_counted_as_wcag_counts_it() -> None:
    assert contrast(luminance("#FFFFFF"), luminance("#000000")) == pytest.approx(21)
    assert contrast(luminance("#777777"), luminance("#FFFFFF")) == pytest.approx(4.48, abs=0.005)
    assert luminances(np.array([[255.0, 213.0, 74.0]]))[0] == pytest.approx(luminance("#FFD54A"))


@pytest.mark.parametrize("colours", [("#FFFFFF", "#FFD54A"), ("#101010", "#7A1010"), ("#FFFFFF", "#FF5A5A")])
@pytest.mark.parametrize("still", [flat(255), flat(128), flat(0), busy], ids=["white", "grey", "black", "busy"])
def test_subtitles_on_any_still_have_a_contrast_of_four_and_a_half(
    still: Drawn, colours: tuple[str, str], letters: Face, tmp_path: Path
) -> None:
    style = VideoStyle(colours=Colours(text=colours[0], highlight=colours[1]))
    each, frame = shown(still, style, letters, tmp_path)
    worst = contrast_on(frame, each, colours)
    assert worst >= 4.5


def test_without_its_plate_white_text_on_white_would_fail_that_measure(letters: Face, tmp_path: Path) -> None:
    style = VideoStyle()
    each, frame = shown(flat(255), style, letters, tmp_path, bare=True)
    assert contrast_on(frame, each, (style.colours.text, style.colours.highlight)) < 1.5


def test_a_dark_background_needs_no_plate_and_an_unknown_one_may_be_anything() -> None:
    texts = ["#FFFFFF", "#FFD54A"]
    assert plate_for(texts, np.full((9, 3), 20, np.uint8)).opacity == 0
    assert plate_for(texts, None) == plate_for(texts, np.full((9, 3), 255, np.uint8))
    assert plate_for(["#101010"], None).colour == "#FFFFFF"


def test_colours_that_no_background_suits_are_refused() -> None:
    with pytest.raises(ValidationError, match="no one background suits"):
        VideoStyle(colours=Colours(text="#FFFFFF", highlight="#202020"))


def test_every_group_has_the_same_plate_and_motion_is_looked_ahead(letters: Face) -> None:
    """A white field that the zoom brings under the subtitles later counts from the beginning."""
    style = VideoStyle()

    def edge(canvas: tuple[int, int]) -> Image.Image:
        picture = Image.new("RGB", canvas, (0, 0, 0))
        picture.paste((255, 255, 255), (0, 0, canvas[0], canvas[1] * 1121 // 1920))
        return picture

    shots = [Shot(Still(edge, "a", "a"), 0, 2), Shot(Still(flat(0), "b", "b"), 2, 9)]
    late = [Word("나중에", 6.0, 7.0)]
    groups = grouped([SPOKEN, late], style.subtitles, letters)
    plates = {
        each.plate for each in plated(groups, style.subtitles, style.colours, letters, Behind(shots, style.transitions))
    }
    still = VideoStyle.model_validate({"transitions": {"zoom": 0.0}})
    standing = plated(groups, still.subtitles, still.colours, letters, Behind(shots, still.transitions))
    assert len(plates) == 1
    assert plates != {None}
    assert {each.plate for each in standing} == {None}


Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def shown(still: Drawn, style: VideoStyle, letters: Face, folder: Path, *, bare: bool = False) -> tuple[Plated, Pixels]:
    """One group on the still, through the whole of compose.py, and a decoded frame of it."""
    shots = [Shot(Still(still, "x", "x"), 0, 1)]
    groups = grouped([SPOKEN], style.subtitles, letters, end=1.0)
    scenery = Behind([Shot(Still(flat(0), "x", "x"), 0, 1)] if bare else shots, style.transitions)
    each = plated(groups, style.subtitles, style.colours, letters, scenery)
    run_ffmpeg(["-f", "lavfi", "-i", "sine=d=1:r=48000", "-ac", "2", folder / "mix.wav"], seconds=9)
    composition = Composition(
        shots=shots,
        subtitles=sheet(each, style=style.subtitles, colours=style.colours, face=letters),
        sound=Mix(folder / "mix.wav", 1.0, 0.0),
        total=30,
        rate=30,
        transitions=style.transitions,
        lufs=-14.0,
        overlay=Overlay(()),
    )
    compose(composition, folder / "video.mp4", work=folder, preset="ultrafast")
    with av.open(str(folder / "video.mp4")) as container:
        frame = list(container.decode(video=0))[18]
        return each[0], frame.to_ndarray(format="rgb24")


def contrast_on(frame: Pixels, each: Plated, colours: tuple[str, str]) -> float:
    """The least contrast of either text colour with what surrounds the letters, outline left out.

    A letter's own pixels and 14 around them (outline, softened edges) are not what is behind it.
    """
    box = each.box
    part = frame[box.top + 4 : box.bottom - 4, box.left + 24 : box.right - 24].astype(int)
    wanted = [np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) for colour in colours]
    near = np.zeros(part.shape[:2], bool)
    found = []
    for colour in wanted:
        letter = np.abs(part - colour).max(axis=2) < 26
        found.append(letter)
        near |= letter
    spread = Image.fromarray(near).convert("L")
    around = np.asarray(spread.filter(ImageFilter.MaxFilter(29))) > 0
    behind = luminances(part[~around].astype(float))
    if behind.size < 2_000:  # the background has the text's own colour
        return 1.0
    worst = []
    for colour, letter in zip(colours, found, strict=True):
        assert letter.sum() > 500, f"{colour} is not to be seen"
        seen = float(np.median(luminances(part[letter].astype(float))))
        worst.append(min(contrast(seen, value) for value in (np.quantile(behind, 0.002), np.quantile(behind, 0.998))))
    return min(worst)
