"""Markup: the words a person would read in a piece of HTML, in time that grows with its length and no faster."""

import html
import re

from shorts_pipeline.language import clean_text

_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_BREAKS = re.compile(
    r"address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|form|h1|h2|"
    r"h3|h4|h5|h6|header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul"
)
_SILENT = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "title"})


def plain(markup: str) -> str:
    """The text without tags, scripts and invisible characters; blocks stand on lines of their own."""
    if "<" not in markup:
        return clean_text(html.unescape(markup))
    markup = _without_comments(markup)
    kept: list[str] = []
    silent: str | None = None
    position = 0
    for tag in _TAG.finditer(markup):
        if silent is None:
            kept.append(markup[position : tag.start()])
        position = tag.end()
        found = _NAME.match(tag[0])
        name = found[1].lower() if found else ""
        closing = tag[0].startswith("</")
        if silent is not None:
            silent = None if closing and name == silent else silent
        elif name in _SILENT and not closing and not tag[0].endswith("/>"):
            silent = name
        elif _BREAKS.fullmatch(name):
            kept.append("\n")
    if silent is None:
        kept.append(markup[position:])
    return clean_text(html.unescape("".join(kept)))


def _without_comments(markup: str) -> str:
    first, *rest = markup.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)
