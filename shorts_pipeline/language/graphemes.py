"""Graphemes: what a reader calls one character, and cutting text without breaking one.

An emoji family or a decomposed Hangul syllable is several code points; half of it is rubbish on a screen.
"""

from collections.abc import Callable

import regex

_GRAPHEME = regex.compile(r"\X")


def graphemes(text: str) -> list[str]:
    """The text's user-perceived characters, in order; joined they are the text again."""
    found: list[str] = _GRAPHEME.findall(text)
    return found


def cut(text: str, limit: int, *, end: str = "") -> str:
    """The longest beginning of `text` of at most `limit` code points, at a grapheme boundary.

    Where something had to go, `end` ("…") is put after it, within the limit.
    """
    return _cut(text, limit, end=end, size=len)


def cut_bytes(text: str, limit: int, *, end: str = "") -> str:
    """As `cut`, with the limit in bytes of UTF-8."""
    return _cut(text, limit, end=end, size=_bytes)


def cut_words(text: str, limit: int, *, end: str = "…") -> str:
    """As `cut`, but back to the last space where that loses less than half of what fits."""
    if len(text) <= limit:
        return text
    head = cut(text, max(limit - len(end), 0))
    space = head.rfind(" ")
    if not text[len(head) :].startswith(" ") and space * 2 >= len(head):
        head = head[:space]
    return head.rstrip(" ,;:·-") + (end if len(end) <= limit else "")


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", errors="surrogatepass"))


def _cut(text: str, limit: int, *, end: str, size: Callable[[str], int]) -> str:
    if size(text) <= limit:
        return text
    room = limit - size(end)
    if room < 0:
        end, room = "", limit
    kept, used = 0, 0
    for match in _GRAPHEME.finditer(text):
        used += size(match.group())
        if used > room:
            break
        kept = match.end()
    return text[:kept] + end
