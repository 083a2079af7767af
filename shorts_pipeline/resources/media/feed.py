"""Feed: the pipes of a running ffmpeg: frames in, what it says and how far it is out.

Each pipe has a thread of its own, so that frames are made while earlier ones are handed over, and an ffmpeg that
says much or nothing never stands still or holds us up.
"""

import subprocess
import threading
from queue import Queue
from typing import IO

_WAITING = 12
"""Pieces on their way: four frames of three planes, 12 MB."""


class Feed:
    """A running ffmpeg that takes its input from us."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._said = bytearray()
        self._written = 0.0
        self._broken = threading.Event()
        self._waiting: Queue[bytes | None] = Queue(_WAITING)
        self._threads = [
            threading.Thread(target=work, name=f"ffmpeg-{name}", daemon=True)
            for name, work in (("log", self._listen), ("progress", self._follow), ("input", self._hand_over))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        """Everything it said so far."""
        return self._said.decode("utf-8", errors="replace")

    @property
    def written(self) -> float:
        """Seconds of output that it has written, as it says itself."""
        return self._written

    def write(self, data: bytes) -> None:
        """Hand over input. Raises `BrokenPipeError` when ffmpeg has ended."""
        if self._broken.is_set():
            raise BrokenPipeError
        self._waiting.put(data)

    def close(self) -> None:
        """No more input; returns when all of it has been taken."""
        self._waiting.put(None)
        self._threads[2].join()

    def join(self) -> None:
        """The process has ended: wait until everything it said has been read."""
        self._waiting.put(None)
        for thread in self._threads:
            thread.join(timeout=5)

    def _hand_over(self) -> None:
        pipe = _open(self._process.stdin)
        for data in iter(self._waiting.get, None):
            if not self._broken.is_set():
                try:
                    pipe.write(data)
                except OSError:  # it has ended; its status and its words say why
                    self._broken.set()
        try:
            pipe.close()
        except OSError:
            self._broken.set()

    def _listen(self) -> None:
        for chunk in iter(lambda: _open(self._process.stderr).read1(65_536), b""):  # type: ignore[attr-defined]
            self._said += chunk

    def _follow(self) -> None:
        for line in _open(self._process.stdout):
            name, _, value = line.partition(b"=")
            if name == b"out_time_us" and value.strip().isdigit():
                self._written = int(value) / 1e6


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
