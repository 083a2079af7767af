"""What rendering a video costs: beside the encoder alone, beside moviepy as it is usually written, and in memory.

Run: `python bench/render.py [--seconds 30] [--runs 3] [--preset veryfast] [--peer-runs 1] [--peer-seconds 30]`

All in this run, in turn, on the same six stills, words and music: our whole composition (stills drawn, motion,
passages, headline, subtitles, music, mix, encode); x264 alone, with the same options, on the very frames that ours
shows, read from a file; and moviepy's CompositeVideoClip with TextClips, with its own preset and with ours.

CPU-seconds of all processes and seconds on the wall, medians. moviepy takes minutes: `--peer-runs 0` leaves it out;
with `--peer-seconds` below `--seconds` its figure is scaled, and said to be. Memory is that of the whole process tree
for 60 and 180 seconds of video: a page that two processes share counts once; sampled 20 times a second. One JSON line a
figure, the rest to standard error.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rendering.moviepy_usual import moviepy_usual
from rendering.short import Short, floor, ours, prepared, show

CPU_OVER_X264, WALL_OVER_X264 = 1.6, 1.5
OVER_MOVIEPY, OVER_MOVIEPY_AT_OUR_PRESET = 1 / 8, 1 / 4
MEGABYTES = 600.0
_EVERY = 0.05


@dataclass(frozen=True)
class Cost:
    """Medians of some runs."""

    cpu: float
    wall: float


def main() -> int:
    """Measure and print."""
    asked = _arguments()
    if asked.only_ours:
        with tempfile.TemporaryDirectory(prefix="bench-render-") as folder:
            ours(prepared(Path(folder), asked.seconds), asked.preset)
        return 0
    figures = []
    with tempfile.TemporaryDirectory(prefix="bench-render-") as folder:
        short = prepared(Path(folder), asked.seconds)
        mine = _beside_x264(short, asked, figures) if asked.runs else None
        if mine is not None and asked.peer_runs:
            _beside_moviepy(short, asked, mine, figures)
    figures += [
        (f"render_peak_memory_{seconds}s", _peak(seconds, asked.preset), "MB", MEGABYTES)
        for seconds in ((60, 180) if not asked.no_memory else ())
    ]
    for name, value, unit, target in figures:
        said = {"name": name, "value": round(value, 3), "unit": unit, "target": round(target, 4), "ok": value <= target}
        print(json.dumps(said), flush=True)
    return 0 if all(value <= target for _, value, _, target in figures) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--preset", default="veryfast")
    parser.add_argument("--peer-runs", type=int, default=1)
    parser.add_argument("--peer-seconds", type=int, default=30)
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument(
        "--only-ours", action="store_true", help="Compose once and say nothing: what memory is sampled of."
    )
    return parser.parse_args()


def _beside_x264(short: Short, asked: argparse.Namespace, figures: list[tuple[str, float, str, float]]) -> Cost:
    """In turn, so that what else the machine does falls on both."""
    show(short)
    mine, alone = [], []
    for _ in range(asked.runs):
        mine.append(_timed(lambda: ours(short, asked.preset)))
        alone.append(_timed(lambda: floor(short, asked.preset)))
    short.frames.unlink()
    median, least = _median(mine), _median(alone)
    _say(f"ours, {asked.seconds} s at {asked.preset}", median)
    _say("x264 alone", least)
    figures.append(("render_cpu_over_x264", median.cpu / least.cpu, "ratio", CPU_OVER_X264))
    figures.append(("render_wall_over_x264", median.wall / least.wall, "ratio", WALL_OVER_X264))
    return median


def _beside_moviepy(
    short: Short, asked: argparse.Namespace, mine: Cost, figures: list[tuple[str, float, str, float]]
) -> None:
    scale = asked.seconds / asked.peer_seconds
    for name, preset, target in (
        ("render_cpu_over_moviepy", None, OVER_MOVIEPY),
        ("render_cpu_over_moviepy_at_our_preset", asked.preset, OVER_MOVIEPY_AT_OUR_PRESET),
    ):
        runs = [
            _timed(lambda preset=preset: moviepy_usual(short, asked.peer_seconds, preset))  # type: ignore[misc]
            for _ in range(asked.peer_runs)
        ]
        cost = _median(runs)
        scaled = "" if scale == 1 else f", {asked.peer_seconds} s of it, scaled by {scale:.2f}"
        _say(f"moviepy at {preset or 'its own preset'}{scaled}", Cost(cost.cpu * scale, cost.wall * scale))
        figures.append((name, mine.cpu / (cost.cpu * scale), "ratio", target))


def _peak(seconds: int, preset: str) -> float:
    """Megabytes of the process tree of one composition at its highest."""
    import psutil

    command = [sys.executable, __file__, "--only-ours", "--seconds", str(seconds), "--preset", preset]
    process, highest, resident = subprocess.Popen(command), 0, 0
    tree = psutil.Process(process.pid)
    while process.poll() is None:
        shared_once, each = _held(tree)
        highest, resident = max(highest, shared_once), max(resident, each)
        time.sleep(_EVERY)
    if process.returncode != 0:
        raise SystemExit(f"composing {seconds} s failed")
    said = f"{seconds} s of video: {highest / 1e6:.0f} MB at most"
    print(f"{said}; {resident / 1e6:.0f} MB if what processes share is counted in each", file=sys.stderr, flush=True)
    return highest / 1e6


def _held(root: object) -> tuple[int, int]:
    """Bytes that the tree holds: what is shared counted once (PSS, on Linux), and counted in each process."""
    import psutil

    once = each = 0
    try:
        for process in (root, *root.children(recursive=True)):  # type: ignore[attr-defined]
            memory = process.memory_full_info()
            once, each = once + getattr(memory, "pss", memory.rss), each + memory.rss
    except psutil.Error:
        return once, each
    return once, each


def _timed(work: Callable[[], object]) -> Cost:
    before, started = _cpu(), time.monotonic()
    work()
    return Cost(_cpu() - before, time.monotonic() - started)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _median(runs: list[Cost]) -> Cost:
    return Cost(statistics.median(run.cpu for run in runs), statistics.median(run.wall for run in runs))


def _say(what: str, cost: Cost) -> None:
    print(
        f"{what}: {cost.cpu:.1f} CPU-s, {cost.wall:.1f} s wall, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        file=sys.stderr,
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
