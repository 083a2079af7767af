"""A bad file never passes."""

from dataclasses import replace
from pathlib import Path

import pytest

from shorts_pipeline.database.documents import ContentConfig
from shorts_pipeline.resources.media import run_ffmpeg
from shorts_pipeline.videos import verify as verifying
from shorts_pipeline.videos.layout import Box
from shorts_pipeline.videos.material import Material, Studio
from shorts_pipeline.videos.render import Workshop, render
from shorts_pipeline.videos.rendered import Rendered
from shorts_pipeline.videos.verify import BadVideo, Expected, moov_first, verify

COPY = ["-c", "copy", "-movflags", "+faststart", "-y"]


@pytest.fixture
def expected(rendered: Rendered) -> Expected:
    return Expected(rendered.verified.duration, 30, -14.0)


def changed(video: Path, *arguments: str) -> Path:
    """The video put through ffmpeg once more."""
    target = video.with_name("changed.mp4")
    run_ffmpeg(["-i", video, *arguments, target], seconds=60)
    return target


def test_the_true_one_passes(video: Path, expected: Expected) -> None:
    assert verify(video, expected).frames == round(expected.duration * 30)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.97])
def test_a_truncated_file_is_refused(video: Path, expected: Expected, share: float) -> None:
    whole = video.read_bytes()
    video.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadVideo):
        verify(video, expected)


def test_html_that_calls_itself_a_video_is_refused(tmp_path: Path, expected: Expected) -> None:
    (tmp_path / "video.mp4").write_text("<html>403</html>")
    with pytest.raises(BadVideo):
        verify(tmp_path / "video.mp4", expected)


def test_a_missing_file_is_refused(tmp_path: Path, expected: Expected) -> None:
    with pytest.raises(BadVideo, match="missing"):
        verify(tmp_path / "none.mp4", expected)


def test_a_black_picture_is_refused(video: Path, expected: Expected) -> None:
    black = changed(video, "-vf", "drawbox=t=fill:c=black", "-c:v", "libx264", "-preset", "ultrafast", *COPY[2:])
    with pytest.raises(BadVideo, match="black"):
        verify(black, expected)


def test_a_frozen_picture_is_refused_unless_it_is_meant_to_stand(video: Path, expected: Expected) -> None:
    loop = ["-vf", "loop=loop=-1:size=1,trim=end=2.9,setpts=N/30/TB", "-t", "2.9", "-c:v", "libx264"]
    frozen = changed(video, *loop, "-preset", "ultrafast", "-colorspace", "bt709", *COPY[2:])
    length = replace(expected, duration=2.9)
    with pytest.raises(BadVideo, match="stands still"):
        verify(frozen, length)


def test_a_silent_file_is_refused(video: Path, expected: Expected) -> None:
    silent = changed(video, "-af", "volume=0", "-c:v", "copy", *COPY[2:])
    with pytest.raises(BadVideo, match="LUFS"):
        verify(silent, expected)


def test_a_file_without_sound_is_refused(video: Path, expected: Expected) -> None:
    with pytest.raises(BadVideo, match="0 sounds"):
        verify(changed(video, "-an", *COPY), expected)


def test_sound_that_outlives_the_picture_is_refused(video: Path, expected: Expected) -> None:
    longer = changed(video, "-af", "apad=pad_dur=0.5", "-c:v", "copy", *COPY[2:])
    with pytest.raises(BadVideo, match="its sound at"):
        verify(longer, expected)


def test_another_length_than_asked_for_is_refused(video: Path, expected: Expected) -> None:
    with pytest.raises(BadVideo, match="instead of"):
        verify(video, replace(expected, duration=expected.duration + 1))


def test_a_peak_that_would_clip_is_refused(video: Path, expected: Expected) -> None:
    """As loud as it should be on the whole, with one crack in it."""
    crack = "volume=enable='between(t,1.0,1.004)':volume=24dB"
    with pytest.raises(BadVideo, match="true peak"):
        verify(changed(video, "-af", crack, "-c:v", "copy", *COPY[2:]), expected)


def test_louder_than_asked_for_is_refused(video: Path, expected: Expected) -> None:
    with pytest.raises(BadVideo, match="LUFS loud instead"):
        verify(video, replace(expected, lufs=-23.0))


def test_another_frame_rate_is_refused(video: Path, expected: Expected) -> None:
    slow = changed(video, "-r", "25", "-c:v", "libx264", "-preset", "ultrafast", *COPY[2:])
    with pytest.raises(BadVideo, match=r"25\.00 frames a second"):
        verify(slow, expected)


def test_another_codec_or_pixel_format_is_refused(video: Path, expected: Expected) -> None:
    with pytest.raises(BadVideo, match="mpeg4"):
        verify(changed(video, "-c:v", "mpeg4", "-q:v", "5", *COPY[2:]), expected)
    with pytest.raises(BadVideo, match="yuv444p"):
        verify(changed(video, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p", *COPY[2:]), expected)


def test_sound_that_is_no_aac_is_refused(video: Path, expected: Expected) -> None:
    with pytest.raises(BadVideo, match="not AAC"):
        verify(changed(video, "-c:v", "copy", "-c:a", "libmp3lame", *COPY[2:]), expected)


@pytest.mark.parametrize("tag", ["color_primaries=bt2020", "color_trc=smpte2084", "colorspace=bt470bg", "range=pc"])
def test_colours_tagged_as_anything_but_bt709_are_refused(tag: str, video: Path, expected: Expected) -> None:
    again = ["-vf", f"setparams={tag}", "-t", "1", "-c:v", "libx264", "-preset", "ultrafast"]
    with pytest.raises(BadVideo, match=r"BT\.709"):
        verify(changed(video, *again, *COPY[2:]), expected)


def test_a_subtitle_outside_the_safe_area_is_refused(video: Path, expected: Expected) -> None:
    verify(video, replace(expected, subtitles=(Box(100, 1100, 980, 1200),)))
    for outside in (Box(40, 1100, 400, 1200), Box(700, 1100, 1000, 1200), Box(100, 1400, 400, 1500)):
        with pytest.raises(BadVideo, match="leave the safe area"):
            verify(video, replace(expected, subtitles=(outside,)))


def test_more_than_three_minutes_are_refused(tmp_path: Path) -> None:
    long = tmp_path / "video.mp4"
    sources = ["-f", "lavfi", "-i", "testsrc=s=270x480:r=1:d=182", "-f", "lavfi", "-i", "sine=d=182:r=8000"]
    run_ffmpeg([*sources, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", long], seconds=60)
    with pytest.raises(BadVideo, match="at most 180"):
        verify(long, Expected(182.0, 1, -14.0))


def test_a_video_whose_zoom_is_off_may_stand_still(material: Material, studio: Studio, workshop: Workshop) -> None:
    still = {"video": {"transitions": {"zoom": 0.0}, "subtitles": {"highlight": "none"}}}
    standing = replace(studio, content=ContentConfig.model_validate(still))
    made = render(material, standing, workshop, folder="videos/test/standing")
    path = workshop.store.path(made.video)
    with pytest.raises(BadVideo, match="stands still"):
        verify(path, Expected(made.verified.duration, 30, -14.0, moves=True))


def test_why_a_video_was_refused_and_what_ffmpeg_said_is_kept(
    material: Material, studio: Studio, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "HIGHEST_PEAK", -60.0)
    with pytest.raises(BadVideo, match="true peak"):
        render(material, studio, workshop, folder="videos/test/refused")
    folder = workshop.store.path("videos/test/refused")
    assert [file.name for file in folder.iterdir()] == ["render.log"]
    log = (folder / "render.log").read_text()
    assert "true peak" in log
    assert "libx264" in log


def test_an_index_at_the_end_is_refused(video: Path, expected: Expected) -> None:
    late = changed(video, "-c", "copy", "-y")
    assert moov_first(video)
    assert not moov_first(late)
    with pytest.raises(BadVideo, match="moov"):
        verify(late, expected)


def test_a_smaller_picture_is_refused(video: Path, expected: Expected) -> None:
    small = changed(video, "-vf", "scale=540:960", "-c:v", "libx264", "-preset", "ultrafast", *COPY[2:])
    with pytest.raises(BadVideo, match="540x960"):
        verify(small, expected)
