"""Phrasebook: turns of phrase that tell a register, one regular expression a line; "#" begins a comment.

Plain cases only, Korean and English. A list may grow; what it means is said at its head.
"""

from functools import lru_cache
from importlib.resources import files

import regex


@lru_cache
def phrases(name: str) -> "regex.Pattern[str]":
    """One pattern that finds any phrase of `name`.txt; those of English as whole words, in any case."""
    text = files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    joined = "|".join(f"(?:{line})" for line in lines)
    return regex.compile(rf"(?<!\w)(?:{joined})(?!\w)" if name.endswith("_en") else joined, regex.IGNORECASE)
