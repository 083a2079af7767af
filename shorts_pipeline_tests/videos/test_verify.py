"""A bad file never passes."""

from dataclasses import replace
from pathlib import Path

import pytest

from shorts_pipeline.resources.media import run_ffmpeg
from shorts_pipeline.videos.render import Rendered
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
