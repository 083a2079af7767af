"""Lines: words set in lines of even length that fit a width; no word is ever split."""

from collections.abc import Callable, Sequence
from itertools import pairwise

Width = Callable[[str], float]


def set_in_lines(words: Sequence[str], width: Width, most: float) -> list[list[int]]:
    """The words' indexes, line by line: fewest lines first, then lines as even as can be.

    A word wider than `most` has a line of its own; who draws it makes it smaller.
    """
    if not words:
        return []
    count = len(words)
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for stop in range(1, count + 1):
        choices = []
        for start in range(stop - 1, -1, -1):
            taken = width(" ".join(words[start:stop]))
            if taken > most and stop - start > 1:
                break
            lines, uneven, _ = best[start]
            choices.append((lines + 1, uneven + max(most - taken, 0.0) ** 2, start))
        best.append(min(choices))
    bounds = [count]
    while bounds[-1]:
        bounds.append(best[bounds[-1]][2])
    return [list(range(start, stop)) for start, stop in pairwise(reversed(bounds))]


def wrapped(text: str, width: Width, most: float) -> list[str]:
    """The text in lines, as `set_in_lines` sets them."""
    words = text.split()
    return [" ".join(words[index] for index in line) for line in set_in_lines(words, width, most)]
