"""How far a render is, what a full disk says, and what is not rendered twice."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shorts_pipeline.database.documents import ContentConfig
from shorts_pipeline.resources.media import DiskFull, MediaStore, run_ffmpeg
from shorts_pipeline.resources.speech.espeak import Espeak
from shorts_pipeline.videos.material import Material, Studio
from shorts_pipeline.videos.render import Workshop, render
from shorts_pipeline.videos.rendered import FILES, Rendered
from shorts_pipeline_tests.videos.conftest import with_text

FOLDER = "videos/test/progress"


@pytest.fixture
def limited() -> Iterator[None]:
    """No file of this process and its children may grow beyond 300 kB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_progress_is_what_ffmpeg_has_written_and_ends_at_one(
    material: Material, studio: Studio, workshop: Workshop
) -> None:
    told: list[float] = []
    watched = replace(workshop, progress=told.append)
    render(
        with_text(material, "수출이 24% 늘었습니다. 왜일까요? 메모리가 이끌었습니다."), studio, watched, folder=FOLDER
    )
    assert told == sorted(set(told))
    assert told[-1] == 1.0
    assert len(told) >= 3
    assert all(round(share * 10) == pytest.approx(share * 10) for share in told)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting a small disk takes root on Linux")
def test_a_full_disk_is_said_to_be_full_and_leaves_nothing_half(
    material: Material, studio: Studio, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(DiskFull, match="free some space"):
            render(material, studio, Workshop(MediaStore(disk), Espeak(), "ultrafast"), folder="videos/full")
        left = [file.name for file in disk.rglob("*") if file.is_file() and "fonts" not in file.parts]
        assert not [name for name in left if name.endswith((".mp4", ".partial"))]
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_file_that_may_not_grow_any_more_is_a_full_disk(limited: None, tmp_path: Path) -> None:
    source = ["-f", "lavfi", "-i", "testsrc=d=2", "-f", "rawvideo", tmp_path / "video.yuv"]
    with pytest.raises(DiskFull, match=r"video\.yuv"):
        run_ffmpeg(source, seconds=20)
    with pytest.raises(DiskFull, match=r"a\.bin"):
        MediaStore(tmp_path).write_bytes("a.bin", bytes(400_000))
    assert not [file for file in tmp_path.iterdir() if file.name != "video.yuv"]


def test_a_render_that_finds_no_room_says_so_and_leaves_nothing_half(
    limited: None, material: Material, studio: Studio, tmp_path: Path
) -> None:
    """Without a small disk to mount, which takes root: everywhere."""
    with pytest.raises(DiskFull, match="free some space"):
        render(material, studio, Workshop(MediaStore(tmp_path), Espeak(), "ultrafast"), folder="videos/full")
    assert not [file for file in tmp_path.rglob("*") if file.suffix in {".mp4", ".partial"}]


def test_unchanged_inputs_are_not_rendered_again(
    rendered: Rendered, material: Material, studio: Studio, workshop: Workshop, store: MediaStore
) -> None:
    before = {name: store.path(f"{rendered.folder}/{name}").stat().st_mtime_ns for name in FILES}
    again = render(material, studio, workshop, folder=rendered.folder)
    assert again == replace(rendered, reused=True, wall_seconds=0.0, cpu_seconds=0.0)
    assert {name: store.path(f"{rendered.folder}/{name}").stat().st_mtime_ns for name in FILES} == before


def test_other_words_colours_or_presets_and_damaged_files_are(
    rendered: Rendered, material: Material, studio: Studio, workshop: Workshop, store: MediaStore
) -> None:
    """Told apart before anything is made: that nobody speaks is how we see that it would be made."""
    dumb = replace(workshop, narrator=_Dumb())
    blue = ContentConfig.model_validate({"video": {"music": {"enabled": True}, "colours": {"accent": "#0000FF"}}})
    for changed, room, shop in (
        (with_text(material, "다른 말."), studio, dumb),
        (with_text(material, material.text, "다른 제목"), studio, dumb),
        (material, replace(studio, content=blue), dumb),
        (material, replace(studio, voice_id="ko+m3"), dumb),
        (material, studio, replace(dumb, preset="superfast")),
    ):
        with pytest.raises(_Spoken):
            render(changed, room, shop, folder=rendered.folder)
    for name in FILES:
        path = store.path(f"{rendered.folder}/{name}")
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(_Spoken):
            render(material, studio, dumb, folder=rendered.folder)
        path.write_bytes(whole)
    assert render(material, studio, dumb, folder=rendered.folder).reused


def test_a_voice_that_stood_in_is_replaced_as_soon_as_the_one_asked_for_can_be_had(
    rendered: Rendered, material: Material, studio: Studio, workshop: Workshop, store: MediaStore
) -> None:
    away = replace(studio, tts_service="edge-tts")
    folder = "videos/test/stood-in"
    first = render(material, away, workshop, folder=folder)
    assert (first.engine, first.reused) == ("offline-espeak", False)
    assert render(material, away, workshop, folder=folder).reused
    better = replace(workshop, narrator=_Renamed("edge-tts"))
    second = render(material, away, better, folder=folder)
    assert (second.engine, second.reused) == ("edge-tts", False)


class _Spoken(Exception):
    """Somebody was asked to speak."""


class _Dumb:
    name = "offline"

    def narrate(self, *_: object, **__: object) -> object:
        raise _Spoken


class _Renamed(Espeak):
    """The offline voice under another name."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "woman", False)
        object.__setattr__(self, "name", name)

    def narrate(self, *arguments: object, **options: object) -> object:
        return replace(super().narrate(*arguments, **options), engine=self.name)  # type: ignore[arg-type]
