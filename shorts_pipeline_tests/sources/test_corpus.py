"""feedparser's own test documents through our reader: odd, broken and hostile, and none may do more than fail."""

import gzip
import hashlib
import re
import tarfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from shorts_pipeline.sources.feeds import read_feed
from shorts_pipeline.sources.parse import UnreadableFeed

ARCHIVE = Path(__file__).parent / "corpus" / "feedparser-6.0.14.tar.gz"
SHA256 = "088679b0c4b543ee211a820dd544698c76a402122eae7473c04a43425f283d06"
HANG_SECONDS = 5.0
SEOUL = ZoneInfo("Asia/Seoul")
_HEADER = re.compile(rb"^[ \t]*Header:[ \t]*Content-Type:[ \t]*(\S[^\r\n]*)", re.I | re.M)


def documents() -> Iterator[tuple[str, bytes]]:
    """Every document of the archive's test folder by its path; packed ones packed and unpacked."""
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:
            if member.isfile() and "/tests/" in member.name and not member.name.endswith(".py"):
                body = archive.extractfile(member).read()  # type: ignore[union-attr]
                yield member.name, body
                if member.name.endswith((".gz", ".z")):
                    yield f"{member.name} unpacked", _unpacked(body)


def test_the_archive_is_the_one_that_was_published() -> None:
    assert hashlib.sha256(ARCHIVE.read_bytes()).hexdigest() == SHA256


def test_no_document_hangs_breaks_or_leaves_a_link_that_runs() -> None:
    read, refused, links = 0, 0, set()
    for name, body in documents():
        content_type = _HEADER.search(body[:2_000])
        began = time.monotonic()
        try:
            feed = read_feed(
                body,
                address="http://127.0.0.1:8097/feed/index.xml",
                zone=SEOUL,
                content_type=content_type[1].decode() if content_type else "",
            )
        except UnreadableFeed:
            refused += 1
        else:
            links |= {item.url for item in feed.items if item.url}
            assert all(item.title and item.key and "\0" not in f"{item}" for item in feed.items), name
        assert time.monotonic() - began < HANG_SECONDS, name
        read += 1
    assert read >= 2_247
    # Most are feeds without entries or with an entry without words; the others are none, and said to be none.
    assert refused < read / 2
    assert links
    assert not [link for link in links if not link.startswith(("http://", "https://"))]


def _unpacked(body: bytes) -> bytes:
    for unpack in (gzip.decompress, zlib.decompress, lambda packed: zlib.decompress(packed, -zlib.MAX_WBITS)):
        try:
            return unpack(body)
        except (OSError, EOFError, zlib.error):
            continue
    return body
