"""Processes of this machine: start one, know it again later, stop it. No service is named here.

A process is known again by pid *and* start time *and* a word of its command line, because pids are given again.
A process that is dead but not yet collected by its parent (a zombie) counts as gone.
"""

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from shorts_pipeline.embedded.account import Account

Question = Callable[[], bool]

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 10 * 1024 * 1024
# Start times of one process read at two moments differ when the machine's clock was set in between.
_SAME_START = 2.0


@dataclass(frozen=True)
class ProcessRecord:
    """How to find a process again: `marker` is a word of its command line that only it has."""

    pid: int
    started: float
    marker: str

    def find(self) -> psutil.Process | None:
        """The process, if it is still the same one and alive."""
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.started) > _SAME_START or process.status() == psutil.STATUS_ZOMBIE:
                return None
            return process if self.marker in " ".join(process.cmdline()) else None
        except psutil.Error:
            return None


def record(pid: int, marker: str) -> ProcessRecord:
    """A record of a process that has just been started."""
    return ProcessRecord(pid=pid, started=psutil.Process(pid).create_time(), marker=marker)


def own_pid() -> int:
    """This process."""
    return os.getpid()


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    death_signal: signal.Signals | None = None,
    folder: Path = Path("/"),
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own (Ctrl-C does not reach it), its output appended to `log`.

    `death_signal` is sent to it when this process dies, however it dies (Linux; elsewhere the next start finds it).
    Never a pipe: a server that outlives its reader would stop at a full one.
    """
    _turn_over(log)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603 - the command is ours
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            env=dict(environment) if environment is not None else None,
            cwd=folder,
            start_new_session=True,
            preexec_fn=_dying_with_parent(death_signal),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    finally:
        os.close(descriptor)


def stop(process: psutil.Process, *steps: tuple[signal.Signals, float]) -> bool:
    """Send each signal in turn and wait its seconds; True once the process is gone."""
    for number, seconds in steps:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            return True
        if gone(process, seconds):
            return True
    return False


def gone(process: psutil.Process, seconds: float) -> bool:
    """Whether the process ends within `seconds`. A child of ours is collected, any other zombie counts as ended."""

    def ended() -> bool:
        with suppress(ChildProcessError):
            os.waitpid(process.pid, os.WNOHANG)
        try:
            return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    return wait_until(ended, seconds)


def wait_until(true: Question, seconds: float, *, every: float = 0.02) -> bool:
    """Ask again and again until it is true or the time is over."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= until:
            return False
        time.sleep(every)
    return True


def free_port(wanted: int | None = None) -> int:
    """`wanted` if nothing listens there on 127.0.0.1, else any free port."""
    if wanted is not None and port_is_free(wanted):
        return wanted
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether this process could listen on 127.0.0.1 at `port` now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _turn_over(log: Path) -> None:
    """Keep one older log: nothing here may fill the disk in the long run."""
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))


def _dying_with_parent(number: signal.Signals | None) -> Callable[[], None] | None:
    if number is None or sys.platform != "linux":
        return None
    library = ctypes.CDLL(None, use_errno=True)
    value = int(number)

    def ask() -> None:
        # Runs in the child after the change of user, which would have cleared it.
        library.prctl(_PR_SET_PDEATHSIG, value, 0, 0, 0)

    return ask
