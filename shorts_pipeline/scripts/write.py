"""Write: who writes a channel's scripts.

Every writer takes a brief and gives a draft, so that what follows (judge, review, chunks) need not know
whether a language model or a rule wrote it.
"""

from collections.abc import Callable
from typing import Protocol

from shorts_pipeline.database.documents import ContentConfig
from shorts_pipeline.resources.models.language_model import LanguageModel, Spent
from shorts_pipeline.scripts.brief import Brief, Draft


class Writer(Protocol):
    """Writes one script. Raises `Rejected` where the story can never become one."""

    @property
    def model(self) -> str:
        """What goes into `generation_model`."""

    @property
    def translates(self) -> bool:
        """Whether it can tell a story in another language than its source's."""

    @property
    def spent(self) -> Spent:
        """What it has cost so far."""

    def prepare(self) -> None:
        """Get ready. Raises `NeedsPerson` where it cannot write anything at all."""

    def write(self, brief: Brief) -> Draft:
        """A draft that rests on the story's own sentences."""


def writer_for(content: ContentConfig, open_model: Callable[[], LanguageModel | None]) -> Writer:
    """The channel's writer: its model where its file names one, else the extractive one; none stands in for another."""
    if content.model is not None:
        from shorts_pipeline.scripts.model_writer import ModelWriter

        return ModelWriter(open_model, temperature=content.temperature)
    from shorts_pipeline.scripts.extractive import ExtractiveWriter

    return ExtractiveWriter()
