"""Words: which of a list of words a text holds."""

from collections.abc import Iterable

import regex


def found_words(text: str, words: Iterable[str]) -> list[str]:
    """Those of `words` that stand in the text: English whole words, Korean also with particles or inside compounds.

    A Korean word of one syllable counts only at the beginning of an eojeol and followed by no other noun-like
    syllable, since one syllable is in half of all words.
    """
    folded = text.casefold()
    return [word for word in dict.fromkeys(words) if word.strip() and _holds(folded, word.strip().casefold())]


def _holds(text: str, word: str) -> bool:
    if not regex.search(r"\p{Hangul}", word):
        return bool(regex.search(rf"(?<![\p{{L}}\p{{N}}]){regex.escape(word)}(?![\p{{L}}\p{{N}}])", text))
    if len(word) == 1:
        return bool(regex.search(rf"(?<!\p{{L}}){regex.escape(word)}(?!\p{{L}})", text))
    return word in text
