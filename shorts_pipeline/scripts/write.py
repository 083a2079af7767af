"""Write: who writes a channel's scripts.

Every writer takes a brief and gives a draft, so that what follows (judge, review, chunks) need not know
whether a language model or a rule wrote it.
"""

from typing import Protocol

from shorts_pipeline.database.documents import ContentConfig
from shorts_pipeline.scripts.brief import Brief, Draft


class Writer(Protocol):
    """Writes one script. Raises `Rejected` where the story can never become one."""

    @property
    def model(self) -> str:
        """What goes into `generation_model`."""

    @property
    def translates(self) -> bool:
        """Whether it can tell a story in another language than its source's."""

    def write(self, brief: Brief) -> Draft:
        """A draft that rests on the story's own sentences."""


def writer_for(content: ContentConfig) -> Writer:
    """The channel's writer. Without a provider for its model this is the extractive one, which says so itself."""
    from shorts_pipeline.scripts.extractive import ExtractiveWriter

    return ExtractiveWriter(asked_for=content.model)
