"""Stock libraries, asked in their own protocols: what is taken, what is refused, and when they are left alone."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.videos.pictures.illustrate import illustrate, scenes
from shorts_pipeline_tests.videos.pictures.stock.conftest import STORY, Stocks
from shorts_pipeline_tests.videos.pictures.stock.libraries import (
    KEY,
    Libraries,
    Work,
    animated,
    bomb,
    dripping,
    endless,
    jpeg,
)

NOTHING: frozenset[str] = frozenset()
(SCENE,) = scenes(STORY, ["메모리 반도체 수출이 늘었습니다."])
BOTH = pytest.mark.parametrize("library", ["pexels", "pixabay"])


@BOTH
def test_a_photo_is_asked_for_upright_in_the_channels_language_and_credited(
    library: str, libraries: Libraries, stock: Stocks
) -> None:
    libraries.works = [Work(11, "a.jpg")]
    libraries.files["a.jpg"] = jpeg()
    still = stock(library, "photo").still(SCENE, NOTHING)
    assert still is not None
    assert still.credit is not None
    assert (still.source, still.identity) == (f"{library}-photo", f"{library}:photo:11")
    assert still.credit.address is not None
    assert still.credit.address.startswith("https://")
    assert still.credit.author
    assert still.credit.licence in {"Pexels License", "Pixabay Content License"}
    assert still.open((270, 480)).size == (270, 480)
    asked = libraries.searches()[0]
    assert asked.get("orientation") in {"portrait", "vertical"}
    assert asked.get("locale", asked.get("lang")) in {"ko-KR", "ko"}
    assert asked.get("query", asked.get("q")) == "메모리 반도체"


@BOTH
def test_a_film_becomes_a_scene_that_moves(library: str, libraries: Libraries, stock: Stocks, film: bytes) -> None:
    libraries.works = [Work(12, "a.mp4", 1080, 1920, seconds=2)]
    libraries.files["a.mp4"] = film
    still = stock(library, "video").still(SCENE, NOTHING)
    assert still is not None
    assert still.film is not None
    reel = still.film.play(90, 30)
    first, later = reel.at(0)[0].tobytes(), reel.at(40)[0].tobytes()
    reel.close()
    assert first != later
    assert libraries.asked[-1][1].keys() <= {"hd", "medium"}  # enough pixels, and not the one of four times as many


@BOTH
def test_nothing_is_shown_twice_in_a_video_nor_what_was_shown_lately(
    library: str, libraries: Libraries, stock: Stocks
) -> None:
    libraries.works = [Work(number, f"{number}.jpg") for number in range(1, 5)]
    libraries.files |= {f"{number}.jpg": jpeg(colour=f"#{number}0{number}040") for number in range(1, 5)}
    lately = frozenset({f"{library}:photo:2"})
    stills = illustrate(STORY, ["반도체가 늘었다.", "수출이 늘었다.", "메모리다."], [stock(library, "photo")], lately)
    assert [still.identity for still in stills] == [f"{library}:photo:{number}" for number in (1, 3, 4)]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"<html>not found</html>", "a web page"),
        (b'{"error": "expired"}', "JSON"),
        (jpeg()[:9_000], "not a whole picture"),
        (b"", "an empty file"),
        (bomb(), "pixels"),
        (animated(), "moving picture"),
        (jpeg(900, 1350, kind="GIF"), "not a whole picture"),
        (jpeg(64, 64), "an edge under"),
        (endless, "larger than 2,000,000 bytes"),
        (dripping, "longer than 1 seconds"),
        (None, "404"),
    ],
    ids=["html", "json", "truncated", "empty", "bomb", "animated", "gif", "icon", "endless", "dripping", "missing"],
)
def test_what_is_no_picture_is_refused_with_a_reason_and_the_next_is_taken(
    libraries: Libraries, stock: Stocks, tmp_path: Path, file: bytes, reason: str
) -> None:
    libraries.works = [Work(1, "bad.jpg"), Work(2, "good.jpg")]
    libraries.files |= {"good.jpg": jpeg()} | ({"bad.jpg": file} if file is not None else {})
    source = stock("pexels", "photo")
    still = source.still(SCENE, NOTHING)
    assert still is not None
    assert still.identity == "pexels:photo:2"
    assert reason in source.refused["pexels:photo:1"]
    kept = [path.name for path in (tmp_path / "media/cache/pictures").rglob("*") if path.is_file()]
    assert sum(name.endswith(".jpg") for name in kept) == 1
    assert not [name for name in kept if "partial" in name]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda film: film[: len(film) // 2], "film"),
        (lambda film: film[:2_000], "film"),
        (lambda _: b"<html>blocked</html>", "a web page"),
        (lambda _: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "not a film"),
        (lambda _: b"", "an empty file"),
    ],
    ids=["half", "head", "html", "playlist", "empty"],
)
def test_what_is_no_film_is_refused_and_the_next_is_taken(
    libraries: Libraries, stock: Stocks, film: bytes, damage: object, reason: str
) -> None:
    assert callable(damage)
    libraries.works = [Work(1, "bad.mp4", 1080, 1920, 3), Work(2, "good.mp4", 1080, 1920, 3)]
    libraries.files |= {"bad.mp4": damage(film), "good.mp4": film}
    source = stock("pexels", "video")
    still = source.still(SCENE, NOTHING)
    assert still is not None
    assert still.identity == "pexels:video:2"
    assert reason in source.refused["pexels:video:1"]


def test_a_refused_work_is_not_downloaded_again_for_the_next_sentence(libraries: Libraries, stock: Stocks) -> None:
    libraries.works = [Work(1, "bad.jpg"), Work(2, "a.jpg"), Work(3, "b.jpg")]
    libraries.files |= {"a.jpg": jpeg(), "b.jpg": jpeg(colour="red")}
    illustrate(STORY, ["반도체가 늘었다.", "수출이 늘었다."], [stock("pexels", "photo")])
    assert libraries.downloads().count("bad.jpg") == 1


@BOTH
def test_answers_are_kept_for_a_day_and_files_for_longer(
    library: str, libraries: Libraries, stock: Stocks, clock: ManualClock
) -> None:
    libraries.works = [Work(1, "a.jpg")]
    libraries.files["a.jpg"] = jpeg()

    def look() -> tuple[int, int]:
        assert stock(library, "photo").still(SCENE, NOTHING)
        return len(libraries.searches()), len(libraries.downloads())

    assert look() == (1, 1)
    clock.move(timedelta(hours=23))
    assert look() == (1, 1)
    clock.move(timedelta(hours=2))
    assert look() == (2, 1)


@BOTH
def test_a_library_that_says_too_many_rests_for_every_video_and_comes_back(
    library: str, libraries: Libraries, stock: Stocks, clock: ManualClock
) -> None:
    libraries.works = [Work(1, "a.jpg")]
    libraries.files["a.jpg"] = jpeg()
    libraries.status = 429
    assert stock(library, "photo").still(SCENE, NOTHING) is None
    libraries.status = 200
    assert stock(library, "photo").still(SCENE, NOTHING) is None
    assert len(libraries.searches()) == 1
    clock.move(timedelta(minutes=21))
    assert stock(library, "photo").still(SCENE, NOTHING)


def test_a_wait_that_is_asked_for_is_kept(libraries: Libraries, stock: Stocks, clock: ManualClock) -> None:
    libraries.works, libraries.files["a.jpg"] = [Work(1, "a.jpg")], jpeg()
    libraries.status, libraries.headers = 429, {"Retry-After": "7200"}
    assert stock("pexels", "photo").still(SCENE, NOTHING) is None
    libraries.status = 200
    clock.move(timedelta(minutes=119))
    assert stock("pexels", "photo").still(SCENE, NOTHING) is None
    clock.move(timedelta(minutes=2))
    assert stock("pexels", "photo").still(SCENE, NOTHING)


@pytest.mark.parametrize(("library", "reset"), [("pixabay", "300"), ("pexels", None)])
def test_the_last_request_allowed_is_the_last_one_sent(
    libraries: Libraries, stock: Stocks, clock: ManualClock, library: str, reset: str | None
) -> None:
    """Pixabay says how many seconds are left, Pexels when its month ends."""
    ends = reset or str(int((clock.now() + timedelta(seconds=300)).timestamp()))
    libraries.headers = {"X-Ratelimit-Remaining": "0", "X-Ratelimit-Reset": ends}
    assert stock(library, "photo").still(SCENE, NOTHING) is None  # it has nothing; other words would be asked next
    assert len(libraries.searches()) == 1
    clock.move(timedelta(seconds=301))
    stock(library, "photo").still(SCENE, NOTHING)
    assert len(libraries.searches()) == 2


def test_no_more_than_the_allowed_requests_are_sent_at_all(
    libraries: Libraries, stock: Stocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shorts_pipeline.videos.pictures.stock import searches

    monkeypatch.setitem(searches.ALLOWED, "pexels", (3, timedelta(hours=1)))
    for sentence in ("반도체가 늘었다.", "전기차를 판다.", "배터리가 탄다."):
        stock("pexels", "photo").still(scenes(STORY, [sentence])[0], NOTHING)
    assert len(libraries.searches()) == 3


@pytest.mark.parametrize("body", [b"<html>maintenance</html>", b"[]", b"", b'{"photos": [{"id": "x"}, 3, null]}'])
def test_an_answer_that_is_none_gives_no_picture_and_no_failure(
    libraries: Libraries, stock: Stocks, body: bytes
) -> None:
    libraries.body = body
    assert stock("pexels", "photo").still(SCENE, NOTHING) is None


@BOTH
def test_a_refused_key_is_for_a_person_and_is_told_nowhere(
    library: str, libraries: Libraries, stock: Stocks, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ConfigurationError, match=f"{library}_secret") as told:
        stock(library, "photo", key="wrong-key-of-somebody").still(SCENE, NOTHING)
    assert "wrong-key" not in str(told.value) + caplog.text


def test_the_key_stands_in_no_file(libraries: Libraries, stock: Stocks, tmp_path: Path) -> None:
    libraries.works, libraries.files["a.jpg"] = [Work(1, "a.jpg")], jpeg()
    stock("pixabay", "photo").still(SCENE, NOTHING)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_korean_that_finds_nothing_is_asked_in_english(libraries: Libraries, stock: Stocks) -> None:
    libraries.works, libraries.files["a.jpg"] = [Work(1, "a.jpg", words=("semiconductor",))], jpeg()
    assert stock("pexels", "photo").still(SCENE, NOTHING)
    assert [asked["locale"] for asked in libraries.searches()] == ["ko-KR", "en-US"]


def test_an_address_inside_a_private_network_is_not_asked(libraries: Libraries, stock: Stocks) -> None:
    libraries.works = [Work(1, "a.jpg"), Work(2, "b.jpg")]
    libraries.files["b.jpg"] = jpeg()
    document = libraries.answer("/pexels/v1/search", {})
    document["photos"][0]["src"]["original"] = "http://192.168.0.1/a.jpg"
    libraries.body = json.dumps(document).encode()
    source = stock("pexels", "photo")
    still = source.still(SCENE, NOTHING)
    assert still is not None
    assert still.identity == "pexels:photo:2"
    assert "private network" in source.refused["pexels:photo:1"]
