"""ffmpeg: run it with a time limit, never leave one behind, and keep what it said when it failed.

ffmpeg is a program of its own (GPL): started, never linked. What it is asked to do belongs to the callers.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import IO

from shorts_pipeline.errors import NeedsPerson, RetryLater

_PR_SET_PDEATHSIG = 1
_SAID = 4_000
_PIPE_BYTES = 1 << 20
"""A frame is three megabytes: the usual 64 KiB pipe would be filled and emptied 48 times for each."""
Argument = str | Path | float


class FfmpegFailed(RetryLater):
    """ffmpeg ended badly or took too long; the message ends with what it said last."""


@lru_cache
def ffmpeg_path() -> Path:
    """The program. Raises `NeedsPerson` where imageio-ffmpeg has none for this machine."""
    import imageio_ffmpeg

    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise NeedsPerson(
            "no ffmpeg: install imageio-ffmpeg's wheel for this platform or set IMAGEIO_FFMPEG_EXE"
        ) from error


def run_ffmpeg(arguments: Sequence[Argument], *, seconds: float, folder: Path | None = None) -> str:
    """Run ffmpeg to its end and return what it said; it is killed after `seconds`, and with this process."""
    with running_ffmpeg(arguments, seconds=seconds, folder=folder) as feed:
        feed.close()
    return feed.said


class Feed:
    """A running ffmpeg that takes its input from us."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._said = bytearray()
        self._reader = threading.Thread(target=self._listen, name="ffmpeg-log", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        """Everything it said so far."""
        return self._said.decode("utf-8", errors="replace")

    def write(self, data: bytes | memoryview) -> None:
        """Hand over input. Raises `BrokenPipeError` when ffmpeg has ended."""
        _pipe(self._process.stdin).write(data)

    def close(self) -> None:
        """No more input."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()

    def join(self) -> None:
        """Wait until everything it said has been read."""
        self._reader.join(timeout=5)

    def _listen(self) -> None:
        for chunk in iter(lambda: _pipe(self._process.stderr).read1(65_536), b""):  # type: ignore[attr-defined]
            self._said += chunk


@contextmanager
def running_ffmpeg(
    arguments: Sequence[Argument],
    *,
    seconds: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Feed]:
    """ffmpeg with its standard input open: write to the feed, then leave the block to wait for the end.

    `environment` is added to ours. Raises `FfmpegFailed` with the end of its log; no process ever stays behind.
    """
    process = _start(arguments, folder, environment)
    feed, late = Feed(process), threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    limit = threading.Timer(seconds, stop)
    limit.daemon = True
    limit.start()
    try:
        try:
            yield feed
            feed.close()
        except BrokenPipeError:
            pass  # its exit status and its words, below, say more
        process.wait()
    finally:
        limit.cancel()
        _end(process)
        feed.join()
    if late.is_set():
        raise FfmpegFailed(f"ffmpeg took longer than {seconds:.0f} s and was stopped: {feed.said[-_SAID:]}")
    if process.returncode != 0:
        raise FfmpegFailed(f"ffmpeg ended with {process.returncode}: {feed.said[-_SAID:].strip()}")


def _start(
    arguments: Sequence[Argument], folder: Path | None, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    command = [str(ffmpeg_path()), "-hide_banner", "-nostats", "-y", *map(str, arguments)]
    return subprocess.Popen(  # noqa: S603 - our own program, and no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        pipesize=_PIPE_BYTES,
        preexec_fn=_die_with_parent(),
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdin is not None and not process.stdin.closed:
        with suppress(BrokenPipeError):
            process.stdin.close()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _die_with_parent() -> Callable[[], None] | None:
    """What makes the kernel kill the child when we are killed ourselves (Linux); elsewhere end of input ends it."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def in_the_child() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died between fork and here
            os._exit(1)

    return in_the_child
