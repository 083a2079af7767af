"""Described: what of a video's description and title is prose. Pure.

Links, hashtags, handles, time marks and what every description ends with (subscribe, contact, music) are not.
"""

from typing import Final

import regex

from shorts_pipeline.language import clean_line, clean_text, sentences, speaking_seconds

LEAST_SENTENCES: Final = 3
LEAST_SECONDS: Final = 10.0
"""A description of fewer sentences, or sooner spoken, says what a video is about; it is no text to learn from."""
_LINK = regex.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\w[\w.]*", regex.IGNORECASE)
_HASHTAG = regex.compile(r"(?<![\p{L}\p{N}&])#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]+")
_HANDLE = regex.compile(r"(?<![\p{L}\p{N}])@[\p{L}\p{N}_.-]+")
_TIME_MARK = regex.compile(r"^[(\[]?\d{1,2}:\d\d(?::\d\d)?[)\]]?(?=\s|$)")
_BULLET = regex.compile(r"^[\s\p{So}\p{Sm}\p{Pd}•·*>▶►■◆★☆✔✅👉]+")
_NO_PROSE = regex.compile(
    r"구독|좋아요|알림\s?설정|문의|제휴|협찬|비즈니스|인스타|블로그|카카오|홈페이지|무단|저작권|출처\s?[:：]|"
    r"(?:음악|BGM|배경음악|편집|촬영|나레이션)\s?[:：]|유료\s?광고|"
    r"\b(?:subscribe|follow (?:me|us)|like and|business inquir|contact|sponsor|affiliate|patreon|instagram|"
    r"tiktok|twitter|facebook|discord|copyright|all rights|music (?:by|from)|credits?\s?:|links?\s?:|gear\s?:)",
    regex.IGNORECASE,
)
_LETTERS = regex.compile(r"\p{L}")


def prose(description: str, language: str) -> list[str]:
    """The description's own sentences, in order."""
    told: list[str] = []
    for paragraph in regex.split(r"\n[ \t]*\n", clean_text(description)):
        lines = (_plain(line, language) for line in paragraph.split("\n"))
        told += sentences(" ".join(filter(None, lines)), language)
    return [sentence for sentence in told if len(_LETTERS.findall(sentence)) > 1]


def is_text(told: list[str], language: str) -> bool:
    """Whether sentences of a description are a text that says something, not a line under a video."""
    return len(told) >= LEAST_SENTENCES and speaking_seconds(" ".join(told), language) >= LEAST_SECONDS


def without_hashtags(title: str) -> str:
    """A title without its hashtags; where it has nothing else, with their words."""
    bare = clean_line(_HASHTAG.sub(" ", title))
    return bare if _LETTERS.search(bare) else clean_line(title.replace("#", " "))


def _plain(line: str, language: str) -> str:
    """What of a line is prose; "" where nothing is."""
    bare = _BULLET.sub("", _HANDLE.sub(" ", _HASHTAG.sub(" ", _LINK.sub(" ", line))))
    text = clean_line(bare)
    if _TIME_MARK.match(text) or not _LETTERS.search(text):
        return ""
    if text.endswith((":", "：", "→", "↓")) and len(bare) < len(line):
        return ""  # it only led to a link
    return " ".join(each for each in sentences(text, language) if not _NO_PROSE.search(each))
