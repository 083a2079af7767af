"""Risk: how much a person should look before this goes out, 0–100, with the reasons.

Rules only, and every reason in words. A check that could not be made counts as a risk, never as fine.
What to do about the risk is the gate's question (gates.py).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from shorts_pipeline.database.documents.operation_config import ReviewSettings

# How much each kind of finding alone is worth, as a probability that a person would say no.
QUALITY_ISSUE = 0.15
NEAR_REPEAT = 0.5
UNVERIFIED_CLAIM = 0.3
NOT_CHECKED = 0.2
# A word that the channel named itself: alone it asks a person at every threshold up to 60.
OWN_WORD = 0.6
# Languages that glue particles and compounds to a word: it is found inside longer ones.
_GLUED = frozenset({"ko"})


@dataclass(frozen=True)
class Risk:
    """A score of 0–100 and what it is made of, worst first."""

    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnWords:
    """What a channel adds to the shipped lists: words that are sensitive to it, phrases that are harmless to it."""

    sensitive: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: ReviewSettings) -> "OwnWords":
        """Those of a channel's file."""
        return cls(settings.sensitive_words, settings.harmless_phrases)


@dataclass(frozen=True)
class Findings:
    """What a stage knows about a piece of content before it asks for a decision.

    `similarity` is to the nearest earlier content of the channel, in [0, 1], and `too_similar` where repetition
    begins; `unverified` are claims without support. None means that the check could not be made. `not_checked` names
    further checks that could not be made. `own` are the words of the channel itself.
    """

    text: str
    language: str
    quality_issues: tuple[str, ...] = ()
    similarity: float | None = None
    too_similar: float = 0.9
    unverified: tuple[str, ...] | None = None
    not_checked: tuple[str, ...] = ()
    own: OwnWords = OwnWords()


@dataclass(frozen=True)
class SensitiveWord:
    """A word of the shipped lists: what it is about, what it weighs in (0, 1), what finds it.

    `beginning`, case-folded, is in every text that has the word: looking for it is cheap.
    """

    subject: str
    weight: float
    pattern: re.Pattern[str]
    beginning: str


@dataclass(frozen=True)
class WordList:
    """A language's sensitive words, and the harmless phrases that contain one."""

    words: tuple[SensitiveWord, ...]
    harmless: re.Pattern[str] | None


def assess(findings: Findings) -> Risk:
    """Risk of a piece of content.

    Every finding is an independent chance w that a person would refuse: score = 100 · (1 − Π(1 − w)), so that many
    small doubts add up, none cancels another, and the score never passes 100.
    """
    doubts = sorted(_doubts(findings), key=lambda doubt: (-doubt[0], doubt[1]))
    fine = 1.0
    for weight, _ in doubts:
        fine *= 1.0 - weight
    return Risk(round(100.0 * (1.0 - fine), 1), tuple(reason for _, reason in doubts))


def _doubts(findings: Findings) -> Iterator[tuple[float, str]]:
    listed = sensitive_words(findings.language)
    if listed is None:
        yield NOT_CHECKED, f"sensitive words were not checked: no list for language “{findings.language}”"
    yield from _sensitive(findings.text, _extended(listed, findings.own, findings.language))
    for issue in findings.quality_issues:
        yield QUALITY_ISSUE, f"quality: {issue}"
    if findings.similarity is None:
        yield NOT_CHECKED, "closeness to earlier content was not checked"
    elif findings.similarity >= findings.too_similar:
        yield NEAR_REPEAT, f"nearly repeats earlier content (similarity {findings.similarity:.2f})"
    if findings.unverified is None:
        yield NOT_CHECKED, "claims were not checked against the source"
    else:
        for claim in findings.unverified:
            yield UNVERIFIED_CLAIM, f"not found in the source: {claim}"
    for check in findings.not_checked:
        yield NOT_CHECKED, f"{check} was not checked"


def _sensitive(text: str, listed: WordList) -> Iterator[tuple[float, str]]:
    folded = text.casefold()
    words = [word for word in listed.words if word.beginning in folded]
    if not words:
        return
    searched = listed.harmless.sub(" ", text) if listed.harmless else text
    found: dict[str, tuple[float, list[str]]] = {}
    for word in words:
        if hit := word.pattern.search(searched):
            _, hits = found.setdefault(word.subject, (word.weight, []))
            if hit.group(0).lower() not in hits:
                hits.append(hit.group(0).lower())
    for subject, (weight, hits) in found.items():
        yield weight, f"sensitive ({subject}): {', '.join(hits)}"


@lru_cache
def _extended(listed: WordList | None, own: OwnWords, language: str) -> WordList:
    """The shipped list, if there is one, with the channel's own words and exceptions."""
    listed = listed or WordList((), None)
    added = (_listed(word, "the channel's own", OWN_WORD, language in _GLUED) for word in own.sensitive)
    exempt = [each for each in (listed.harmless, _any_of(own.harmless)) if each]
    harmless = re.compile("|".join(each.pattern for each in exempt), re.IGNORECASE) if exempt else None
    return WordList((*listed.words, *added), harmless)


@lru_cache
def sensitive_words(language: str) -> WordList | None:
    """The shipped list of a language (`sensitive/<language>.txt`), or None if there is none."""
    file = files("shorts_pipeline.review").joinpath("sensitive", f"{language}.txt")
    if not re.fullmatch(r"[a-z]{2,3}", language) or not file.is_file():
        return None
    return read_word_list(file.read_text(encoding="utf-8").splitlines(), within_words=language in _GLUED)


def read_word_list(lines: Iterable[str], *, within_words: bool) -> WordList:
    """Read a list: `[subject weight]` opens a section, then a word a line; `-phrase` is harmless, `word*` a beginning.

    `within_words`: also find the word inside longer ones.
    """
    words, harmless, subject, weight = [], [], "", 0.0
    for line in (raw.strip() for raw in lines):
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            subject, _, number = line.strip("[]").rpartition(" ")
            weight = float(number)
        elif line.startswith("-"):
            harmless.append(line[1:])
        else:
            words.append(_listed(line, subject, weight, within_words))
    return WordList(tuple(words), _any_of(harmless))


def _listed(word: str, subject: str, weight: float, within_words: bool) -> SensitiveWord:
    beginning = word.rstrip("*").split()[0].casefold()
    return SensitiveWord(subject, weight, _word_pattern(word, within_words), beginning)


def _word_pattern(word: str, within_words: bool) -> re.Pattern[str]:
    stem = re.escape(word.rstrip("*")).replace(r"\ ", r"\s+")
    if within_words:
        return re.compile(stem, re.IGNORECASE)
    return re.compile(rf"(?<!\w){stem}" + (r"\w*" if word.endswith("*") else r"(?!\w)"), re.IGNORECASE)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str] | None:
    exempt = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(exempt, re.IGNORECASE) if exempt else None
