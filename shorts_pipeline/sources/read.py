"""Read: one address of a source in, its items out. The web is touched here; no table is.

How an answer is read depends on the parser: feeds (feeds.py), JSON (api.py), pages (scraper.py); a trend source's items
are terms (terms.py). Pages after the first, items that have an address of their own and the articles behind links are
asked for here too, as few as are needed and no more than the source allows.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from shorts_pipeline.database import Source, SourceType
from shorts_pipeline.errors import PipelineError, RetryLater
from shorts_pipeline.language import clean_text, cut
from shorts_pipeline.resources.fetch import Fetched, FetchFailed, Gone, Validators
from shorts_pipeline.sources.apart import articles_apart, page_entries
from shorts_pipeline.sources.api import UnreadableAnswer, entries_of, entry_of, found_items, id_of, read_json
from shorts_pipeline.sources.articles import Page
from shorts_pipeline.sources.ask import NOTHING_KNOWN, Asks, Fetches
from shorts_pipeline.sources.feeds import read_feed
from shorts_pipeline.sources.items import LONGEST_TEXT, FoundItem, Where, items_of, short_key
from shorts_pipeline.sources.parse import MOST_ENTRIES, UnreadableFeed
from shorts_pipeline.sources.places import Address
from shorts_pipeline.sources.politeness import Busy
from shorts_pipeline.sources.terms import as_terms

__all__ = ["Fetches", "Learned", "Reader", "Reading", "Seen", "SiteRules"]

# As many articles as are held in memory before they are read.
ARTICLE_BYTES_AT_ONCE = 4_000_000
_NOT_NOW = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_NOT_THERE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED})

Seen = Callable[[Collection[str]], Collection[str]]
"""Which of these item keys the source gave before."""


class SiteRules(Protocol):
    """robots.txt: `robots.Robots`."""

    def check(self, address: str, now: datetime) -> None:
        """Raises an error of errors.py where `address` may not be read."""


class Learned(Protocol):
    """What an address answered last."""

    etag: Any
    last_modified: Any
    moved_to: Any


@dataclass(frozen=True)
class Reading:
    """What an address gave. `unchanged`: the server says that there is nothing new (304).

    `validators` are empty where some of what is new was left for the next reading.
    """

    items: tuple[FoundItem, ...]
    validators: Validators
    unchanged: bool = False
    moved_to: str | None = None


@dataclass(frozen=True)
class _Part:
    """Items so far; `whole` unless something new was left for next time."""

    items: tuple[FoundItem, ...]
    whole: bool = True


@dataclass(frozen=True)
class Reader:
    """Reads the addresses of one source at one time."""

    source: Source
    asks: Asks
    robots: SiteRules
    now: datetime
    seen: Seen
    most_details: int

    @classmethod
    def of(
        cls, source: Source, fetches: Fetches, robots: SiteRules, now: datetime, seen: Seen, most: int | None = None
    ) -> "Reader":
        """The reader of a source; `most` details instead of the parser's.

        Raises `ConfigurationError` where its secret is missing.
        """
        details = source.parser_config.most_details
        asks = Asks.of(fetches, source.connection_config, now)
        return cls(source, asks, robots, now, seen, details if most is None else min(most, details))

    def read(self, address: Address, learned: Learned | None = None) -> Reading:
        """The address's items, asked for only if they changed. Raises an error of errors.py that says what to do."""
        moved = learned.moved_to if learned and learned.moved_to and self.asks.may_move(learned.moved_to) else None
        at = moved or address.url
        if self._parser.format == "html":
            self.robots.check(at, self.now)
        before = self._validators(learned)
        fetched = self._ask(at, validators=before)
        moved = fetched.moved_to or moved
        if fetched.not_modified:
            return Reading((), _kept(before, fetched.validators), unchanged=True, moved_to=moved)
        found = self._details(fetched) if self._parser.detail_url else self._pages(at, fetched)
        if self._trend:
            found = _Part(as_terms(found.items, address.place))
        elif self._parser.reads_articles:
            found = self._with_articles(found)
        return Reading(found.items, fetched.validators if found.whole else NOTHING_KNOWN, moved_to=moved)

    @property
    def _parser(self) -> Any:
        return self.source.parser_config

    @property
    def _trend(self) -> bool:
        return self.source.type is SourceType.TREND

    def _validators(self, learned: Learned | None) -> Validators:
        """A term that is still searched for is renewed, changed or not."""
        if learned is None or self._trend:
            return NOTHING_KNOWN
        return Validators(learned.etag, learned.last_modified)

    def _ask(self, at: str, page: int | None = None, validators: Validators = NOTHING_KNOWN) -> Fetched:
        first = self.source.connection_config.first_page
        return self.asks.ask(at, page=first if page is None else page, validators=validators)

    def _items(self, fetched: Fetched) -> tuple[FoundItem, ...]:
        parser, where = self._parser, self._where(fetched)
        if parser.format == "json":
            return items_of(entries_of(read_json(fetched.body, fetched.content_type), parser), where)
        if parser.format == "html":
            page = Page(fetched.address, fetched.body, fetched.content_type)
            return items_of(page_entries(page, parser), where)
        return read_feed(
            fetched.body, address=fetched.address, zone=where.zone, content_type=fetched.content_type, now=self.now
        ).items

    def _where(self, fetched: Fetched) -> Where:
        return Where(fetched.address, ZoneInfo(self.source.timezone), self.now)

    def _pages(self, at: str, fetched: Fetched) -> _Part:
        """The first page and those after it, until one is empty or says nothing that is not known."""
        connection = self.source.connection_config
        items = {item.key: item for item in self._items(fetched)}
        last = connection.first_page + (connection.most_pages if connection.page_parameter else 1)
        new, page = set(items), connection.first_page + 1
        while page < last and len(items) < MOST_ENTRIES and new and (self._trend or not new <= set(self.seen(new))):
            try:
                more = {item.key: item for item in self._items(self._ask(at, page))}
            except UnreadableFeed:
                break  # past the end
            except PipelineError as error:
                return _Part(tuple(items.values()), whole=_is_not_there(error))
            new = more.keys() - items.keys()
            items |= {key: more[key] for key in more if key in new}
            page += 1
        return _Part(tuple(items.values()))

    def _details(self, fetched: Fetched) -> _Part:
        """The items of a list of ids that are not known yet, each asked for at its own address."""
        parser = self._parser
        listed = found_items(read_json(fetched.body, fetched.content_type), parser)
        ids = {short_key(id_): id_ for each in listed if (id_ := id_of(each, parser))}
        known = set(self.seen(ids.keys())) if ids else set()
        new = [key for key in ids if key not in known]
        items: list[FoundItem] = []
        for key in new[: self.most_details]:
            try:
                items += self._detail(key, ids[key])
            except RetryLater:
                if not items:
                    raise
                return _Part(tuple(items), whole=False)
        return _Part(tuple(items), whole=len(new) <= self.most_details)

    def _detail(self, key: str, id_: str) -> tuple[FoundItem, ...]:
        """One item, where there is one: it may have been taken back since it was listed."""
        address = self._parser.detail_url.replace("{id}", quote(id_, safe=""))
        try:
            fetched = self.asks.ask(address, method="GET")
            entry = entry_of(read_json(fetched.body, fetched.content_type), self._parser, key)
        except UnreadableAnswer:
            return ()
        except PipelineError as error:
            if _is_not_there(error):
                return ()
            raise
        found = items_of([entry], self._where(fetched)) if entry else ()
        return tuple(replace(item, key=key) for item in found)

    def _with_articles(self, found: _Part) -> _Part:
        """New items without a text get that of the page they lead to; those beyond the limit wait."""
        wordless = {item.key: item for item in found.items if item.url and not item.text}
        known = set(self.seen(wordless.keys())) if wordless else set()
        wanted = [item for key, item in wordless.items() if key not in known]
        asked, pages, texts, silent = set[str](), dict[str, Page](), dict[str, str](), set[str]()
        for item in wanted[: self.most_details]:
            host = urlsplit(item.url or "").netloc
            try:
                page = None if host in silent else self._article(item.url or "")
            except RetryLater:
                silent.add(host)
            if host in silent:
                continue
            asked.add(item.key)
            if page is not None:
                pages[item.key] = page
            if sum(len(each.body) for each in pages.values()) >= ARTICLE_BYTES_AT_ONCE:
                texts |= _texts(pages)
                pages = {}
        texts |= _texts(pages)
        left = {item.key for item in wanted} - asked
        items = (replace(item, text=texts.get(item.key, item.text)) for item in found.items if item.key not in left)
        return _Part(tuple(items), whole=found.whole and not left)

    def _article(self, url: str) -> Page | None:
        """The page behind a link; None where there is none to be read. Raises `RetryLater` where it is not our turn."""
        try:
            self.robots.check(url, self.now)
            fetched = self.asks.look(url)
        except Busy:
            raise
        except PipelineError as error:
            if isinstance(error, FetchFailed) and error.status in _NOT_NOW:
                raise
            return None
        page = Page(fetched.address, fetched.body, fetched.content_type)
        return page if page.may_be_read else None


def _texts(pages: dict[str, Page]) -> dict[str, str]:
    texts = articles_apart(list(pages.values())) if pages else []
    return {key: cut(clean_text(text), LONGEST_TEXT) for key, text in zip(pages, texts, strict=True) if text}


def _is_not_there(error: PipelineError) -> bool:
    return isinstance(error, Gone) or (isinstance(error, FetchFailed) and error.status in _NOT_THERE)


def _kept(before: Validators, now: Validators) -> Validators:
    """A 304 may leave out what it confirms."""
    return Validators(now.etag or before.etag, now.last_modified or before.last_modified)
