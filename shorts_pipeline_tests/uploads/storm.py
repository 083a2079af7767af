"""A storm: uploads whose sender is killed again and again, on a YouTube that loses replies, cuts lines and falls over.

The sender is a process of its own (killed_sender.py). How often and how hard it is hit is the caller's choice.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MODULE = "shorts_pipeline_tests.uploads.killed_sender"
# What one line may meet on its way to YouTube, besides death.
BLOWS: Sequence[tuple[dict[str, Any], dict[str, Any]]] = (
    ({"method": "PUT", "path": "/upload"}, {"lose_reply": True}),
    ({"method": "PUT", "path": "/upload", "after_bytes": 100_000}, {"drop": True}),
    ({"method": "PUT", "path": "/upload", "skip": 2}, {"lose_reply": True}),
    ({"method": "POST", "path": "/upload/youtube/v3/videos"}, {"lose_reply": True}),
    ({"method": "PUT", "path": "/upload"}, {"status": 503}),
)


@dataclass
class Weather:
    """What happened."""

    rounds: int = 0
    killed: int = 0
    ended_well: bool = False


@dataclass(frozen=True)
class Sender:
    """The process that forks one sending process for each line it reads."""

    process: subprocess.Popen[str]

    def run(self, kill_after: float | None) -> str:
        """One sending process; killed after so many seconds unless it was quicker. `died` or `ended CODE`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return self.process.stdout.readline().strip()


@contextmanager
def sender(*arguments: str) -> Iterator[Sender]:
    """A sender that has everything imported."""
    command = [sys.executable, "-m", MODULE, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    try:
        yield Sender(process)
    finally:
        process.kill()
        process.wait()


def rage(
    sending: Sender,
    *,
    kills: int,
    share_done: Callable[[], float],
    chance: random.Random,
    most_rounds: int,
    between: Callable[[int], None] = lambda _: None,
) -> Weather:
    """Kill until there were enough kills, then let it finish. `share_done`: of the uploads, 0–1.

    The time to live follows how the two get on, so that neither is over long before the other.
    """
    weather, longest = Weather(), 0.6
    while weather.rounds < most_rounds:
        between(weather.rounds)
        enough = weather.killed >= kills
        end = sending.run(None if enough else chance.uniform(0.05, longest))
        weather.rounds += 1
        weather.killed += end == "died"
        done = share_done()
        if end == "ended 0" and done == 1:
            weather.ended_well = True
            break
        ahead = done > 0.8 * weather.killed / max(kills, 1)
        longest = max(longest * 0.8, 0.08) if ahead else min(longest * 1.1, 5.0)
    return weather
