"""Decoding: whatever arrives is either usable or refused with a reason; nothing else ever comes out of it."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shorts_pipeline.resources.media import run_ffmpeg
from shorts_pipeline.videos.pictures.clips import ClipFile
from shorts_pipeline.videos.pictures.decoding import Undecodable, check_clip, check_picture
from shorts_pipeline_tests.videos.pictures.stock.libraries import jpeg

ANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    target = tmp_path_factory.mktemp("film") / "film.mp4"
    made = ["-f", "lavfi", "-i", "testsrc2=size=256x320:rate=10:duration=2", "-pix_fmt", "yuv420p", "-g", "5"]
    run_ffmpeg([*made, "-preset", "ultrafast", "-movflags", "+faststart", target], seconds=60)
    return target.read_bytes()


def damaged(content: bytes, at: float, by: bytes, cut: float) -> bytes:
    place = int(at * len(content))
    changed = content[:place] + by + content[place + len(by) :]
    return changed[: max(int(cut * len(content)), 1)]


DAMAGE = {"at": st.floats(0, 1), "by": st.binary(max_size=40), "cut": st.floats(0.3, 1)}


@ANY
@given(**DAMAGE)
def test_a_damaged_picture_is_usable_or_refused(tmp_path: Path, at: float, by: bytes, cut: float) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(damaged(jpeg(300, 400), at, by, cut))
    with suppress(Undecodable):
        check_picture(file)


@ANY
@given(**DAMAGE)
def test_a_damaged_film_is_played_or_refused(tmp_path: Path, film: bytes, at: float, by: bytes, cut: float) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(damaged(film, at, by, cut))
    try:
        check_clip(file)
    except Undecodable:
        return
    reel = ClipFile(file, lambda: 0.7).play(4, 10)
    assert len(reel.at(3)[0].tobytes()) == 1080 * 1920
    reel.close()


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8])
def test_a_film_that_is_cut_off_is_refused(tmp_path: Path, film: bytes, share: float) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(film[: int(len(film) * share)])
    with pytest.raises(Undecodable):
        check_clip(file)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ("sine=duration=2", "without pictures"),
        ("testsrc2=size=256x320:rate=10:duration=0.3", "0.3 seconds"),
        ("testsrc2=size=64x64:rate=10:duration=2", "64x64"),
    ],
)
def test_a_film_of_no_use_is_refused_with_the_reason(tmp_path: Path, made: str, reason: str) -> None:
    file = tmp_path / "a.mp4"
    run_ffmpeg(["-f", "lavfi", "-i", made, *([] if "sine" in made else ["-pix_fmt", "yuv420p"]), file], seconds=60)
    with pytest.raises(Undecodable, match=reason):
        check_clip(file)


def test_a_photo_that_a_telephone_turned_stands_upright(tmp_path: Path) -> None:
    from PIL import Image

    lying = Image.new("RGB", (900, 600), "white")
    exif = lying.getexif()
    exif[0x0112] = 6
    lying.save(tmp_path / "a.jpg", exif=exif)
    seen = check_picture(tmp_path / "a.jpg")
    assert (seen.width, seen.height, seen.suffix) == (600, 900, ".jpg")
