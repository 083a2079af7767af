"""script_retrievals: which past chunks a script was written with, and why."""

from uuid import UUID

from sqlalchemy import Float, Integer
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base
from shorts_pipeline.database.enums import RetrievalView
from shorts_pipeline.database.types import Word, cascade


class ScriptRetrieval(Base):
    """A chunk put before the writer, in one view, at one rank."""

    __tablename__ = "script_retrievals"

    script_id: Mapped[UUID] = mapped_column(cascade("scripts.id"), primary_key=True)
    chunk_id: Mapped[UUID] = mapped_column(cascade("content_chunks.id"), primary_key=True, index=True)
    view: Mapped[RetrievalView] = mapped_column(Word(RetrievalView), primary_key=True)
    rank: Mapped[int] = mapped_column(Integer)
    score: Mapped[float] = mapped_column(Float)
