"""Opening: the phrase a script begins with, and what of the story it says.

The persona's own phrases go before plain ones, and what says something of this story before what could begin any
video. Among equals the topic settles which, so that a channel's videos do not all begin alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shorts_pipeline.language import sentences
from shorts_pipeline.scripts import phrases
from shorts_pipeline.scripts.brief import Brief, Claim, Fault
from shorts_pipeline.scripts.fact import Fact, facts
from shorts_pipeline.scripts.facts import figure
from shorts_pipeline.scripts.guard import intrusions
from shorts_pipeline.scripts.hooks import hook_score
from shorts_pipeline.scripts.source_text import Sentence
from shorts_pipeline.scripts.subject import subject


@dataclass(frozen=True)
class Opening:
    """How a script begins; `fact` is what of the story is told with it, None where that is nothing."""

    sentences: tuple[str, ...]
    fact: Fact | None = None

    @property
    def heard(self) -> tuple[Sentence, ...]:
        """What need not be told again."""
        return (self.fact.told,) if self.fact else ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The sentences that state the fact, each with its source."""
        return tuple(Claim(each, self.fact.told.source) for each in self.sentences if self.fact and self._states(each))

    @property
    def own(self) -> tuple[str, ...]:
        """The sentences that state nothing."""
        return tuple(each for each in self.sentences if not (self.fact and self._states(each)))

    def _states(self, sentence: str) -> bool:
        return self.fact is not None and self.fact.text[1:] in sentence


@dataclass(frozen=True)
class _Candidate:
    """A filled phrase, how good a hook it makes, and how willingly it is taken (less is more)."""

    text: str
    fact: Fact | None
    promise: float
    rank: int


def opening(brief: Brief, told: Sequence[Sentence], keyword: str, seed: int) -> Opening:
    """The hook; another one on each try that a judge's "weak hook" asks for."""
    found = sorted(_candidates(brief, told, keyword), key=lambda each: (each.rank, -each.promise))
    if not found:
        return Opening(())
    usable = [each for each in found if each.rank == found[0].rank]
    if Fault.HOOK in brief.faults:
        first = phrases.chosen(usable, seed)
        rest = sorted((each for each in found if each.text != first.text), key=lambda each: -each.promise)
        usable, seed = rest or [first], brief.attempt - 2
    taken = phrases.chosen(usable, seed)
    return Opening(tuple(sentences(taken.text, brief.content.language)), taken.fact)


def safe_subject(brief: Brief) -> str:
    """Whom the story is about, if that may be spoken: a headline may be about an address, or order something."""
    keyword = subject(brief.story)
    return "" if intrusions(keyword) else keyword


def _candidates(brief: Brief, told: Sequence[Sentence], keyword: str) -> Iterator[_Candidate]:
    style, content = brief.voice.style, brief.content
    shown = figure(brief.story.title, content.language) or figure(told[0].text, content.language) or ""
    # Only what leaves something to tell.
    sayable = [fact for fact in facts(brief.story, told) if fact.headline or len(told) > 1]
    for phrase in phrases.openings(style, content.language, content.opening):
        for fact in sayable if "{fact" in phrase else [None]:
            text = phrases.filled(phrase, keyword=keyword, figure=shown, fact=fact.text if fact else "")
            if text and not brief.avoided_in(text):
                promise = _promise(text, told[0], brief, states=fact is not None)
                yield _Candidate(text, fact, promise, _rank(phrase, brief, promise))


def _rank(phrase: str, brief: Brief, promise: float) -> int:
    """0: the persona's own and good, saying something of the story; then its own otherwise, then plain phrases."""
    if promise < brief.content.quality.hook:
        return 9
    own = phrase in brief.voice.style.openings
    as_wanted = ("?" in phrase) == (brief.content.opening == "question")
    says = "{fact" in phrase or "{figure" in phrase
    return (0 if own else 4) + (0 if says else 1) + (0 if as_wanted else 2)


def _promise(text: str, lead: Sentence, brief: Brief, *, states: bool) -> float:
    """The hook score of the phrase, with the story's first sentence after it where it states nothing itself."""
    hook = [text] if states else [text, lead.text]
    return hook_score(hook, brief.story, brief.content.opening, brief.content.language).total
