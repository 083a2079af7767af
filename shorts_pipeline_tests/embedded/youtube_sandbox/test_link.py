"""A line slower than the machine."""

import time

import requests

from shorts_pipeline.embedded.youtube_sandbox import serve
from shorts_pipeline.embedded.youtube_sandbox.link import SLACK, Link


def seconds(url: str, size: int) -> float:
    """How long a request with so many bytes takes that is read whole and refused."""
    begin = time.perf_counter()
    assert requests.post(f"{url}/token", data=b"x" * size, timeout=10).status_code == 400
    return time.perf_counter() - begin


def test_a_slow_line_holds_bytes_to_its_speed_and_every_answer_for_its_delay(tmp_path, clock):
    with serve(tmp_path, clock, link=Link(bytes_per_second=1_000_000, delay=0.1)) as slow:
        assert seconds(slow.url, 10) >= 0.1
        assert 0.7 - SLACK <= seconds(slow.url, 600_000) < 3


def test_without_a_line_nothing_waits(tmp_path, clock):
    with serve(tmp_path, clock) as fast:
        seconds(fast.url, 10)
        assert min(seconds(fast.url, 600_000) for _ in range(3)) < 0.5
