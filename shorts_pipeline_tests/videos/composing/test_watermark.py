"""The channel's mark: on every frame, in its corner, in nobody's way; a bad file is said to be one."""

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError

from shorts_pipeline.database.documents.content_config import VideoStyle, WatermarkStyle
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.composing.frames import Shot, frames
from shorts_pipeline.videos.composing.headline import piece_of, set_name
from shorts_pipeline.videos.composing.watermark import watermark
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.layout import SAFE, Box, card_at, subtitles_at
from shorts_pipeline.videos.pictures.illustrate import Still
from shorts_pipeline.videos.render import overlay

CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right"]
POSITIONS = ["top", "middle", "bottom"]


@pytest.fixture
def mark(store: MediaStore) -> str:
    """A red picture of 300x100 with a hole in it."""
    store.path("logos").mkdir(exist_ok=True)
    picture = Image.new("RGBA", (300, 100), (255, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (100, 20, 200, 80))
    picture.save(store.path("logos/red.png"))
    return "logos/red.png"


def clear_of(one: Box, other: Box) -> bool:
    return one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("position", POSITIONS)
def test_it_stands_in_its_corner_inside_the_safe_area_and_clear_of_everything(
    corner: str, position: str, mark: str, store: MediaStore, letters: Face
) -> None:
    style = VideoStyle.model_validate(
        {"watermark": {"file": mark, "corner": corner, "size": 160}, "subtitles": {"position": position}}
    )
    assert style.watermark is not None
    found = watermark(style.watermark, store, style.subtitles.position)
    assert found is not None
    box = found[1]
    assert SAFE.holds(box)
    assert (box.centre[0] < 540) == corner.endswith("left")
    assert (box.centre[1] < 960) == corner.startswith("top")
    assert clear_of(box, subtitles_at(style.subtitles.position))
    assert clear_of(box, card_at(style.subtitles.position))
    laid = overlay(
        "아주 긴 이름을 가진 채널 " * 4, "제목이 두 줄이 될 만큼 긴 이야기의 제목입니다", style, letters, store
    )
    others = [Box(p.left, p.top, p.left + p.planes[0].width, p.top + p.planes[0].height) for p in laid.pieces[:-1]]
    assert len(others) == 2
    assert all(clear_of(box, other) for other in others)


def test_it_is_seen_on_every_frame_as_strong_as_asked_and_its_holes_stay_open(
    mark: str, store: MediaStore, letters: Face
) -> None:
    style = VideoStyle(watermark=WatermarkStyle(file=mark, corner="bottom-left", size=100, opacity=0.5))
    laid = overlay("채널", "제목", style, letters, store)
    shots = [Shot(Still(lambda canvas: Image.new("RGB", canvas), "x", "x"), 0, 0.2)]
    shown = list(frames(shots, total=6, rate=30, style=style.transitions, overlay=laid))
    piece = laid.pieces[-1]
    for planes in (shown[0], shown[-1]):
        y = np.frombuffer(planes[0], np.uint8).reshape(1920, 1080)
        assert y[piece.top + 10, piece.left + 20] == pytest.approx(16 + (62 - 16) * 0.5, abs=2)
        assert y[piece.top + 50, piece.left + 150] == 16


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"cut"])
def test_a_file_that_is_no_whole_picture_is_named(content: bytes, mark: str, store: MediaStore) -> None:
    whole = store.path(mark).read_bytes()
    store.write_bytes("logos/bad.png", whole[: len(whole) // 2] if content == b"cut" else content)
    with pytest.raises(ConfigurationError, match=r"logos/bad\.png"):
        watermark(WatermarkStyle(file="logos/bad.png"), store, "middle")


def test_a_missing_file_is_named(store: MediaStore) -> None:
    with pytest.raises(ConfigurationError, match=r"logos/none\.png"):
        watermark(WatermarkStyle(file="logos/none.png"), store, "middle")


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.png", "a/../../b.png", "~/x.png", "a\\b.png"])
def test_a_path_out_of_the_media_root_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        WatermarkStyle(file=path)


def test_a_picture_that_shows_nothing_is_no_mark() -> None:
    assert piece_of(Image.new("RGBA", (40, 40)), 0, 0) is None


def test_a_long_name_becomes_smaller_and_is_cut_at_a_word(letters: Face) -> None:
    assert set_name("오늘의 테크", letters, 800) == (44, "오늘의 테크")
    size, shown = set_name("오늘의 반도체와 인공지능과 로봇과 우주 산업을 아주 자세히 다루는 이야기들", letters, 600)
    assert size == 32
    assert letters.width(shown, size) <= 600
    assert shown.startswith("오늘의 반도체와")
