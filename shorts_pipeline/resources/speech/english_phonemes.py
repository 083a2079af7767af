"""English phonemes: espeak-ng's transcription in the symbols that the Kokoro model was trained on.

espeak-ng joins small words ("for the" is one), so a clause's words can be told apart only where their number fits.
"""

import re
from dataclasses import dataclass

from shorts_pipeline.resources.speech import espeak

VOICE = "en-us"
_CLAUSE = re.compile(r"[^,.;:!?…]*[\w][^,.;:!?…]*[,.;:!?…]*")
_MARKS = re.compile(r"[,.;:!?…]")
# Longer first: diphthongs have letters of their own.
_AS_TRAINED = (
    ("aɪ", "I"),
    ("aʊ", "W"),
    ("dʒ", "ʤ"),
    ("eɪ", "A"),
    ("tʃ", "ʧ"),
    ("ɔɪ", "Y"),
    ("oʊ", "O"),
    ("ɜː", "ɜɹ"),
    ("ɚ", "əɹ"),
    ("ɐ", "ə"),
    ("r", "ɹ"),
    ("ɾ", "T"),
    ("ᵻ", "ɪ"),
    ("ː", ""),
)


@dataclass(frozen=True)
class Phonemes:
    """A sentence's phonemes, and of the words that can be told apart: where in the text, where in the phonemes."""

    text: str
    words: tuple[tuple[int, int], ...]


def english_phonemes(spoken: str) -> Phonemes:
    """IPA of a spelled-out English sentence. Raises `NeedsPerson` where espeak-ng is not installed."""
    clauses = list(_CLAUSE.finditer(spoken))
    if not clauses:
        return Phonemes("", ())
    answer = espeak.ask({"voice": VOICE, "clauses": [_MARKS.sub(" ", clause.group()) for clause in clauses]})
    whole, words = "", list[tuple[int, int]]()
    for clause, told in zip(clauses, answer["phonemes"], strict=True):
        said = _trained(told)
        written = [match.start() + clause.start() for match in re.finditer(r"\S+", clause.group())]
        heard = [match.start() + len(whole) for match in re.finditer(r"\S+", said)]
        told_apart = len(written) if len(written) == len(heard) else 1
        words += zip(written[:told_apart], heard[:told_apart], strict=False)
        marks = _MARKS.findall(clause.group())
        whole += said + (marks[0] if marks else "") + " "
    return Phonemes(whole.rstrip(), tuple(words))


def _trained(told: str) -> str:
    for theirs, ours in _AS_TRAINED:
        told = told.replace(theirs, ours)
    return " ".join(told.split())
