"""A group: the words that are on screen together."""

from dataclasses import dataclass

from shorts_pipeline.resources.speech import Word


@dataclass(frozen=True)
class Group:
    """Words on screen together, line by line, from `start` to `end`, in letters of `size` pixels.

    `closes`: its last word ends a sentence.
    """

    lines: tuple[tuple[Word, ...], ...]
    start: float
    end: float
    size: float
    closes: bool = True

    @property
    def text(self) -> str:
        return " ".join(word.text for line in self.lines for word in line)
