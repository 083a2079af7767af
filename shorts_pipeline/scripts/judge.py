"""Judge: is a script good enough to be seen, and what is wrong with it?

Rules only. It does not mend anything: the writer is given the faults and tries again (service.py).
"""

from dataclasses import dataclass
from typing import Any

from shorts_pipeline.language import sentences, speaking_seconds
from shorts_pipeline.review.risk import Findings, Risk, assess
from shorts_pipeline.scripts.brief import Brief, Draft, Fault
from shorts_pipeline.scripts.endings import ends_like
from shorts_pipeline.scripts.facts import missing
from shorts_pipeline.scripts.hooks import hook_score
from shorts_pipeline.scripts.words import found_words

# YouTube's limit of a Short.
MOST_SECONDS = 180.0
# How far from the wanted length a script may be, as shares of it.
LONGEST, SHORTEST = 1.3, 0.5
MOST_WORDS_A_SENTENCE = 32
# Too short says that the source had no more; nothing a second try would change.
LET_PASS = frozenset({Fault.SHORT})


@dataclass(frozen=True)
class QualityReport:
    """What the judge found. Scores in [0, 1]; `similarity` to the nearest earlier script, None if it was not looked up.

    `unsupported` are numbers and names that the source does not have.
    """

    style: float
    hook: float
    seconds: float
    words: int
    issues: tuple[str, ...]
    faults: frozenset[Fault]
    unsupported: tuple[str, ...]
    similarity: float | None
    too_similar: float

    @property
    def passed(self) -> bool:
        """Whether every gate is passed."""
        return not self.faults - LET_PASS

    def risk(self, text: str, language: str) -> Risk:
        """How much a person should look before this goes on."""
        return assess(
            Findings(
                text=text,
                language=language,
                quality_issues=tuple(issue for issue in self.issues if not issue.startswith(_COUNTED)),
                similarity=self.similarity,
                too_similar=self.too_similar,
                unverified=self.unsupported,
            )
        )

    def as_analysis(self) -> dict[str, Any]:
        """The report as plain values, kept with the review."""
        return {
            "style": self.style,
            "hook": self.hook,
            "seconds": round(self.seconds, 1),
            "issues": list(self.issues),
            "unsupported": list(self.unsupported),
            "similarity": self.similarity,
        }


# These two have a reason of their own in the risk.
_COUNTED = (Fault.NOT_IN_SOURCE.value, Fault.REPEATS.value)


def judge(draft: Draft, brief: Brief, *, similarity: float | None, too_similar: float) -> QualityReport:
    """Judge a draft against its channel's gates and its story's source."""
    content, language = brief.content, brief.content.language
    stated = " ".join(sentence for sentence in draft.sentences if sentence not in draft.own)
    unsupported = missing(stated, brief.story.source, brief.story.language)
    avoided = _avoided(draft, brief)
    style = style_score(draft, brief, len(avoided))
    hook = hook_score(draft.hook, brief.story, content.opening, language).total
    seconds = speaking_seconds(draft.text, language, brief.voice.rate)
    found: dict[Fault, str] = {}
    if style < content.quality.style:
        found[Fault.STYLE] = f"style {style:.2f} is below {content.quality.style:.2f}"
    if hook < content.quality.hook:
        found[Fault.HOOK] = f"hook {hook:.2f} is below {content.quality.hook:.2f}"
    if seconds > min(MOST_SECONDS, content.target_seconds * LONGEST):
        found[Fault.LONG] = f"too long: {seconds:.0f} s for {content.target_seconds} s"
    if seconds < content.target_seconds * SHORTEST:
        found[Fault.SHORT] = f"too short: {seconds:.0f} s for {content.target_seconds} s"
    if len(avoided) > content.quality.most_avoided_words or found_words(draft.text, content.must_avoid):
        found[Fault.AVOIDED] = f"avoided words: {', '.join(avoided)}"
    if unsupported:
        found[Fault.NOT_IN_SOURCE] = f"not in the source: {', '.join(unsupported)}"
    if similarity is not None and similarity >= too_similar:
        found[Fault.REPEATS] = f"repeats earlier content: similarity {similarity:.2f}"
    if unmentioned := [word for word in content.must_mention if not found_words(draft.text, [word])]:
        found[Fault.UNMENTIONED] = f"must mention: {', '.join(unmentioned)}"
    return QualityReport(
        style=style,
        hook=hook,
        seconds=seconds,
        words=len(draft.text.split()),
        issues=tuple(found.values()),
        faults=frozenset(found),
        unsupported=tuple(unsupported),
        similarity=similarity,
        too_similar=too_similar,
    )


def style_score(draft: Draft, brief: Brief, avoided: int) -> float:
    """How far a script sounds like its persona, in [0, 1].

    0.5 sentences in its manner (Korean: the formality's endings; English: not too long to say), 0.2 its own opening
    or closing phrase, 0.1 one of its connectors, 0.2 none of the words it avoids (halved by each).
    """
    language, style = brief.content.language, brief.voice.style
    spoken = [each for part in draft.sentences for each in sentences(part, language)]
    in_manner = [each for each in spoken if _in_manner(each, brief)]
    manner = len(in_manner) / len(spoken) if spoken else 0.0
    phrased = any(sentence in draft.own for sentence in (*draft.hook, *draft.conclusion)) or not style.openings
    connected = bool(found_words(draft.text, style.connectors)) or not style.connectors or len(spoken) < 6
    return round(0.5 * manner + 0.2 * phrased + 0.1 * connected + 0.2 * 0.5**avoided, 2)


def _in_manner(sentence: str, brief: Brief) -> bool:
    if brief.content.language == "ko":
        return ends_like(sentence, brief.voice.style.formality) or _ending_is_own(sentence, brief)
    return len(sentence.split()) <= MOST_WORDS_A_SENTENCE


def _ending_is_own(sentence: str, brief: Brief) -> bool:
    bare = sentence.rstrip(".!?…\"'”’")
    return any(bare.endswith(ending.lstrip("~-")) for ending in brief.voice.style.sentence_endings)


def _avoided(draft: Draft, brief: Brief) -> list[str]:
    style = brief.voice.style
    return found_words(draft.text, (*style.avoided_words, *style.avoided_phrases, *brief.content.must_avoid))
