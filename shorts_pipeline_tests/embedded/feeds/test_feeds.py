"""The demo's feeds: valid as they stand, worth reading, and the same after a restart."""

import gzip
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from shorts_pipeline.channels.reading import read_channel_files
from shorts_pipeline.clock import FileClock, ManualClock
from shorts_pipeline.database import Source
from shorts_pipeline.embedded import feeds
from shorts_pipeline.embedded.feeds import ADDRESSES, REFERENCE, serve
from shorts_pipeline.embedded.feeds.documents import documents, everything, moved
from shorts_pipeline.embedded.feeds.server import began_at
from shorts_pipeline.resources.fetch.client import Fetcher
from shorts_pipeline.sources.feeds import read_feed
from shorts_pipeline.sources.places import Wish, addresses

FOLDER = Path(feeds.__file__).parent
CHANNELS = Path(__file__).parents[3] / "channels"
LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)


def parsed() -> dict[str, Any]:
    return {file: feedparser.parse((FOLDER / file).read_bytes()) for file in ADDRESSES.values()}


def tellings() -> dict[str, set[str]]:
    """Story by the feeds that tell it: the end of an entry's guid names its story."""
    found: dict[str, set[str]] = defaultdict(set)
    for file, feed in parsed().items():
        for entry in feed.entries:
            found[entry.id.rpartition(":")[2].partition(".")[0]].add(file)
    return found


@pytest.mark.parametrize("file", ADDRESSES.values())
def test_every_file_is_a_valid_feed_as_it_stands(file: str) -> None:
    feed = feedparser.parse((FOLDER / file).read_bytes())
    assert not feed.bozo
    assert feed.version == ("atom10" if file in {"magazine_ko.xml", "gadgets_en.xml"} else "rss20")
    assert "invented" in (feed.feed.get("rights", "") + feed.feed.get("subtitle", ""))
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) >= 10
    for entry in feed.entries:
        assert REFERENCE - timedelta(hours=36) < _at(entry) < REFERENCE
        assert ".example/" in entry.link


def test_there_are_enough_stories_over_a_day_and_a_half() -> None:
    entries = [entry for feed in parsed().values() for entry in feed.entries]
    times = sorted(_at(entry) for entry in entries)
    assert len(entries) >= 48
    assert times[-1] - times[0] > timedelta(hours=34)


def test_stories_are_told_in_several_feeds_and_in_both_languages() -> None:
    told = tellings()
    several = {
        language: {
            story for story, files in told.items() if len({f for f in files if f.endswith(f"_{language}.xml")}) > 1
        }
        for language in ("ko", "en")
    }
    both = {story for story, files in told.items() if len({file.partition("_")[2] for file in files}) == 2}
    assert len(several["ko"]) >= 4
    assert len(several["en"]) >= 4
    assert len(both) >= 4


def test_no_story_has_the_same_headline_twice() -> None:
    titles = [entry.title for feed in parsed().values() for entry in feed.entries]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("words", "least"),
    [
        (r"메모리|반도체|칩|온디바이스|memory|chip|on-device", 6),
        (r"전기차|배터리|\bEVs?\b|electric car|battery maker|solid-state", 4),
    ],
)
def test_a_theme_runs_through_enough_different_stories(words: str, least: int) -> None:
    stories = {
        entry.id.rpartition(":")[2].partition(".")[0]
        for feed in parsed().values()
        for entry in feed.entries
        if re.search(words, entry.title, re.IGNORECASE)
    }
    assert len(stories) >= least


def test_every_text_is_long_enough_for_a_short() -> None:
    for address, body in _bodies().items():
        for item in read_feed(body, address=address, zone=UTC).items:
            ends = len(re.findall(r"[.?!][\"”]?(?=\s|$)", item.text))
            assert 4 <= ends <= 8, item.title


def test_every_address_of_the_example_channels_answers() -> None:
    files = read_channel_files(sorted(CHANNELS.glob("*.yaml")))
    answers = {path.partition("?")[0] for path in everything(LATER)} | set(everything(LATER))
    for file in files:
        uses, look = file.channel.uses(), file.channel.source_config
        for declared in file.channel.sources:
            source = Source(name=declared.name, type=declared.type, connection_config=declared.connection)
            for address in addresses(source, [Wish.of(uses[declared.name], look)]):
                path = "/" + address.url.partition("://")[2]
                assert path in answers or path.partition("?")[0] in answers, address.url


def test_the_feeds_links_lead_to_pages_with_their_stories() -> None:
    pages = everything(LATER)
    for address, body in _bodies().items():
        for item in read_feed(body, address=address, zone=UTC).items:
            path = "/" + (item.url or "").partition("://")[2]
            page = pages.get(path) or pages[path + "/"]
            assert item.text.split()[3] in page.body.decode()
            assert page.content_type.startswith("text/html")


def test_what_is_not_a_feed_moves_with_the_feeds() -> None:
    before, after = everything(REFERENCE), everything(LATER)
    assert set(before) == set(after)
    item = "/hacker-news.firebaseio.com/v0/item/47200101.json"
    seconds = json.loads(after[item].body)["time"] - json.loads(before[item].body)["time"]
    assert timedelta(seconds=seconds) == LATER - REFERENCE
    for path in (
        "/lobste.rs/t/security",
        "/trends.google.com/trending/rss?geo=KR",
        "/oauth.reddit.com/r/technology/hot",
    ):
        assert before[path].body != after[path].body


def test_every_date_moves_and_nothing_else() -> None:
    for before, after in zip(documents(REFERENCE).values(), documents(LATER).values(), strict=True):
        was, now = feedparser.parse(before), feedparser.parse(after)
        assert {_at(b) - _at(a) for a, b in zip(was.entries, now.entries, strict=True)} == {LATER - REFERENCE}
        assert [(e.id, e.title, e.link) for e in was.entries] == [(e.id, e.title, e.link) for e in now.entries]
        assert before.count(b"\n") == after.count(b"\n")
        assert moved(after.decode(), REFERENCE - LATER).encode() == before


def test_the_feeds_answer_as_the_web_would() -> None:
    fetcher_read = 0
    with serve(LATER) as running:
        fetcher = Fetcher(mirror_url=running.url)
        for address in ADDRESSES:
            fetched = fetcher.fetch(address, now=LATER)
            again = fetcher.fetch(address, now=LATER, validators=fetched.validators)
            found = read_feed(fetched.body, address=address, zone=UTC, content_type=fetched.content_type)
            assert again.not_modified
            assert all(LATER - timedelta(hours=36) < (item.published_at or REFERENCE) < LATER for item in found.items)
            fetcher_read += len(found.items)
        plain = urllib.request.urlopen(f"{running.url}/techcrunch.com/feed/").read()
        asking = urllib.request.Request(f"{running.url}/techcrunch.com/feed/", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asking) as packed:
            assert gzip.decompress(packed.read()) == plain
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{running.url}/../../etc/passwd")
    assert fetcher_read == sum(len(feed.entries) for feed in parsed().values())


def test_when_the_demo_began_outlives_a_restart_and_a_moved_clock(tmp_path: Path) -> None:
    clock = ManualClock(LATER)
    assert began_at(tmp_path / "home" / "began", clock) == LATER
    clock.move(timedelta(days=35))
    assert began_at(tmp_path / "home" / "began", clock) == LATER
    assert began_at(None, clock) == LATER + timedelta(days=35)


def test_it_runs_by_itself_and_ends_when_told(tmp_path: Path) -> None:
    FileClock(tmp_path / "clock").set(LATER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "shorts_pipeline.embedded.feeds", "--port", str(port), "--clock-file"]
    server = subprocess.Popen([*command, str(tmp_path / "clock")])
    try:
        body = _eventually(f"http://127.0.0.1:{port}/www.yna.co.kr/rss/news.xml")
        assert body == documents(LATER)["/www.yna.co.kr/rss/news.xml"]
        assert (tmp_path / "feeds-began").read_text(encoding="utf-8") == LATER.isoformat()
        server.send_signal(signal.SIGTERM)
        assert server.wait(5) == 0
    finally:
        server.kill()
        server.wait()


def _at(entry: Any) -> datetime:
    return datetime(*entry.published_parsed[:6], tzinfo=UTC)


def _bodies() -> dict[str, bytes]:
    return {address: (FOLDER / file).read_bytes() for address, file in ADDRESSES.items()}


def _eventually(address: str) -> bytes:
    for _ in range(100):
        try:
            body: bytes = urllib.request.urlopen(address).read()
        except urllib.error.URLError:
            time.sleep(0.05)
            continue
        return body
    raise AssertionError(f"{address} never answered")
