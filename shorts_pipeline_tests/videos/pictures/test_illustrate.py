"""Pictures: a different one for every sentence, decoded before use, with credit where it is due."""

from pathlib import Path

import pytest

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.pictures.illustrate import Story, illustrate, sources_of

STORY = Story("수출이 늘었다", ("수출",), "ko", 5)
SENTENCES = ["수출이 24% 늘었습니다.", "메모리가 이끌었습니다.", "어떻게 될까요?"]
LOCAL = VideoStyle.model_validate({"visuals": ["local", "drawn"], "visuals_folder": "pictures"})


def picture(path: Path, colour: str) -> None:
    from PIL import Image

    Image.new("RGB", (400, 600), colour).save(path)


def test_drawn_pictures_are_all_different_and_the_same_each_time(store: MediaStore, letters: Face) -> None:
    def drawn() -> list[bytes]:
        stills = illustrate(STORY, SENTENCES, sources_of(VideoStyle(), STORY, store, letters))
        return [still.open((270, 480)).tobytes() for still in stills]

    first = drawn()
    assert len(set(first)) == 3
    assert drawn() == first


def test_a_drawn_picture_takes_half_a_cpu_second_at_most(store: MediaStore, letters: Face) -> None:
    import time

    (still,) = illustrate(STORY, SENTENCES[:1], sources_of(VideoStyle(), STORY, store, letters))
    still.open((1168, 2074))
    started = time.process_time()
    still.open((1168, 2074))
    assert time.process_time() - started < 0.5


def test_a_channels_own_pictures_come_first_each_once_and_are_credited(tmp_path: Path, letters: Face) -> None:
    store = MediaStore(tmp_path)
    folder = store.path("pictures")
    folder.mkdir()
    picture(folder / "a.jpg", "red")
    picture(folder / "메모리.png", "blue")
    (folder / "a.txt").write_text("Kim\nCC BY 4.0\nhttps://example.com/a")
    stills = illustrate(STORY, SENTENCES, sources_of(LOCAL, STORY, store, letters))
    assert [still.identity for still in stills] == ["local:a.jpg", "local:메모리.png", "drawn:2"]
    credit = stills[0].credit
    assert credit is not None
    assert (credit.author, credit.licence, credit.address) == ("Kim", "CC BY 4.0", "https://example.com/a")
    assert stills[1].open((108, 192)).size == (108, 192)


@pytest.mark.parametrize("content", [b"<html>not found</html>", b"\xff\xd8\xff\xe0 truncated", b""])
def test_what_does_not_decode_is_passed_over(tmp_path: Path, letters: Face, content: bytes) -> None:
    store = MediaStore(tmp_path)
    store.path("pictures").mkdir()
    (store.path("pictures") / "a.jpg").write_bytes(content)
    stills = illustrate(STORY, SENTENCES[:1], sources_of(LOCAL, STORY, store, letters))
    assert [still.source for still in stills] == ["drawn"]


@pytest.mark.parametrize(
    ("colour", "planes"), [("black", (16, 128, 128)), ("white", (235, 128, 128)), ("red", (63, 102, 240))]
)
def test_colours_become_limited_range_bt709(colour: str, planes: tuple[int, int, int]) -> None:
    """White was 236: Pillow rounds by itself, and half a step had been added before."""
    from PIL import Image

    from shorts_pipeline.videos.composing.planes import planes_of

    assert tuple(plane.getpixel((0, 0)) for plane in planes_of(Image.new("RGB", (4, 4), colour))) == planes


@pytest.mark.parametrize("colour", [(255, 0, 0), (12, 200, 90), (40, 60, 200), (255, 255, 255), (0, 0, 0)])
def test_planes_become_the_same_colours_again(colour: tuple[int, int, int]) -> None:
    from PIL import Image

    from shorts_pipeline.videos.composing.planes import planes_of, rgb_of

    shown = rgb_of(planes_of(Image.new("RGB", (64, 64), colour)))
    assert abs(shown.reshape(-1, 3).astype(int) - colour).max() <= 2
