"""Phrase: a word with the words it is one name with, as its sentence writes them: “Northquay Labs”, “메모리 값”.

Korean: nouns that stand side by side without a particle between them. Elsewhere: words with capitals around one with a
capital; other keywords of the story beside a common noun or after an abbreviation.
"""

import re
from collections.abc import Collection

from shorts_pipeline.language import morphemes
from shorts_pipeline.language.stopwords import ENGLISH

NOUNS = frozenset({"NNG", "NNP", "SL", "SN", "XPN", "XSN"})
# What is read in a second on a telephone.
_LONGEST = {"ko": 12, "en": 24}
_WORD = re.compile(r"[\w’'-]+")


def phrase_around(sentence: str, start: int, end: int, keywords: Collection[str], language: str) -> str:
    """The word at `start` to `end` with its neighbours, as long as it stays short; at least the word itself."""
    spans = _nouns(sentence, start) if language == "ko" else _named(sentence, start, end, keywords)
    longest = _LONGEST.get(language, _LONGEST["en"])
    for first, last in ((min(spans, default=(start, end))[0], max(spans, default=(start, end))[1]), (start, end)):
        if first <= start and last >= end and last - first <= longest:
            return sentence[first:last]
    return sentence[start:end]


def _nouns(sentence: str, start: int) -> list[tuple[int, int]]:
    """The run of nouns around `start`: side by side or with one space between them, nothing else."""
    runs: list[list[tuple[int, int]]] = [[]]
    for morpheme in morphemes(sentence):
        if morpheme.tag not in NOUNS:
            runs.append([])
            continue
        run = runs[-1]
        if run and sentence[run[-1][1] : morpheme.start].strip(" "):
            run = []
            runs.append(run)
        run.append((morpheme.start, morpheme.end))
    return next((run for run in runs if run and run[0][0] <= start < run[-1][1]), [])


def _named(sentence: str, start: int, end: int, keywords: Collection[str]) -> list[tuple[int, int]]:
    """The words around that belong to the name, with one space between them."""
    words = [match.span() for match in _WORD.finditer(sentence)]
    here = next((place for place, (first, last) in enumerate(words) if first <= start and last >= end), None)
    if here is None:
        return []
    known, core = {word.casefold() for word in keywords}, sentence[slice(*words[here])]

    def belongs(place: int) -> bool:
        word = sentence[slice(*words[place])]
        if word.casefold() in ENGLISH:
            return False
        if core[0].isupper() and word[0].isupper():
            return True
        # A verb may stand beside a name; beside a common noun or an abbreviation, a keyword belongs to it.
        return word.casefold() in known and (core.islower() or (core.isupper() and place > here))

    first = last = here
    while first > 0 and sentence[words[first - 1][1] : words[first][0]] == " " and belongs(first - 1):
        first -= 1
    while last + 1 < len(words) and sentence[words[last][1] : words[last + 1][0]] == " " and belongs(last + 1):
        last += 1
    return words[first : last + 1]
