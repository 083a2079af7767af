"""A script becomes files that hold what they should; nothing half-made stays."""

import contextlib
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest

from shorts_pipeline.database.documents.content_config import Colours, SubtitleStyle, TransitionStyle, VideoStyle
from shorts_pipeline.embedded.process import gone
from shorts_pipeline.errors import Rejected
from shorts_pipeline.resources.media import FfmpegFailed, MediaStore, ffmpeg
from shorts_pipeline.resources.speech import Word
from shorts_pipeline.videos.composing import compose as composing
from shorts_pipeline.videos.composing.headline import Overlay
from shorts_pipeline.videos.composing.mix import Mix
from shorts_pipeline.videos.fonts import Face, MissingGlyphs
from shorts_pipeline.videos.material import Material, Studio
from shorts_pipeline.videos.render import TAIL, Workshop, overlay, render
from shorts_pipeline.videos.rendered import Rendered
from shorts_pipeline.videos.subtitles.captions import captions
from shorts_pipeline.videos.subtitles.files import sheet
from shorts_pipeline.videos.subtitles.subtitle import grouped, plated
from shorts_pipeline_tests.videos.conftest import SCRIPT, with_text


def test_a_script_becomes_a_checked_video_with_everything_beside_it(rendered: Rendered, store: MediaStore) -> None:
    folder = store.path(rendered.folder)
    assert {file.name for file in folder.iterdir()} == {
        "narration.wav",
        "poster.jpg",
        "preview.jpg",
        "render.json",
        "subtitles.ass",
        "subtitles.srt",
        "thumbnail.jpg",
        "video.mp4",
    }
    assert (rendered.verified.width, rendered.verified.height) == (1080, 1920)
    assert rendered.verified.lufs == pytest.approx(-14, abs=1)
    assert rendered.engine == "offline-espeak"
    assert rendered.sources == ("drawn",)
    assert list(store.path("work").iterdir()) == []


def test_the_video_lasts_as_long_as_the_voice_and_its_tail(rendered: Rendered, store: MediaStore) -> None:
    from shorts_pipeline.resources.speech import sound

    samples, rate = sound.samples(store.path(rendered.audio))
    assert rendered.verified.duration == pytest.approx(len(samples) / rate + TAIL, abs=1 / 30)


def test_it_is_high_profile_bt709_at_thirty_frames(rendered: Rendered, store: MediaStore) -> None:
    import av

    with av.open(str(store.path(rendered.video))) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert video.profile == "High"
        context = video.codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        assert (audio.rate, audio.channels) == (48_000, 2)
        assert container.metadata.get("creation_time") is None


def test_the_true_peak_stays_below_one_decibel(rendered: Rendered, store: MediaStore) -> None:
    import re

    from shorts_pipeline.resources.media import run_ffmpeg

    said = run_ffmpeg(
        ["-i", store.path(rendered.video), "-vn", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"],
        seconds=30,
    )
    assert float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", said)[-1]) <= -1.0


def test_subtitles_are_seen_where_they_should_be_and_nowhere_else(rendered: Rendered, store: MediaStore) -> None:
    """The highlight colour is looked for on a decoded frame: in the subtitles' box and the card's, and inside."""
    import av
    import numpy as np

    from shorts_pipeline.videos.layout import SAFE, card_at, subtitles_at

    with av.open(str(store.path(rendered.video))) as container:
        frame = next(frame for frame in container.decode(video=0) if frame.time and frame.time > 0.4)
    picture = frame.to_ndarray(format="rgb24").astype(int)
    lit = (picture[..., 0] > 200) & (picture[..., 1] > 160) & (picture[..., 2] < 140)
    rows, columns = np.nonzero(lit)
    box = subtitles_at("middle")
    inside = (rows >= box.top) & (rows < box.bottom)
    assert inside.sum() > 500
    assert columns[inside].min() >= box.left
    assert columns[inside].max() <= box.right
    assert rows.min() >= card_at("middle").top - 30
    assert rows.max() <= SAFE.bottom


def test_motion_is_smooth_to_a_fraction_of_a_pixel(store: MediaStore) -> None:
    """An edge's place in each frame, measured between pixels: steps are even to the 1/3 pixel that frames.py promises.

    Moving by whole pixels, as ffmpeg's zoompan does, they would be 0 or 1 here, 0.64 off their mean.
    """
    import numpy as np
    from PIL import Image, ImageDraw

    from shorts_pipeline.database.documents.content_config import TransitionStyle
    from shorts_pipeline.videos.composing.frames import Shot, frames
    from shorts_pipeline.videos.pictures.illustrate import Still

    def edge(canvas: tuple[int, int]) -> Image.Image:
        picture = Image.new("RGB", canvas)
        ImageDraw.Draw(picture).rectangle((canvas[0] * 3 // 4, 0, canvas[0], canvas[1]), fill="white")
        return picture

    places = []
    for planes in frames([Shot(Still(edge, "x", "x"), 0, 2)], total=60, rate=30, style=TransitionStyle(zoom=0.08)):
        row = np.frombuffer(planes[0], np.uint8).reshape(1920, 1080)[960].astype(float).clip(16, 235)
        places.append(1080 - (row - row.min()).sum() / (row.max() - row.min()))
    steps = np.diff(places)
    assert np.abs(steps - steps.mean()).max() < 0.36
    assert abs(places[-1] - places[0]) > 10


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Tom's 'quote': 100%{x}; it\\n works, [ok] a=b. 😀 Yes!", "It's 50%: a\\b; 'c', [d] %{pts} {\\an8}"),
        ("딱.", "한 단어"),
    ],
)
def test_texts_never_reach_a_command(
    text: str, title: str, material: Material, studio: Studio, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ffmpeg is asked to do holds nothing of the texts; they are in files with fixed names."""
    asked: list[str] = []
    real = ffmpeg._start

    def watched(arguments: Sequence[object], *others: Any) -> object:
        asked.append(" ".join(map(str, arguments)))
        return real(arguments, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(ffmpeg, "_start", watched)
    render(with_text(material, text, title), studio, workshop, folder="videos/test/odd")
    assert any("ass=filename=captions.ass:fontsdir=fonts:alpha=1" in each for each in asked)
    assert not [each for each in asked if "Tom" in each or "pts" in each or "한" in each]


def test_two_hundred_odd_titles_leave_the_graphs_as_a_plain_ones(
    letters: Face, store: MediaStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every argument for the encode and for drawing subtitles, byte for byte."""
    chance = random.Random(11)
    odd = "'\"\\:;,[]{}%=|@#$`~<>&*?!()\n\tabcZ09가힣 \u202e\u200b😀ñ" * 2 + "%{pts} \\N {\\an8} drawtext="
    titles = ["수출이 크게 늘었다 왜", *("".join(chance.choices(odd, k=chance.randint(1, 60))) for _ in range(200))]
    assert len({_asked(title or "-", letters, store, tmp_path, monkeypatch) for title in titles}) == 1


class _Enough(Exception):
    """The arguments are known; nothing need be run."""


def _asked(
    title: str, letters: Face, store: MediaStore, work: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[str, ...], ...]:
    asked: list[tuple[str, ...]] = []

    def noted(arguments: Sequence[object], *_: object) -> None:
        asked.append(tuple(map(str, arguments)))
        raise _Enough

    style = VideoStyle()
    groups = grouped([[Word(word, 0.5, 1.0) for word in (title.split() or ["-"])[:1]]], style.subtitles, letters)
    groups = groups or grouped([[Word("-", 0.5, 1.0)]], style.subtitles, letters)
    shown = sheet(
        plated(groups, style.subtitles, style.colours, letters, None),
        style=style.subtitles,
        colours=style.colours,
        face=letters,
    )
    laid = overlay("채널", title, style, letters, store)
    mixed = Mix(work / "mix.wav", 2.0, 0.0)
    composition = composing.Composition([], shown, mixed, 60, 30, style.transitions, -14.0, laid)
    with monkeypatch.context() as patch:
        patch.setattr(ffmpeg, "_start", noted)
        for ask in (
            lambda: composing.compose(composition, work / "x.mp4", work=work, preset="ultrafast"),
            lambda: list(captions(shown, work, total=60, rate=30)),
        ):
            with pytest.raises(_Enough):
                ask()
    return tuple(asked)


def test_a_letter_the_font_lacks_is_an_error_and_leaves_no_video(
    material: Material, studio: Studio, workshop: Workshop, store: MediaStore
) -> None:
    with pytest.raises(MissingGlyphs, match="U\\+10437"):
        render(with_text(material, "글자 𐐷 하나."), studio, workshop, folder="videos/test/glyph")
    assert not store.exists("videos/test/glyph/video.mp4")
    assert "U+10437" in store.path("videos/test/glyph/render.log").read_text()


def test_a_failed_encode_keeps_ffmpegs_words_and_no_half_file(
    material: Material, studio: Studio, workshop: Workshop, store: MediaStore
) -> None:
    with pytest.raises(FfmpegFailed):
        render(material, studio, replace(workshop, preset="nonsense"), folder="videos/test/bad")
    assert [file.name for file in store.path("videos/test/bad").iterdir()] == ["render.log"]
    assert "nonsense" in store.path("videos/test/bad/render.log").read_text()


def test_more_than_three_minutes_is_refused(letters: Face, tmp_path: Path) -> None:
    nothing = sheet([], style=SubtitleStyle(), colours=Colours(), face=letters)
    sound, laid = Mix(tmp_path, 181, -20), Overlay(())
    too_long = composing.Composition([], nothing, sound, 181 * 30, 30, TransitionStyle(), -14, laid)
    with pytest.raises(Rejected, match="at most 180"):
        composing.compose(too_long, tmp_path / "x.mp4", work=tmp_path, preset="ultrafast")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_render_that_is_killed_ended_or_cancelled_leaves_no_ffmpeg_and_no_half_file(
    how: signal.Signals, tmp_path: Path
) -> None:
    """SIGINT is what a cancelled Dagster run gets: an exception that unwinds the render; the others unwind nothing."""
    script = f"""
import signal
import sys
from pathlib import Path
from uuid import UUID
# As a worker of Dagster's has it, wherever the tests are started from: a shell's background job ignores SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
from shorts_pipeline.database.documents import ContentConfig, OperationConfig, VoiceSettings
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech.espeak import Espeak
from shorts_pipeline.videos.material import Material, Studio
from shorts_pipeline.videos.render import Workshop, render
configs = ContentConfig(), OperationConfig()
studio = Studio(UUID(int=1), "t", "이름", True, *configs, "offline", "ko", "male", VoiceSettings())
material = Material(UUID(int=2), {SCRIPT!r} * 3, "제목", (), (), 1)
render(material, studio, Workshop(MediaStore(Path({str(tmp_path)!r})), Espeak(), "veryslow"), folder="videos/t/v")
"""
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    ffmpeg = _encoder(process.pid)
    os.kill(process.pid, how)
    process.wait()
    assert gone(ffmpeg, 5)
    assert not (tmp_path / "videos/t/v/video.mp4").exists()
    MediaStore(tmp_path).write_bytes("videos/t/v/video.mp4", b"the next one")
    assert [file.name for file in (tmp_path / "videos/t/v").iterdir()] == ["video.mp4"]


def _encoder(parent: int) -> psutil.Process:
    """The process's ffmpeg, once it encodes."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for child in psutil.Process(parent).children():
            with contextlib.suppress(psutil.Error):  # a short-lived one may end while it is looked at
                if "libx264" in child.cmdline():
                    return child
        time.sleep(0.05)
    raise AssertionError("no encode was started")


def test_the_same_script_looks_and_sounds_the_same(
    rendered: Rendered, material: Material, studio: Studio, workshop: Workshop, store: MediaStore
) -> None:
    again = render(material, studio, workshop, folder="videos/test/again")
    for name in ("subtitles.ass", "subtitles.srt", "thumbnail.jpg", "poster.jpg", "narration.wav"):
        assert store.path(f"{again.folder}/{name}").read_bytes() == store.path(f"{rendered.folder}/{name}").read_bytes()


def test_thumbnail_and_poster_have_their_sizes_and_text_is_large_enough(rendered: Rendered, store: MediaStore) -> None:
    from PIL import Image

    sizes = [Image.open(store.path(f"{rendered.folder}/{name}.jpg")).size for name in ("thumbnail", "poster")]
    assert sizes == [(1280, 720), (1080, 1920)]
    assert Image.open(io.BytesIO(rendered.preview)).size == (180, 320)
    assert len(rendered.preview) < 20_000


def test_subtitle_times_go_on_and_stay_within_the_video(rendered: Rendered, store: MediaStore) -> None:
    lines = [line for line in store.path(rendered.subtitles).read_text().splitlines() if line.startswith("Dialogue: 1")]
    times = [tuple(map(_seconds, line.split(",")[1:3])) for line in lines]
    assert all(a[1] <= b[0] for a, b in pairwise(times))
    assert times[-1][1] <= rendered.verified.duration


def _seconds(text: str) -> float:
    hours, minutes, seconds = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
