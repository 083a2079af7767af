"""Articles: the text of a story's own page, without what stands around it.

Pages come from anywhere, so that extraction always runs in a process of its own (apart.py), one for several pages.
"""

from dataclasses import dataclass

from shorts_pipeline.sources.parse import LONGEST_TEXT

# What is shorter says nothing that the title did not: a cookie notice, a video's caption.
SHORTEST_ARTICLE = 40
MOST_PAGE_BYTES = 2_000_000


@dataclass(frozen=True)
class Page:
    """A story's page as it came."""

    address: str
    body: bytes
    content_type: str = ""

    @property
    def may_be_read(self) -> bool:
        """Whether it is HTML of a size that an article has."""
        kind = self.content_type.partition(";")[0].strip().lower()
        return len(self.body) <= MOST_PAGE_BYTES and kind in {"", "text/html", "application/xhtml+xml"}


def article_text(page: Page) -> str:
    """The article in plain paragraphs, "" where there is none. Slow, and at the mercy of the page: see apart.py."""
    import trafilatura

    from shorts_pipeline.sources.scraper import decoded

    text = trafilatura.extract(
        decoded(page.body, page.content_type), url=page.address, include_comments=False, include_tables=False
    )
    found = (text or "").strip()
    return found[:LONGEST_TEXT] if len(found) >= SHORTEST_ARTICLE else ""
