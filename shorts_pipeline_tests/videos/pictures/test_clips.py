"""Clips: films as scenes of the one encode: any size, rate and length, one picture in memory at a time."""

import itertools
from pathlib import Path

import pytest

from shorts_pipeline.database.documents.content_config import TransitionStyle, VideoStyle
from shorts_pipeline.resources.media import MediaStore, run_ffmpeg
from shorts_pipeline.videos.composing.frames import Shot, frames
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.layout import subtitles_at
from shorts_pipeline.videos.pictures.decoding import Undecodable, check_clip
from shorts_pipeline.videos.pictures.drawn import Drawn
from shorts_pipeline.videos.pictures.illustrate import Credit, Still, Story, illustrate, scenes, sources_of
from shorts_pipeline.videos.pictures.photo import filmed, photographed
from shorts_pipeline.videos.subtitles.behind import Behind

STORY = Story("수출이 늘었다", ("수출",), "ko", 5)
MINE = Credit("local", None, "the channel's own", None, "local:a")
CUT = TransitionStyle(kind="cut", seconds=0, zoom=0.0)


def film(
    target: Path, *, size: str = "360x640", rate: int = 25, seconds: float = 2.0, source: str = "testsrc2="
) -> Path:
    made = ["-f", "lavfi", "-i", f"{source}size={size}:rate={rate}:duration={seconds}", "-pix_fmt", "yuv420p"]
    run_ffmpeg(
        [
            *made,
            *(["-preset", "ultrafast"] if target.suffix == ".mp4" else ["-deadline", "realtime", "-cpu-used", "8"]),
            target,
        ],
        seconds=60,
    )
    return target


def still(file: Path, letters: Face, text: str = "지켜볼게요.") -> Still:
    return filmed(file, scenes(STORY, [text])[0], VideoStyle(), letters, source="local", credit=MINE)


@pytest.mark.parametrize(("name", "size", "rate"), [("a.mp4", "360x640", 50), ("a.webm", "640x360", 24)])
def test_a_film_of_any_shape_and_rate_fills_the_picture_at_the_videos_rate(
    tmp_path: Path, letters: Face, name: str, size: str, rate: int
) -> None:
    file = film(tmp_path / name, size=size, rate=rate)
    shown = list(frames([Shot(still(file, letters), 0, 2)], total=60, rate=30, style=CUT))
    assert len(shown) == 60
    assert {tuple(map(len, planes)) for planes in shown} == {(1080 * 1920, 540 * 960, 540 * 960)}
    changes = sum(a != b for a, b in itertools.pairwise(planes[0] for planes in shown))
    assert changes >= 45  # 48 of 60 pictures are new where 24 a second become 30


def test_a_film_that_is_too_short_is_slowed_and_one_much_too_short_is_repeated(tmp_path: Path, letters: Face) -> None:
    file = film(tmp_path / "a.mp4", rate=30)
    for wanted in (75, 200):
        reel = still(file, letters).film.play(wanted, 30)  # type: ignore[union-attr]
        shown = [reel.at(frame)[0].tobytes() for frame in range(wanted)]
        reel.close()
        held = max(len(list(group)) for _, group in itertools.groupby(shown))
        assert held <= 3
        assert len(set(shown)) >= 55


def test_one_white_film_is_dark_enough_for_text_and_its_colours_stay(tmp_path: Path, letters: Face) -> None:
    file = film(tmp_path / "a.mp4", source="color=white:")
    y, u, v = still(file, letters).film.play(1, 30).at(0)  # type: ignore[union-attr]
    assert 16 + 219 * 0.40 < y.getpixel((540, 1700)) < 16 + 219 * 0.48  # type: ignore[operator]
    assert abs(u.getpixel((270, 850)) - 128) <= 1  # type: ignore[operator]
    assert abs(v.getpixel((270, 850)) - 128) <= 1  # type: ignore[operator]


def test_a_telephones_film_stands_upright(tmp_path: Path, letters: Face) -> None:
    lying = film(tmp_path / "a.mp4", size="640x360")
    turned = tmp_path / "turned.mp4"
    run_ffmpeg(["-display_rotation", "90", "-i", lying, "-c", "copy", turned], seconds=60)
    clip = check_clip(turned)
    assert (clip.width, clip.height) == (360, 640)
    scene = still(turned, letters)
    from PIL import Image, ImageChops

    from shorts_pipeline.videos.composing.planes import rgb_of

    shown = Image.fromarray(rgb_of(scene.film.play(1, 30).at(0)))  # type: ignore[union-attr]
    with Image.open(_frame(turned, tmp_path / "true.png")) as true:
        expected = true.convert("RGB").resize((108, 192)).point([round(value * 0.7) for value in range(256)] * 3)
    difference = ImageChops.difference(shown.resize((108, 192)), expected).convert("L")
    assert sum(index * count for index, count in enumerate(difference.histogram())) / (108 * 192) < 30


def _frame(file: Path, target: Path) -> Path:
    """As ffmpeg itself turns it."""
    run_ffmpeg(["-i", file, "-frames:v", "1", target], seconds=60)
    return target


def test_the_sentences_figure_stands_still_on_whatever_moves(tmp_path: Path, letters: Face) -> None:
    """It grew with the picture, and at the end stood under the player's buttons."""
    from PIL import Image

    file = film(tmp_path / "a.mp4", source="color=white:", seconds=3)
    picture = tmp_path / "a.jpg"
    Image.new("RGB", (600, 900), "white").save(picture)
    scene = scenes(STORY, ["수출이 24% 늘었습니다."])[0]
    moves = TransitionStyle(kind="cut", seconds=0, zoom=0.2)
    for make, of in ((filmed, file), (photographed, picture)):
        one = make(of, scene, VideoStyle(), letters, source="local", credit=MINE)
        shown = list(frames([Shot(one, 0, 2)], total=60, rate=30, style=moves))
        cards = [Image.frombytes("L", (1080, 1920), planes[0]).crop((100, 540, 980, 1010)) for planes in shown[::29]]
        assert max(cards[0].crop((600, 60, 860, 80)).getdata()) < 90
        assert len({card.tobytes() for card in cards}) == 1


def test_what_a_film_may_show_later_is_not_known_beforehand(tmp_path: Path, letters: Face) -> None:
    """Subtitles stand on a plate for the brightest picture that there could be, not for the film's first one."""
    dark = still(film(tmp_path / "a.mp4", source="color=black:"), letters)
    drawn = illustrate(STORY, ["지켜볼게요."], [Drawn(STORY, VideoStyle(), letters)])[0]
    scenery = Behind([Shot(drawn, 0, 2), Shot(dark, 2, 4)], CUT)
    box = subtitles_at("middle")
    assert scenery.pixels(box, 0, 1.9) is not None
    assert scenery.pixels(box, 2.1, 3) is None
    assert scenery.pixels(box, 1.5, 2.5) is None


def test_only_one_picture_of_a_film_is_held(tmp_path: Path, letters: Face) -> None:
    import psutil

    file = film(tmp_path / "a.mp4", size="720x1280", seconds=8)
    reel = still(file, letters).film.play(240, 30)  # type: ignore[union-attr]
    reel.at(20)
    before = psutil.Process().memory_info().rss
    for frame in range(20, 240):
        reel.at(frame)
    assert psutil.Process().memory_info().rss - before < 60_000_000  # the pictures alone would be 680 MB


def test_a_film_that_breaks_while_it_plays_stands_still(tmp_path: Path, letters: Face) -> None:
    file = film(tmp_path / "a.mp4")
    reel = still(file, letters).film.play(100, 30)  # type: ignore[union-attr]
    first = reel.at(10)[0].tobytes()
    file.write_bytes(b"gone")
    assert [len(reel.at(frame)[0].tobytes()) for frame in (50, 99)] == [len(first)] * 2


def test_a_channels_own_films_are_scenes_and_broken_ones_are_passed_over(tmp_path: Path, letters: Face) -> None:
    store = MediaStore(tmp_path)
    folder = store.path("mine")
    folder.mkdir()
    film(folder / "b.mp4")
    (folder / "a.mp4").write_bytes((folder / "b.mp4").read_bytes()[:3_000])
    style = VideoStyle.model_validate({"visuals": ["local", "drawn"], "visuals_folder": "mine"})
    stills = illustrate(STORY, ["지켜볼게요.", "정말요."], sources_of(style, STORY, store, letters))
    assert [(one.identity, one.film is not None) for one in stills] == [("local:b.mp4", True), ("drawn:1", False)]
    assert [
        one.identity
        for one in illustrate(
            STORY, ["지켜볼게요."], sources_of(style, STORY, store, letters), frozenset({"local:b.mp4"})
        )
    ] == ["drawn:0"]


@pytest.mark.parametrize("name", ["list.mp4", "list.webm"])
def test_a_play_list_opens_no_other_file(tmp_path: Path, name: str) -> None:
    film(tmp_path / "secret.mp4")
    (tmp_path / name).write_text(f"ffconcat version 1.0\nfile '{tmp_path}/secret.mp4'\n")
    with pytest.raises(Undecodable):
        check_clip(tmp_path / name)
