"""The demo as a newcomer runs it, twice: the second time finds everything done."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shorts_pipeline.embedded.home import PROJECT

VIDEO = re.compile(r"│ ([^│]+?) +│ +(\S+) +│ +([\d.]+) s │")
FILE = re.compile(r"^/.*/videos/[a-z-]+/[0-9a-f-]{36}/video\.mp4$", re.MULTILINE)


def played(home: Path, *arguments: str) -> str:
    """Run `shorts demo` in this home; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", f"from shorts_pipeline.cli import main; main({['demo', *arguments]})"],
        cwd=PROJECT,
        # The fastest preset: how well x264 compresses is not what this test asks.
        env={**os.environ, "SHORTS_HOME": str(home), "COLUMNS": "200", "RENDER_PRESET": "ultrafast"},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Warning" not in done.stderr
    return done.stdout


def play_twice(home: Path, shorts: int, *arguments: str) -> str:
    """What the first run printed; the second has found everything done."""
    first = played(home, *arguments)
    videos, files = VIDEO.findall(first), FILE.findall(first)
    assert len(videos) == len(set(files)) == shorts
    for file in files:
        assert Path(file).is_relative_to(home)
        assert Path(file).stat().st_size > 100_000
    for title, youtube_id, seconds in videos:
        assert len(title) > 5
        assert re.fullmatch(r"[\w-]{11}", youtube_id)
        assert 10 < float(seconds) <= 60
    for channel in ("oneul-tech", "byte-sized-news"):
        assert re.search(rf"performance_audience +{channel} .* videos", first)
    assert not re.search(r"^New rows: 0", first, re.MULTILINE)
    again = played(home, *arguments)
    assert re.search(r"^New rows: 0$", again, re.MULTILINE)
    assert sorted(videos) == sorted(VIDEO.findall(again))
    return first


@pytest.mark.timeout(900)
def test_a_quick_demo_makes_a_short_for_each_channel_and_a_second_time_makes_nothing_twice(open_folder: Path) -> None:
    play_twice(open_folder / "quick-home", 2, "--shorts", "1")


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_the_demo_makes_shorts_that_teach_it_something_and_a_second_time_makes_nothing_twice(open_folder: Path) -> None:
    first = play_twice(open_folder / "demo-home", 8)
    assert re.search(r"series +byte-sized-news .*1 new", first)
    assert re.search(r"training_set +oneul-tech .* added", first)
