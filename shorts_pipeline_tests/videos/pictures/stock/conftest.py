"""The libraries' server, a film, and sources that ask it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.resources.fetch import FetchLimits
from shorts_pipeline.resources.fetch.client import Fetcher
from shorts_pipeline.resources.media import MediaStore, run_ffmpeg
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.pictures.downloads import Downloads
from shorts_pipeline.videos.pictures.illustrate import Story
from shorts_pipeline.videos.pictures.stock.pexels import Pexels
from shorts_pipeline.videos.pictures.stock.pixabay import Pixabay
from shorts_pipeline.videos.pictures.stock.searches import Searches
from shorts_pipeline.videos.pictures.stock.source import Stock
from shorts_pipeline_tests.videos.pictures.stock.libraries import KEY, Libraries, running

STORY = Story("반도체 수출이 늘었다", ("반도체", "수출"), "ko", 5)
QUICK = FetchLimits(max_bytes=2_000_000, connect_seconds=1.0, read_seconds=1.0, total_seconds=1.0)
Stocks = Callable[..., Stock]


@pytest.fixture
def libraries() -> Iterator[Libraries]:
    with running() as server:
        yield server


@pytest.fixture
def stock(libraries: Libraries, tmp_path: Path, clock: ManualClock, letters: Face) -> Stocks:
    """Makes a source: `stock("pexels", "photo")`; each is a new video's, all share one media root."""

    def make(library: str, kind: Any, *, key: str = KEY, story: Story = STORY) -> Stock:
        store, fetcher = MediaStore(tmp_path / "media"), Fetcher(allow_loopback=True, limits=QUICK)
        known = (Pexels if library == "pexels" else Pixabay)(f"{libraries.url}/{library}")
        searches = Searches(store, fetcher, clock.now())
        return Stock(
            known, kind, key, searches, Downloads(store, fetcher, clock.now(), QUICK), story, VideoStyle(), letters
        )

    return make


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two seconds of 720x1280 at 25 pictures a second, its index at the beginning as on the web."""
    target = tmp_path_factory.mktemp("film") / "film.mp4"
    made = ["-f", "lavfi", "-i", "testsrc2=size=720x1280:rate=25:duration=2", "-pix_fmt", "yuv420p", "-g", "10"]
    run_ffmpeg([*made, "-preset", "ultrafast", "-movflags", "+faststart", target], seconds=60)
    return target.read_bytes()
