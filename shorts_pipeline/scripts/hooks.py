"""Hooks: how well the first sentences hold a viewer, by rule.

A hook holds by something of this story: its figures, its names, its things. What could begin any video (a greeting, an
announcement, a truism) holds nobody, whatever else it has.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shorts_pipeline.language import speaking_seconds, tokens
from shorts_pipeline.language.amounts import amounts
from shorts_pipeline.language.tables import listed
from shorts_pipeline.scripts.brief import Story
from shorts_pipeline.scripts.facts import numbers
from shorts_pipeline.scripts.phrasebook import phrases
from shorts_pipeline.scripts.phrases import Opening

# A logistic model of six things, fitted on the labelled hooks of bench/judge.py (its tuning half), the phrasebook's
# verdict apart: cross-validated without it, .79 precise and .77 complete.
_WEIGHTS = {"things": 1.35, "share": 2.5, "figures": 1.6, "seconds": -0.9, "as_wanted": 0.2, "empty": -4.0}
_INTERCEPT = 1.4
_MOST_THINGS, _MOST_FIGURES = 4, 2
# In every story, so that having them says nothing.
_ANYWHERE = frozenset(
    listed("""
    year new today week month day people say one two get go make thing time way good big first last back know like need
    want come see look use work more most many much 오늘 지금 소식 이야기 얘기 문제 경우 사람 정도
    """)
)


@dataclass(frozen=True)
class HookScore:
    """What a hook has.

    `things` are figures and words of the story in it, `share` how many of its words are the story's, `seconds` how long
    its first sentence takes, `empty` whether a turn of phrase could begin any video.
    """

    things: int
    share: float
    figures: int
    seconds: float
    as_wanted: bool
    empty: bool

    @property
    def total(self) -> float:
        """How likely it is that an editor would keep it, in [0, 1]."""
        values = {
            "things": min(self.things, _MOST_THINGS),
            "share": self.share,
            "figures": min(self.figures, _MOST_FIGURES),
            "seconds": self.seconds,
            "as_wanted": self.as_wanted,
            "empty": self.empty,
        }
        return round(1 / (1 + math.exp(-_INTERCEPT - sum(_WEIGHTS[name] * each for name, each in values.items()))), 2)


def hook_score(hook: Sequence[str], story: Story, opening: Opening, language: str) -> HookScore:
    """Score of a hook's sentences for a story."""
    text, first = " ".join(hook), hook[0] if hook else ""
    source, said = set(tokens(story.source, story.language)), tokens(text, language)
    telling = [word for word in dict.fromkeys(said) if len(word) > 1 and word not in _ANYWHERE]
    figures = sum(each.value > 1 for each in amounts(text, language))
    return HookScore(
        things=sum(word in source for word in telling) + figures,
        share=sum(word in source for word in said) / max(len(said), 1),
        figures=figures,
        seconds=speaking_seconds(first, language),
        as_wanted=_as_wanted(first, text, opening),
        empty=bool(phrases(f"empty_{language}").search(text)),
    )


def _as_wanted(first: str, text: str, opening: Opening) -> bool:
    if opening == "question":
        return "?" in text
    if opening == "statistic":
        return bool(numbers(text))
    return bool(first) and not first.endswith("?")
