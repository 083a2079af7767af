"""Titles: a feed's headline without what the newsroom hung on it, and the form by which headlines are compared.

Marks, site names, comment counts and laughter (title_marks.py), emoji, entities, odd spaces. What a title *means* is
not asked here.
"""

import hashlib
import html
import unicodedata
from dataclasses import dataclass

import regex

from shorts_pipeline.language import clean_line, detect
from shorts_pipeline.topics.title_marks import (
    AT_END,
    AT_START,
    DOTS,
    IN_BRACKETS,
    IN_PARENTHESES,
    LAUGHTER,
    LINK,
    REPEATED,
    SHOUTED,
    SITE_AT_END,
    SITE_AT_START,
    SITE_SHAPE,
    SITES,
    SUBJECTS_TOO,
)

# A person's headline is not longer; what is, is a text in the wrong field.
LONGEST_TITLE = 300

_TAG = regex.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_AMPERSANDS = regex.compile(r"&(?:amp;)+", regex.IGNORECASE)
_EMOJI = regex.compile(r"[\p{Extended_Pictographic}\p{EMod}\p{Regional_Indicator}\uFE0F\u20E3\u200D]+")
_AROUND = " -–—―|│·:;,»/\\"
# Without one of these no site's name is told from the title: most titles, in a tenth of the time.
_SEPARATED = regex.compile(r"(?: (?:[-–—―│·•»/]|::?)|\|) ")
_NOT_COMPARED = regex.compile(r"(?<=\d)[.,](?=\d)|(?<=[\p{L}\p{N}])[+#]+|%")
_COLLAPSED = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_GROUPING = regex.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMBER = regex.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Headline:
    """A cleaned title and the forms by which it is compared.

    `normalized` is NFC, case-folded, punctuation and spaces collapsed; `content_hash` its SHA-256 in hex.
    """

    title: str
    normalized: str
    content_hash: str
    language: str
    words: tuple[str, ...]
    numbers: frozenset[str]


def headline(title: str, *, site: str | None = None, language: str = "en") -> Headline:
    """The headline of a raw title; `language` where its letters do not tell, `site` the source's own name."""
    cleaned = clean_title(title, site=site)
    normalized = normalize_title(cleaned)
    return Headline(
        title=cleaned,
        normalized=normalized,
        content_hash=content_hash(normalized),
        language=detect(cleaned, default=language),
        words=tuple(sorted(normalized.split())),
        numbers=frozenset(_NUMBER.findall(normalized)),
    )


def clean_title(raw: str, *, site: str | None = None) -> str:
    """The story's title alone, on one line; "" where nothing of it is left. Cleaning it again changes nothing."""
    text = _characters(raw[: LONGEST_TITLE * 8])
    if len(text) > LONGEST_TITLE:
        text = text[:LONGEST_TITLE].rsplit(" ", 1)[0]
    # Marks hang in layers: "[단독] … (종합) - 연합뉴스 : 네이버 뉴스". Every layer leaves less, so this ends.
    while (peeled := _peeled(text, site)) != text:
        text = peeled
    return text


def _characters(raw: str) -> str:
    """Plain characters: no entities, tags or emoji, nothing invisible, single spaces."""
    text = raw
    while True:
        if "&" in text:
            # Feeds escape twice and more: "&amp;quot;".
            text = _AMPERSANDS.sub("&", text)
            while (plain := html.unescape(text)) != text:
                text = plain
        text = clean_line(_TAG.sub(" ", text) if "<" in text else text)
        if not text.isascii():
            text = " ".join(_EMOJI.sub(" ", text).split())
        # An invisible letter may have hidden another entity or tag.
        if html.unescape(text) == text and not ("<" in text and _TAG.search(text)):
            return text.replace("<", "〈").replace(">", "〉")


def _peeled(text: str, site: str | None) -> str:
    """The text without its outermost marks; never longer than it was."""
    if "[" in text or not text.isascii():
        text = IN_BRACKETS.sub(" ", text)
    if "(" in text:
        text = IN_PARENTHESES.sub(" ", text)
    if "http" in text:
        text = LINK.sub(" ", text)
    text = _calmed(text).strip(_AROUND)
    if start := AT_START.match(text):
        text = text[start.end() :]
    if end := AT_END.match(text):
        text = text[: end.start()]
    text = " ".join(text.split())
    if _SEPARATED.search(text):
        text = _without_site(text, site)
    return " ".join(text.strip(_AROUND).split())


def _calmed(text: str) -> str:
    """Without laughter and tears; one mark where a community writes five."""
    if not text.isascii():
        text = LAUGHTER.sub(" ", text)
    if ".." in text or "…" in text:
        text = DOTS.sub("…", text)
    if "!" in text or "?" in text or "~" in text:
        text = REPEATED.sub(r"\1", SHOUTED.sub("?!", text))
    return text


def normalize_title(title: str) -> str:
    """NFC, case-folded, punctuation and spaces collapsed; signs that make a difference ("C++", "3.5%") stay."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", title).casefold())
    words = folded.split()
    if "".join(words).isalnum():
        return " ".join(words)
    folded = _GROUPING.sub("", folded)
    kept, last = [], 0
    for match in _NOT_COMPARED.finditer(folded):
        kept += [_COLLAPSED.sub(" ", folded[last : match.start()]), match.group()]
        last = match.end()
    kept.append(_COLLAPSED.sub(" ", folded[last:]))
    return " ".join("".join(kept).split())


def content_hash(normalized: str) -> str:
    """SHA-256 hex of a normalised title."""
    return hashlib.sha256(normalized.encode("utf-8")).hexdigest()


def _without_site(text: str, site: str | None) -> str:
    """Without a site's name after the last separator or before the first; a subtitle that only looks like one stays."""
    if (match := SITE_AT_END.match(text)) and len(match["title"]) >= 4 and _is_site(match["site"].strip(), site):
        return str(match["title"])
    if (match := SITE_AT_START.match(text)) and (name := match["site"].strip().casefold()) in SITES - SUBJECTS_TOO:
        return str(match["title"]) if len(match["title"]) >= len(name) else text
    return text


def _is_site(tail: str, site: str | None) -> bool:
    folded = tail.casefold()
    if folded in SITES or SITE_SHAPE.fullmatch(tail):
        return True
    own = site.casefold() if site is not None else ""
    return bool(own) and (folded == own or (len(folded) > 3 and folded in own))
