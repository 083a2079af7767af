"""The cache: what nobody uses goes, then what is too much; what is in use stays."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.media.pruning import prune_cache

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def used(store: MediaStore, name: str, ago: timedelta, size: int = 100) -> Path:
    path = store.write_bytes(f"cache/{name}", bytes(size))
    os.utime(path, ((NOW - ago).timestamp(),) * 2)
    return path


def test_what_is_unused_for_long_goes_half_written_or_not(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    old = [
        used(store, name, timedelta(days=31))
        for name in ("pictures/ab/old.jpg", "searches/x.json", "pictures/.y.partial")
    ]
    kept = used(store, "pictures/ab/new.jpg", timedelta(days=29))
    video = store.write_bytes("videos/a/video.mp4", b"x")
    os.utime(video, (0, 0))
    assert prune_cache(store, now=NOW).files == 3
    assert not any(path.exists() for path in old)
    assert kept.exists()
    assert video.exists()
    assert prune_cache(store, now=NOW).files == 0


def test_of_too_much_the_longest_unused_goes_first_and_never_what_is_in_use(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    files = [used(store, f"pictures/{hours}.jpg", timedelta(hours=hours)) for hours in (1, 2, 8, 9, 10)]
    assert prune_cache(store, now=NOW, most_bytes=350).size == 200
    assert [path.exists() for path in files] == [True, True, True, False, False]
    prune_cache(store, now=NOW, most_bytes=0)
    assert [path.exists() for path in files] == [True, True, False, False, False]


def test_no_cache_is_no_failure(tmp_path: Path) -> None:
    assert prune_cache(MediaStore(tmp_path), now=NOW).files == 0
