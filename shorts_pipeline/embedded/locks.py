"""Locks between processes that the kernel gives back however a process ends.

`flock` and not a library: the services live exactly as long as somebody holds their lock *shared*.
"""

import fcntl
import os
from pathlib import Path

from shorts_pipeline.embedded.process import wait_until


class Lock:
    """One holder of one lock file. Children do not inherit it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def shared(self, seconds: float = 0.0) -> bool:
        """Hold it together with others; False if somebody keeps it alone for all of `seconds`."""
        return wait_until(lambda: self._take(fcntl.LOCK_SH), seconds)

    def alone(self, seconds: float = 0.0) -> bool:
        """Hold it alone; False if anybody else holds it for all of `seconds`."""
        return wait_until(lambda: self._take(fcntl.LOCK_EX), seconds)

    def release(self) -> None:
        """Give it back; without effect when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "Lock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _take(self, kind: int) -> bool:
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self.release()
        self._descriptor = descriptor
        return True
