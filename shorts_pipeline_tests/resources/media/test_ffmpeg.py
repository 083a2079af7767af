"""ffmpeg is never left behind, and what it says is not lost."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from shorts_pipeline.embedded.process import gone
from shorts_pipeline.resources.media import FfmpegFailed, run_ffmpeg, running_ffmpeg

ENDLESS = ["-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"]


def test_what_ffmpeg_said_is_in_the_error() -> None:
    with pytest.raises(FfmpegFailed, match="nothing-here"):
        run_ffmpeg(["-i", "/nothing-here.wav", "-f", "null", "-"], seconds=10)


def test_it_is_stopped_at_its_time_limit() -> None:
    with pytest.raises(FfmpegFailed, match="longer than"):
        run_ffmpeg(ENDLESS, seconds=0.4)


def test_an_error_of_ours_ends_it() -> None:
    started = []

    def failing() -> None:
        with running_ffmpeg(ENDLESS, seconds=30) as feed:
            started.append(psutil.Process(feed.pid))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert gone(started[0], 5)


def test_killing_us_kills_it(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from shorts_pipeline.resources.media import running_ffmpeg\n"
        f"with running_ffmpeg({ENDLESS!r}, seconds=60) as feed:\n"
        "    print(feed.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    ffmpeg = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    assert gone(ffmpeg, 5)
