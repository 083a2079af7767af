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

from shorts_pipeline.errors import NeedsPerson, RetryLater
from shorts_pipeline.resources.media.feed import Feed
from shorts_pipeline.resources.media.room import DiskFull, says_full

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


def run_ffmpeg(
    arguments: Sequence[Argument],
    *,
    seconds: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run ffmpeg to its end and return what it said; it is killed after `seconds`, and with this process."""
    with running_ffmpeg(arguments, seconds=seconds, folder=folder, environment=environment) as feed:
        pass
    return feed.said


@contextmanager
def running_ffmpeg(
    arguments: Sequence[Argument],
    *,
    seconds: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Feed]:
    """ffmpeg with its standard input open: write to the feed, then leave the block to wait for the end.

    `environment` is added to ours. Raises `FfmpegFailed` with the end of its log, `DiskFull`; no process ever stays
    behind.
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
        with suppress(BrokenPipeError):  # its exit status and its words, below, say more
            yield feed
        feed.close()
        process.wait()
    finally:
        limit.cancel()
        _end(process)
        feed.join()
    if late.is_set():
        raise FfmpegFailed(f"ffmpeg took longer than {seconds:.0f} s and was stopped: {feed.said[-_SAID:]}")
    if process.returncode == -signal.SIGXFSZ or (process.returncode != 0 and says_full(feed.said)):
        raise DiskFull(folder or Path(str(arguments[-1])))
    if process.returncode != 0:
        raise FfmpegFailed(f"ffmpeg ended with {process.returncode}: {feed.said[-_SAID:].strip()}")


def _start(
    arguments: Sequence[Argument], folder: Path | None, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    command = [str(ffmpeg_path()), "-hide_banner", "-nostats", "-progress", "pipe:1", "-y", *map(str, arguments)]
    return subprocess.Popen(  # noqa: S603 - our own program, and no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
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
