"""Vocabulary: do these words appear in this text?

Latin words match as words ("AI" is not in "FAIR"), Hangul anywhere, because particles and compounds are glued to it.
Compiled once for a channel, asked for every item.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import regex


@dataclass(frozen=True)
class Vocabulary:
    """Words to look for, case-folded, with the names each stands for ("인공지능" → "AI")."""

    pattern: "regex.Pattern[str] | None"
    names: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, words: Iterable[tuple[str, str]]) -> "Vocabulary":
        """From (word, a name it stands for); one word may stand for several."""
        names: dict[str, tuple[str, ...]] = {}
        for word, name in words:
            if key := " ".join(word.casefold().split()):
                names[key] = tuple(dict.fromkeys((*names.get(key, ()), name)))
        # The longest first: "open ai" before "open".
        ordered = sorted(names, key=lambda word: (-len(word), word))
        pattern = regex.compile("|".join(_bounded(word) for word in ordered)) if ordered else None
        return cls(pattern, names)

    @classmethod
    def plain(cls, words: Iterable[str]) -> "Vocabulary":
        """Words that stand for themselves."""
        return cls.of((word, word) for word in words)

    def __bool__(self) -> bool:
        return bool(self.names)

    def found(self, text: str) -> tuple[str, ...]:
        """Names of the words that appear in `text`, in order of first appearance."""
        return tuple(self.counted(text)) if self.pattern is not None else ()

    def counted(self, text: str) -> Counter[str]:
        """How many different words of each name appear in `text`."""
        if self.pattern is None:
            return Counter()
        folded = " ".join(text.casefold().split())
        words = dict.fromkeys(self._word(hit) for hit in self.pattern.findall(folded, overlapped=True))
        return Counter(name for word in words for name in self.names[word])

    def _word(self, hit: str) -> str:
        """The listed word behind a hit: a plural or possessive may have been let through."""
        return next(hit[: len(hit) - cut] for cut in (0, 1, 2) if hit[: len(hit) - cut] in self.names)


def _bounded(word: str) -> str:
    before = r"(?<![a-z0-9])" if _is_latin(word[0]) else ""
    plural = r"(?:'?s)?" if word[-1].isascii() and word[-1].isalpha() else ""
    after = r"(?![a-z0-9])" if _is_latin(word[-1]) else ""
    return f"{before}{regex.escape(word)}{plural}{after}"


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
