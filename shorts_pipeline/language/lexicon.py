"""Lexicon: is this an ordinary English word? What is not, and has a capital, is likely a name."""

from functools import lru_cache
from importlib.resources import files

from shorts_pipeline.language.stopwords import ENGLISH
from shorts_pipeline.language.tokens import stem


@lru_cache(maxsize=50_000)
def is_common(word: str) -> bool:
    """Whether a word (any case) is in the dictionary of common English, in any of its forms."""
    folded = word.casefold()
    return folded in ENGLISH or stem(folded) in _stems()


@lru_cache
def _stems() -> frozenset[str]:
    text = files("shorts_pipeline.language").joinpath("english_words.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))
