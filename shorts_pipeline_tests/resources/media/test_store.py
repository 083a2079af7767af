"""Files under the media root: whole or not there, and never outside it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from shorts_pipeline.errors import Rejected
from shorts_pipeline.resources.media import MediaStore


def partials(store: MediaStore) -> list[Path]:
    return list(store.root.rglob("*.partial"))


def test_a_file_is_in_place_only_when_it_is_whole(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    with store.writing("a/b.txt") as temporary:
        temporary.write_text("half")
        assert not store.exists("a/b.txt")
    assert store.path("a/b.txt").read_text() == "half"
    assert partials(store) == []


def test_a_failure_leaves_the_old_file_and_no_half_one(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    store.write_bytes("a.txt", b"old")

    def failing() -> None:
        with store.writing("a.txt") as temporary:
            temporary.write_text("new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert store.path("a.txt").read_bytes() == b"old"
    assert partials(store) == []


def test_what_a_dead_process_left_is_cleaned_and_a_living_ones_stays(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host = socket.gethostname()
    dead = tmp_path / f".a.txt.{host}~{ended.pid}.abcd.partial"
    alive = tmp_path / f".a.txt.{host}~{os.getpid()}.abcd.partial"
    elsewhere = tmp_path / f".a.txt.another~{ended.pid}.abcd.partial"
    for left in (dead, alive, elsewhere):
        left.write_text("half")
    store.write_bytes("a.txt", b"whole")
    assert sorted(partials(store)) == sorted([alive, elsewhere])


@pytest.mark.parametrize("relative", ["../secret", "/etc/passwd", "a/../../b", ""])
def test_no_path_leads_out_of_the_root(tmp_path: Path, relative: str) -> None:
    with pytest.raises(Rejected):
        MediaStore(tmp_path).path(relative)


def test_paths_are_kept_relative_to_the_root(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    assert store.relative(store.path("videos/x/video.mp4")) == "videos/x/video.mp4"
