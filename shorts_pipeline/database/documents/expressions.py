"""Where in an answer something stands: JMESPath for JSON, CSS selectors for HTML; compiled and checked here.

A channel file with an expression that cannot be read is refused where it stands; what is found is the readers' affair.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_WHOLE = "."


@dataclass(frozen=True)
class Selector:
    """A CSS selector, perhaps with an attribute (`a.title@href`); no `css` means the item itself (`.` or `@href`)."""

    css: str
    attribute: str | None = None


@lru_cache(maxsize=2_000)
def expression(written: str) -> Any:
    """The compiled JMESPath expression. Raises `ValueError` that says where it breaks."""
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        return jmespath.compile(written)
    except JMESPathError as error:
        what = " ".join(str(error).split("\n")[0].split()).rstrip(":")
        raise ValueError(f"not a JMESPath expression ({what[:200]}); write one like data.children[].data") from None


@lru_cache(maxsize=2_000)
def selector(written: str) -> Selector:
    """The selector, split from its attribute. Raises `ValueError` for one that cannot be read."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    css, at, attribute = written.strip().rpartition("@")
    if not at or not _is_name(attribute):
        css, attribute = written.strip(), ""
    css = "" if css.strip() == _WHOLE else css.strip()
    if css:
        try:
            LexborHTMLParser("<p>").css(css)
        except SelectolaxError:
            raise ValueError("not a CSS selector; write one like ul.board > li a.title, or a.title@href") from None
    elif not attribute and written.strip() != _WHOLE:
        raise ValueError("an empty selector; write `.` for the item itself")
    return Selector(css, attribute or None)


def _is_name(attribute: str) -> bool:
    return bool(attribute) and attribute.replace("-", "").replace("_", "").replace(":", "").isalnum()
