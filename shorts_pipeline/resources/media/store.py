"""The media store: files under one root, known by their path relative to it; never a half file in place.

A file is written beside its place under a temporary name, flushed to disk and renamed. What a killed process
left half-written is taken away by the next one that writes there.
"""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from shorts_pipeline.errors import Rejected
from shorts_pipeline.resources.media.ffmpeg import ffmpeg_path
from shorts_pipeline.resources.media.room import DiskFull, is_full

PARTIAL = ".partial"


class MediaStore:
    """Files under `root`. Relative paths are what the database keeps, with `/` between folders."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    @property
    def ffmpeg(self) -> Path:
        """The ffmpeg program that ships with imageio-ffmpeg, or the one `IMAGEIO_FFMPEG_EXE` names."""
        return ffmpeg_path()

    def path(self, relative: str) -> Path:
        """Where the file is. Raises `Rejected` for a path that leads out of the root."""
        parts = PurePosixPath(relative)
        if parts.is_absolute() or not parts.parts or ".." in parts.parts:
            raise Rejected(f"not a path inside the media root: {relative!r}")
        return self.root.joinpath(*parts.parts)

    def relative(self, path: Path) -> str:
        """The path as the database keeps it."""
        return path.absolute().relative_to(self.root).as_posix()

    def exists(self, relative: str | None) -> bool:
        """Whether the file is there and holds something."""
        if relative is None:
            return False
        path = self.path(relative)
        return path.is_file() and path.stat().st_size > 0

    @contextmanager
    def writing(self, relative: str) -> Iterator[Path]:
        """A temporary path to write to; renamed into place when the block ends well, removed when it does not.

        Raises `DiskFull` where there is no room.
        """
        target = self.path(relative)
        temporary = target.with_name(f".{target.name}.{_owner()}.{secrets.token_hex(4)}{PARTIAL}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _clean_leftovers(target)
            yield temporary
            _flush(temporary)
            temporary.replace(target)
        except OSError as error:
            if is_full(error):
                raise DiskFull(target) from error
            raise
        finally:
            temporary.unlink(missing_ok=True)
        _flush_folder(target.parent)

    def write_bytes(self, relative: str, content: bytes) -> Path:
        """Write a whole file."""
        with self.writing(relative) as temporary:
            temporary.write_bytes(content)
        return self.path(relative)


def _owner() -> str:
    return f"{socket.gethostname()}~{os.getpid()}"


def _clean_leftovers(target: Path) -> None:
    """Remove what dead processes of this machine left; another machine's may still be at work."""
    for left in target.parent.glob(f".{target.name}.*{PARTIAL}"):
        host, _, pid = left.name[len(target.name) + 2 :].rsplit(".", 2)[0].rpartition("~")
        if host == socket.gethostname() and pid.isdigit() and not _alive(int(pid)):
            left.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):  # not every file system lets a folder be flushed; the rename stands all the same
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
