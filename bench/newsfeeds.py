"""Newsfeeds: RSS documents of invented headlines, of which half or more tell again what others told.

Made of the words of the labelled pairs (bench/pairs), so that morphemes, letters and lengths are those of real
headlines. The same seed gives the same documents.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

PAIRS = Path(__file__).parent / "pairs"
MARKS = {
    "ko": ("[속보] {}", "[단독] {}", "{} - 연합뉴스", "{}(종합)", "[속보] {}(종합2보) - 연합뉴스"),
    "en": ("UPDATE 1-{}", "BREAKING: {}", "{} - Reuters", "{} | TechCrunch", "EXCLUSIVE-{} - Reuters"),
}
# Nine of twenty are new; a few of the repeats are told so differently that they are taken for new too.
NEW = frozenset({0, 2, 4, 7, 9, 11, 14, 16, 18})
ADDED = {"ko": ("결국", "드디어", "이날", "공식"), "en": ("finally", "officially", "again", "reportedly")}


@dataclass(frozen=True)
class Story:
    """One story: its headline, what stands under it, its language, and when it was told."""

    title: str
    lead: str
    language: str
    told_at: datetime


def documents(items: int, *, now: datetime, a_document: int = 100, seed: int = 1) -> list[bytes]:
    """RSS documents with so many items in all, `a_document` each; eleven of twenty repeat an earlier one."""
    rng = random.Random(seed)
    told = list(_stories(items, rng, now))
    return [_document(told[start : start + a_document], start, now) for start in range(0, len(told), a_document)]


def headlines(count: int, rng: random.Random) -> list[str]:
    """Headlines of stories that nobody told yet, two Korean ones to an English one."""
    return [_new("en" if number % 3 == 0 else "ko", rng, datetime.min).title for number in range(count)]  # noqa: DTZ901


def _stories(items: int, rng: random.Random, now: datetime) -> Iterator[Story]:
    known: list[Story] = []
    for number in range(items):
        told_at = now - timedelta(hours=2) + timedelta(seconds=number % 3600)
        if known and number % 20 not in NEW:
            first = rng.choice(known)
            yield Story(_again(first, rng), first.lead, first.language, told_at)
        else:
            known.append(_new("ko" if number % 3 else "en", rng, told_at))
            yield known[-1]


def _new(language: str, rng: random.Random, told_at: datetime) -> Story:
    titles, leads = _words(language)
    lead = ". ".join(_mixed(leads, 8, rng) for _ in range(2)) + "."
    return Story(_mixed(titles, 5, rng)[:120], lead, language, told_at)


def _mixed(texts: Sequence[Sequence[str]], parts: int, rng: random.Random) -> str:
    """Two words from here, two words from there."""
    mixed: list[str] = []
    for _ in range(parts):
        words = rng.choice(texts)
        start = rng.randrange(max(len(words) - 1, 1))
        mixed += words[start : start + 2]
    return " ".join(mixed)


def _again(story: Story, rng: random.Random) -> str:
    """The headline as another newsroom has it: the same, with marks, or with a word more."""
    kind = rng.randrange(3)
    if kind == 0:
        return story.title
    if kind == 1:
        return rng.choice(MARKS[story.language]).format(story.title)
    words = story.title.split()
    words.insert(rng.randrange(len(words) + 1), rng.choice(ADDED[story.language]))
    return " ".join(words)


@cache
def _words(language: str) -> tuple[list[list[str]], list[list[str]]]:
    titles, leads = [], []
    for line in (PAIRS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
        for told in json.loads(line)["tellings"].values():
            titles.append(told["title"].split())
            leads += [told["text"].rstrip(".").split()] if told["text"] else []
    return titles, leads


def _document(stories: Sequence[Story], first: int, now: datetime) -> bytes:
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>https://news.example.com/{first + index}</link>"
        f'<guid isPermaLink="false">{first + index}</guid><pubDate>{format_datetime(story.told_at)}</pubDate>'
        f"<description>&lt;p&gt;{escape(escape(story.lead))}&lt;/p&gt;</description></item>"
        for index, story in enumerate(stories)
    )
    head = f"<title>News</title><link>https://news.example.com/</link><pubDate>{format_datetime(now)}</pubDate>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()
