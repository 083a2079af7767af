"""Room on the disk: what is said when there is none left."""

import errno
from datetime import timedelta
from pathlib import Path

from shorts_pipeline.errors import RetryLater

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SAID = ("No space left on device", "Disk quota exceeded", "File too large")
_SOON = timedelta(minutes=30)


class DiskFull(RetryLater):
    """Nothing more can be written; what was begun has been taken away again."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"no room left on the disk to write {path}: free some space there or move the media root; "
            "it is tried again by itself",
            delay=_SOON,
        )


def is_full(error: OSError) -> bool:
    """Whether the error says that the disk, the quota or a limit on a file's size is used up."""
    return error.errno in _FULL


def says_full(log: str) -> bool:
    """Whether a program's log says so."""
    return any(said in log for said in _SAID)
