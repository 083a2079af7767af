"""Hooks: how well the first sentences hold a viewer, by rule."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from shorts_pipeline.language import keywords, speaking_seconds
from shorts_pipeline.scripts.brief import Story
from shorts_pipeline.scripts.facts import numbers
from shorts_pipeline.scripts.phrases import Opening

# A viewer decides within about this many seconds.
FIRST_SECONDS = 4.5
_ADDRESSED = regex.compile(r"여러분|나요\?|까요\?|세요\?|어\?|\byou(?:r|'re)?\b", regex.IGNORECASE)


@dataclass(frozen=True)
class HookScore:
    """What a hook has; `total` in [0, 1]."""

    pulls: bool
    names_story: bool
    brief: bool
    as_wanted: bool

    @property
    def total(self) -> float:
        """0.35 for a question, a figure or "you", 0.35 for naming the story, 0.2 for brevity, 0.1 for the opening."""
        return round(0.35 * self.pulls + 0.35 * self.names_story + 0.2 * self.brief + 0.1 * self.as_wanted, 2)


def hook_score(hook: Sequence[str], story: Story, opening: Opening, language: str) -> HookScore:
    """Score of a hook's sentences for a story."""
    text = " ".join(hook)
    first = hook[0] if hook else ""
    asked = "?" in text
    telling = {word.casefold() for word in (*story.keywords[:5], *keywords(story.title, language, 8)) if len(word) > 1}
    return HookScore(
        pulls=bool(asked or numbers(text) or _ADDRESSED.search(text)),
        names_story=any(word in text.casefold() for word in telling),
        brief=bool(first) and speaking_seconds(first, language) <= FIRST_SECONDS,
        as_wanted=_as_wanted(first, text, opening),
    )


def _as_wanted(first: str, text: str, opening: Opening) -> bool:
    if opening == "question":
        return "?" in text
    if opening == "statistic":
        return bool(numbers(text))
    return bool(first) and not first.endswith("?")
