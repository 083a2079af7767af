"""Pruning the cache: downloads that nobody has shown for long go, and the longest unused ones when there are too many.

Whoever uses a file touches it, so its time of change says when it was used last. A file that a render may be reading
just now is never taken, however full the cache is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from shorts_pipeline.resources.media.store import MediaStore

CACHE = "cache"
UNUSED_FOR = timedelta(days=30)
MOST_BYTES = 20_000_000_000
IN_USE = timedelta(hours=6)


@dataclass(frozen=True)
class Freed:
    """Files removed and their bytes."""

    files: int
    size: int


def prune_cache(
    store: MediaStore, *, now: datetime, unused_for: timedelta = UNUSED_FOR, most_bytes: int = MOST_BYTES
) -> Freed:
    """Remove what is old, then what is too much, the longest unused first; safe to repeat and to interrupt."""
    found = sorted(_files(store.path(CACHE)))
    left, files, size = sum(bytes_ for _, bytes_, _ in found), 0, 0
    for used_at, bytes_, path in found:
        age = now.timestamp() - used_at
        if age < IN_USE.total_seconds():
            break
        if age > unused_for.total_seconds() or left > most_bytes:
            path.unlink(missing_ok=True)
            left, files, size = left - bytes_, files + 1, size + bytes_
    return Freed(files, size)


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    """When each file was used last, its size, and where it is; half-written ones too."""
    found = []
    for path in folder.rglob("*") if folder.is_dir() else []:
        try:
            state = path.stat()
        except FileNotFoundError:  # somebody else pruned it
            continue
        if path.is_file():
            found.append((state.st_mtime, state.st_size, path))
    return found
