"""Effects: a channel's own Python between the picture and the encode, and what happens when it is wrong."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from shorts_pipeline.database.documents.content_config import TransitionStyle, VideoStyle
from shorts_pipeline.errors import ConfigurationError, NeedsPerson
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.composing import effects
from shorts_pipeline.videos.composing.effects import affected
from shorts_pipeline.videos.composing.frames import Shot, frames
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.pictures.illustrate import Still, Story, illustrate, sources_of

STORY = Story("수출이 늘었다", (), "ko", 5)
HERE = "channel_effects"
CUT = TransitionStyle(kind="cut", seconds=0, zoom=0.05)


@pytest.fixture(autouse=True)
def channel_effects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module as a channel's owner would write it."""
    (tmp_path / f"{HERE}.py").write_text(
        "import time\n"
        "def mirrored(clip):\n    from moviepy import vfx\n    return clip.with_effects([vfx.MirrorX()])\n"
        "def half(clip):\n    return clip.resized(0.5)\n"
        "def short(clip):\n    return clip.subclipped(0, 0.1)\n"
        "def fails(clip):\n    return clip.transform(lambda get, t: 1 / 0)\n"
        "def nothing(clip):\n    return None\n"
        "def hangs(clip):\n    return clip.transform(lambda get, t: time.sleep(60))\n"
        "value = 3\n"
    )
    (tmp_path / "broken_effects.py").write_text("import no_such_module_at_all\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in (HERE, "broken_effects"):
        sys.modules.pop(name, None)


def stills(store: MediaStore, letters: Face, *names: str) -> list[Still]:
    drawn = illustrate(STORY, ["지켜볼게요."], sources_of(VideoStyle(), STORY, store, letters))
    return affected(drawn, names)


def shown(made: list[Still], total: int = 6, style: TransitionStyle = CUT) -> list[Any]:
    from PIL import Image

    pictures = frames([Shot(made[0], 0, total / 30)], total=total, rate=30, style=style)
    return [Image.frombytes("L", (1080, 1920), planes[0]) for planes in pictures]


def apart(one: Any, other: Any) -> float:
    """Mean difference of two pictures, in steps of brightness."""
    from PIL import ImageChops

    histogram = ImageChops.difference(one, other).histogram()
    return sum(value * count for value, count in enumerate(histogram)) / sum(histogram)


def test_an_effect_changes_every_frame_of_the_same_encode(store: MediaStore, letters: Face) -> None:
    from PIL import ImageOps

    plain, mirrored = shown(stills(store, letters)), shown(stills(store, letters, f"{HERE}:mirrored"))
    assert len(mirrored) == 6
    for one, other in zip(plain, mirrored, strict=True):
        assert apart(ImageOps.mirror(one), other) < 1.0 < apart(one, other)


def test_effects_come_one_after_the_other_and_any_size_or_length_fits(store: MediaStore, letters: Face) -> None:
    twice = shown(stills(store, letters, f"{HERE}:mirrored", f"{HERE}:mirrored", f"{HERE}:half", f"{HERE}:short"))
    assert len(twice) == 6
    assert apart(twice[0], shown(stills(store, letters))[0]) < 2.5


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (f"{HERE}:missing", "has no 'missing'"),
        (f"{HERE}:value", "no function"),
        ("no_such_package.module:function", "cannot be imported"),
        ("broken_effects:function", "no_such_module_at_all"),
    ],
)
def test_what_cannot_be_imported_is_told_before_anything_is_rendered(
    store: MediaStore, letters: Face, name: str, told: str
) -> None:
    with pytest.raises(ConfigurationError, match="effects") as error:
        stills(store, letters, name)
    assert told in str(error.value)


@pytest.mark.parametrize("name", ["fails", "nothing"])
def test_an_effect_that_fails_is_for_a_person(store: MediaStore, letters: Face, name: str) -> None:
    with pytest.raises(NeedsPerson, match=f"{HERE}:{name}"):
        shown(stills(store, letters, f"{HERE}:{name}"))


def test_an_effect_that_hangs_does_not_hang_the_render(
    store: MediaStore, letters: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "SECONDS", 1.0)
    began = time.monotonic()
    with pytest.raises(NeedsPerson, match="took longer"):
        shown(stills(store, letters, f"{HERE}:hangs"))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("name", ["module.function", "os system:x", ":x", "a:b:c", "a:b()"])
def test_what_names_no_function_is_refused_when_the_file_is_applied(name: str) -> None:
    with pytest.raises(ValueError, match=r"package\.module:function"):
        VideoStyle.model_validate({"effects": [name]})


def test_moviepy_is_not_loaded_where_no_effect_is_named() -> None:
    loaded = "shorts_pipeline.videos.render, shorts_pipeline.videos.composing.effects"
    code = f"import sys, {loaded}; sys.exit('moviepy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
