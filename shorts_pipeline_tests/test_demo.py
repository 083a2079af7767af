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


def played(home: Path) -> str:
    """Run `shorts demo` in this home; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", "from shorts_pipeline.cli import main; main(['demo'])"],
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


@pytest.mark.timeout(900)
def test_the_demo_makes_shorts_for_both_channels_and_a_second_time_makes_nothing_twice(open_folder: Path) -> None:
    home = open_folder / "demo-home"
    first = played(home)
    videos, files = VIDEO.findall(first), FILE.findall(first)
    assert len(videos) == len(set(files)) == 8
    for file in files:
        assert Path(file).is_relative_to(home)
        assert Path(file).stat().st_size > 100_000
    for title, youtube_id, seconds in videos:
        assert len(title) > 5
        assert re.fullmatch(r"[\w-]{11}", youtube_id)
        assert 10 < float(seconds) <= 60
    assert re.search(r"series +byte-sized-news .*1 new", first)
    assert re.search(r"performance_audience +oneul-tech .* videos", first)
    assert re.search(r"training_set +oneul-tech .* added", first)
    assert not re.search(r"^New rows: 0", first, re.MULTILINE)
    again = played(home)
    assert re.search(r"^New rows: 0$", again, re.MULTILINE)
    assert sorted(videos) == sorted(VIDEO.findall(again))
