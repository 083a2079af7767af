"""Judge: is a script good enough to be seen, and what is wrong with it?

Rules only. It does not mend anything: the writer is given the faults and tries again (service.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shorts_pipeline.language import speaking_seconds
from shorts_pipeline.review.risk import Findings, OwnWords, Risk, assess
from shorts_pipeline.scripts.brief import Brief, Draft, Fault
from shorts_pipeline.scripts.hooks import hook_score
from shorts_pipeline.scripts.repetition import TOO_SIMILAR, told_by
from shorts_pipeline.scripts.style import style_score
from shorts_pipeline.scripts.support import unsupported
from shorts_pipeline.scripts.words import found_words

# YouTube's limit of a Short.
MOST_SECONDS = 180.0
# How far from the wanted length a script may be, as shares of it.
LONGEST, SHORTEST = 1.3, 0.5
# Too short says that the source had no more; nothing a second try would change.
LET_PASS = frozenset({Fault.SHORT})
NO_WORDS = OwnWords()


@dataclass(frozen=True)
class QualityReport:
    """What the judge found. Scores in [0, 1]; `similarity` is how much of it an earlier script told, None if unknown.

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

    @property
    def passed(self) -> bool:
        """Whether every gate is passed."""
        return not self.faults - LET_PASS

    def risk(self, text: str, language: str, blamed: Sequence[str] = (), own: OwnWords = NO_WORDS) -> Risk:
        """How much a person should look before this goes on.

        `blamed` are persons of whom the story speaks badly, `own` the words that are sensitive to the channel itself.
        """
        named = [f"speaks badly of a person: {name}" for name in blamed if found_words(text, [name])]
        return assess(
            Findings(
                text=text,
                language=language,
                quality_issues=(*named, *(issue for issue in self.issues if not issue.startswith(_COUNTED))),
                similarity=self.similarity,
                too_similar=TOO_SIMILAR,
                unverified=self.unsupported,
                own=own,
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


def judge(draft: Draft, brief: Brief, *, similarity: float | None) -> QualityReport:
    """Judge a draft against its channel's gates and its story's source."""
    content, language = brief.content, brief.content.language
    avoided = brief.avoided_in(draft.text)
    named = unsupported(" ".join(told_by(draft)), _material(brief), language, brief.story.language)
    invented = [*(each for each in named if each not in avoided), *draft.unfounded]
    style = style_score(draft.sentences, brief.voice.style, language, avoided=len(avoided))
    hook = hook_score(_own_hook(draft), brief.story, content.opening, language).total
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
    if invented:
        found[Fault.NOT_IN_SOURCE] = f"not in the source: {', '.join(invented)}"
    if similarity is not None and similarity >= TOO_SIMILAR:
        found[Fault.REPEATS] = f"repeats earlier content: {similarity:.0%} of it was told before"
    if unmentioned := [word for word in content.must_mention if not found_words(draft.text, [word])]:
        found[Fault.UNMENTIONED] = f"must mention: {', '.join(unmentioned)}"
    return QualityReport(
        style=style,
        hook=hook,
        seconds=seconds,
        words=len(draft.text.split()),
        issues=tuple(found.values()),
        faults=frozenset(found),
        unsupported=tuple(invented),
        similarity=similarity,
    )


def _material(brief: Brief) -> str:
    """What a script may rest on: its story, what it was shown of the channel's past, and the persona's own words."""
    voice = brief.voice
    own = (voice.name, *voice.style.openings, *voice.style.closings, *voice.style.call_to_action_phrases)
    return "\n\n".join((brief.story.source, *(each.text for each in brief.retrieved), *own))


def _own_hook(draft: Draft) -> tuple[str, ...]:
    """The hook without the phrase that the persona always begins with; where that is all, what is told next."""
    return tuple(each for each in draft.hook if each not in draft.own) or tuple(told_by(draft)[:1]) or draft.hook
