"""The feed files, and their dates moved to when they are read.

The files are dated around `REFERENCE`, the instant at which a reader of theirs sits down. Moved, that instant is
another one and every story is as old as before. Only dates of the format move; no text is changed.
"""

import re
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Final

REFERENCE: Final = datetime.fromisoformat("2026-03-02T09:00:00+09:00")
ADDRESSES: Final = {
    "https://www.yna.co.kr/rss/news.xml": "wire_ko.xml",
    "https://yozm.wishket.com/magazine/feed/": "magazine_ko.xml",
    "https://techcrunch.com/feed/": "startups_en.xml",
    "https://www.theverge.com/rss/index.xml": "gadgets_en.xml",
}
"""The address that each file answers for: those of the example channels."""

_FOLDER = Path(__file__).parent
_RSS_DATE = re.compile(r"(?<=<pubDate>)[^<]+(?=</pubDate>)|(?<=<lastBuildDate>)[^<]+(?=</lastBuildDate>)")
_ATOM_DATE = re.compile(r"(?<=<published>)[^<]+(?=</published>)|(?<=<updated>)[^<]+(?=</updated>)")


def documents(at: datetime) -> dict[str, bytes]:
    """Every feed as it is when `REFERENCE` is `at`, by its path on a mirror: /host/path."""
    by = timedelta(minutes=(at - REFERENCE) // timedelta(minutes=1))
    return {
        "/" + address.partition("://")[2]: moved((_FOLDER / file).read_text(encoding="utf-8"), by).encode()
        for address, file in ADDRESSES.items()
    }


def moved(document: str, by: timedelta) -> str:
    """An RSS or Atom document whose dates are `by` later, each still in its own time zone."""
    document = _RSS_DATE.sub(lambda found: format_datetime(parsedate_to_datetime(found[0]) + by), document)
    return _ATOM_DATE.sub(lambda found: (datetime.fromisoformat(found[0]) + by).isoformat(), document)
