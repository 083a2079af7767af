"""Describe: what YouTube is told about a video, within every limit of its own.

A story's text comes from the web: addresses, handles and hashtags in it never reach a title or description; the only
links are the story's own and the channel's. The limits stand in resources/youtube/limits.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from shorts_pipeline.language import clean_line, clean_text, cut_bytes, cut_words
from shorts_pipeline.resources.youtube.limits import DESCRIPTION_BYTES, TAGS_CHARACTERS, TITLE_CHARACTERS

# YouTube ignores all hashtags of a video that has more than 60.
MOST_HASHTAGS = 15
SHORTS = "#Shorts"
# Addresses, mail addresses, handles and hashtags, in full width too; "#1" is none.
_STRANGE = regex.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)[@#\uFF20\uFF03](?!\d+\b)[\w.-]+", regex.IGNORECASE
)
_ADDRESS = regex.compile(r"https?://[^\s<>\"]+", regex.IGNORECASE)
_NO_TAG = regex.compile(r"[^\p{L}\p{M}\p{N}_]+")


@dataclass(frozen=True)
class Credit:
    """A borrowed work in the video."""

    source: str
    author: str | None
    licence: str
    address: str | None


@dataclass(frozen=True)
class Story:
    """What the video tells, as its topic has it."""

    title: str
    summary: str | None
    source_url: str | None
    keywords: Sequence[str] = ()
    categories: Sequence[str] = ()


@dataclass(frozen=True)
class House:
    """What the channel adds to every description."""

    language: str
    hashtags: Sequence[str] = ()
    links: Sequence[str] = ()
    synthetic_media: bool = True
    fallback_title: str = SHORTS


@dataclass(frozen=True)
class Description:
    """Title, description and tags that YouTube accepts."""

    title: str
    description: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class _Phrases:
    source: str
    links: str
    credits: str
    made_with_ai: str


_PHRASES = {
    "ko": _Phrases("출처", "링크", "사용한 자료", "이 영상은 AI를 사용해 만들었습니다."),
    "en": _Phrases("Source", "Links", "Credits", "This video was made with the help of AI."),
}


def describe(story: Story, house: House, credits: Sequence[Credit] = ()) -> Description:
    """Title, description and tags of a short, cut at grapheme boundaries."""
    return Description(
        title=titled(story.title) or titled(house.fallback_title) or SHORTS,
        description=_described(story, house, credits),
        tags=tagged([*story.keywords, *story.categories, *(tag.lstrip("#") for tag in house.hashtags)]),
    )


def titled(text: str) -> str:
    """A title of at most 100 characters without `<` `>`; empty where nothing is left."""
    return cut_words(plain(clean_line(text)), TITLE_CHARACTERS).strip()


def tagged(words: Iterable[str]) -> tuple[str, ...]:
    """As many of the tags as fit: commas between count, a tag with a space costs two quotation marks."""
    tags: dict[str, str] = {}
    left = TAGS_CHARACTERS + 1
    for word in words:
        tag = plain(clean_line(word)).replace(",", " ").replace('"', "").strip()
        cost = len(tag) + (2 if " " in tag else 0) + 1
        if tag and tag.casefold() not in tags and cost <= left:
            tags[tag.casefold()] = tag
            left -= cost
    return tuple(tags.values())


def hashtags(words: Iterable[str]) -> list[str]:
    """The words as hashtags, `#Shorts` last, each once."""
    found: dict[str, str] = {}
    for word in words:
        tag = _NO_TAG.sub("", clean_line(word))
        if tag:
            found.setdefault(tag.casefold(), f"#{tag}")
    found.pop("shorts", None)
    return [*list(found.values())[: MOST_HASHTAGS - 1], SHORTS]


def _described(story: Story, house: House, credits: Sequence[Credit]) -> str:
    """The summary, cut to what the rest leaves of 5,000 bytes; the rest is cut only if it alone is too long."""
    tail = cut_bytes("\n\n".join(_tail(story, house, credits)), DESCRIPTION_BYTES)
    room = DESCRIPTION_BYTES - len(tail.encode()) - len("\n\n")
    body = cut_bytes(plain(clean_text(story.summary or story.title)), max(room, 0), end="…").strip()
    return f"{body}\n\n{tail}" if body else tail


def _tail(story: Story, house: House, credits: Sequence[Credit]) -> list[str]:
    phrases = _PHRASES.get(house.language, _PHRASES["en"])
    parts = []
    if address := _address(story.source_url):
        parts.append(f"{phrases.source}: {address}")
    if links := [address for link in house.links if (address := _address(link))]:
        parts.append("\n".join([f"{phrases.links}:", *links]))
    if named := [credit for credit in credits if credit.author or credit.address]:
        parts.append("\n".join([f"{phrases.credits}:", *dict.fromkeys(map(_credited, named))]))
    if house.synthetic_media:
        parts.append(phrases.made_with_ai)
    parts.append(" ".join(hashtags(house.hashtags)))
    return parts


def _credited(credit: Credit) -> str:
    who = plain(clean_line(credit.author or credit.source))
    text = f"- {who} ({plain(clean_line(credit.licence))})"
    address = _address(credit.address)
    return f"{text} {address}" if address else text


def plain(text: str) -> str:
    """Without what a stranger could smuggle in, and without the characters that YouTube refuses."""
    text = _STRANGE.sub("", text).replace("<", "‹").replace(">", "›")
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def _address(text: str | None) -> str | None:
    """An http(s) address on one line, or nothing."""
    found = _ADDRESS.fullmatch(clean_line(text or ""))
    return found.group() if found else None
