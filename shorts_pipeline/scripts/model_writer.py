"""Model writer: a script in the persona's voice by the language model that the channel's file names.

An answer that was cut off is asked for once more, shorter; one that holds what no script may (answer.py) once more
with the reasons, then the topic is given up with them. A model that refuses gives up the topic too. One that is away,
slow, or over the budget is not this writer's to wait for: the exception says so, and the row waits (service.py).
Nobody else writes in its place: a channel's voice does not change because a server is down.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import regex

from shorts_pipeline.errors import ConfigurationError, Rejected
from shorts_pipeline.resources.models.language_model import (
    NOTHING_SPENT,
    Answer,
    Garbled,
    LanguageModel,
    ModelFailure,
    Spent,
    Truncated,
)
from shorts_pipeline.scripts.answer import Checked, ToldScript, check, record
from shorts_pipeline.scripts.asking import Letter, letter
from shorts_pipeline.scripts.brief import Brief, Draft, Story

# Answers that are thrown away before the topic is given up.
MOST_REFUSED = 2
# A story with less to rest on is a headline or less, in words.
LEAST_WORDS = 5


class ModelWriter:
    """Writes with a model, opened at the first need. `temperature` goes on the record; `open_model` uses it."""

    translates = True

    def __init__(self, open_model: Callable[[], LanguageModel | None], *, temperature: float) -> None:
        self._open = open_model
        self._temperature = temperature
        self._opened: LanguageModel | None = None
        self._spent = NOTHING_SPENT

    @property
    def model(self) -> str:
        return self._model().name

    @property
    def spent(self) -> Spent:
        """What all calls have cost so far, also those that failed."""
        return self._spent

    def prepare(self) -> None:
        """Open the model. Raises `ConfigurationError` where the setting is none or its secret is missing."""
        self._model()

    def write(self, brief: Brief) -> Draft:
        """A draft whose sentences were checked. Raises a `ModelFailure`, `OverBudget`, or `Rejected` with reasons."""
        if not has_enough(brief.story):
            raise Rejected("the story is too little to write from: its sources brought a headline or less")
        before = self._spent
        cut_off = False
        thrown_away: list[Checked] = []
        while True:
            sent = letter(brief, cut_off=cut_off, refused=thrown_away[-1].faults if thrown_away else ())
            try:
                answer = self._ask(sent)
            except Truncated:
                if cut_off:
                    raise
                cut_off = True
                continue
            checked = check(answer.value, brief, answer.model)
            if not checked.faults:
                return replace(checked.draft, details=self._details(brief, sent, checked, thrown_away, before))
            thrown_away.append(checked)
            if len(thrown_away) == MOST_REFUSED:
                raise _given_up(thrown_away)

    def _model(self) -> LanguageModel:
        if self._opened is None:
            self._opened = self._open()
        if self._opened is None:
            raise ConfigurationError("the channel's file names no model any more: run again")
        return self._opened

    def _ask(self, sent: Letter) -> Answer[ToldScript]:
        try:
            answer = self._model().ask(sent.instructions, sent.data, ToldScript)
        except ModelFailure as failure:
            self._spent += failure.spent
            raise
        self._spent += answer.spent
        return answer

    def _details(
        self, brief: Brief, sent: Letter, checked: Checked, thrown_away: list[Checked], before: Spent
    ) -> dict[str, Any]:
        """How the draft came about, with what all its calls have cost."""
        spent = self._spent
        cost = None if spent.cost is None else float(spent.cost - (before.cost or 0))
        return {
            "attempt": brief.attempt,
            "model": checked.draft.model,
            "temperature": self._temperature,
            "prompts": {each.name: {"version": each.version, "sha256": each.sha256} for each in sent.prompts},
            "calls": spent.calls - before.calls,
            "tokens_in": spent.tokens_in - before.tokens_in,
            "tokens_out": spent.tokens_out - before.tokens_out,
            "usd": cost,
            "thrown_away": [list(each.faults) for each in thrown_away],
            **record(checked),
        }


def has_enough(story: Story) -> bool:
    """Whether there is more than a word or two to rest a script on."""
    return len(regex.findall(r"[\p{L}\p{N}]+", story.source)) >= LEAST_WORDS


def _given_up(thrown_away: list[Checked]) -> Rejected | Garbled:
    faults = "; ".join(dict.fromkeys(fault for each in thrown_away for fault in each.faults))
    if any(each.hostile for each in thrown_away):
        return Rejected(f"the model's answers held what no script may ({faults}): look at the story's sources")
    return Garbled(f"the model's answers cannot be used ({faults})")
