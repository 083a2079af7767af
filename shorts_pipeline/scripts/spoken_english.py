"""Spoken English: a written sentence as one says it, where grammar allows; nothing in quotation marks is touched.

Contractions for a persona that is not formal, and of a long sentence its attribution apart: "…, Parallax said on
Monday." becomes "… That is according to Parallax."
"""

from functools import lru_cache

import regex

from shorts_pipeline.scripts.endings import Formality

LONG_WORDS = 20
"""A sentence of fewer words is easily followed with its attribution in it."""

_TAKES_NOT = ("is", "are", "was", "were", "does", "do", "did", "has", "have", "had", "could", "would", "should")
_NEGATED = {verb: f"{verb}n't" for verb in _TAKES_NOT} | {"will": "won't"}
_JOINED = {"am": "'m", "are": "'re", "is": "'s", "have": "'ve", "will": "'ll", "would": "'d"}
_NOT = regex.compile(r"\b(" + "|".join(_NEGATED) + r") not\b|\bcan ?not\b", regex.IGNORECASE)
_PRONOUN = regex.compile(
    r"\b(I|you|we|they|he|she|it|that|there|who|what) (am|are|is|have|will|would)\b"
    # "It is." ends with its weight on "is"; "they have four" owns and is not contracted.
    r"(?=\s(?:not|now|also|still|already|being|been|going|likely|about|a|an|the|\w+(?:ing|ed|en)|be|get|make|take)\b)",
    regex.IGNORECASE,
)
_FITS = {
    "am": {"i"},
    "are": {"you", "we", "they"},
    "is": {"he", "she", "it", "that", "there", "who", "what"},
    "have": {"i", "you", "we", "they"},
    "will": {"i", "you", "we", "they", "he", "she", "it"},
    "would": {"i", "you", "we", "they", "he", "she"},
}
_OWNS = regex.compile(r"\s(?:a|an|the|about)\b", regex.IGNORECASE)
_WHEN = r"(?:\s(?:on|at|in|to)\s[^,;.]{3,40})?"
_ATTRIBUTED = regex.compile(
    r"^(?P<said>.+?),\s(?:according to\s(?P<who>[^,;]{3,60})|"
    rf"(?P<who>(?!which|who|and|but|as|that|he\b|she\b|it\b|they\b)[^,;]{{3,60}}?)\s(?:said|says|reported|announced){_WHEN})\.$"
)
_QUOTED = regex.compile(r"[“\"][^”\"]*[”\"]")


def spoken(sentence: str, formality: Formality) -> str:
    """The sentence as a persona of this formality says it; one or two sentences."""
    apart = _attribution_apart(sentence)
    return apart if formality == "formal" else contracted(apart)


def contracted(sentence: str) -> str:
    """ "It is not" as "It isn't", outside quotation marks."""
    parts, at = [], 0
    for quoted in _QUOTED.finditer(sentence):
        parts += [_contracted(sentence[at : quoted.start()]), quoted.group()]
        at = quoted.end()
    return "".join([*parts, _contracted(sentence[at:])])


@lru_cache(maxsize=2_000)
def _contracted(text: str) -> str:
    return str(_PRONOUN.sub(_short, _NOT.sub(_without_not, text)))


def _without_not(match: "regex.Match[str]") -> str:
    verb = match.group(1)
    short = _NEGATED[verb.lower()] if verb else "can't"
    return str(short[:1].upper() + short[1:] if match.group()[0].isupper() else short)


def _short(match: "regex.Match[str]") -> str:
    pronoun, verb = match.group(1), match.group(2).lower()
    owns = verb == "have" and _OWNS.match(match.string, match.end())
    if owns or pronoun.lower() not in _FITS[verb] or match.string[match.end() :].startswith(" not"):
        return str(match.group())
    return str(pronoun + _JOINED[verb])


def _attribution_apart(sentence: str) -> str:
    match = _ATTRIBUTED.match(sentence)
    if match is None or len(sentence.split()) < LONG_WORDS or "“" in sentence or '"' in sentence:
        return sentence
    who = match["who"]
    return f"{match['said']}. That is according to {who[:1].lower() + who[1:] if who.startswith('The ') else who}."
