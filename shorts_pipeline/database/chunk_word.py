"""chunk_words: how common each word is in a channel's past; what BM25 weighs words by."""

from uuid import UUID

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base
from shorts_pipeline.database.types import cascade

# The row of a channel as a whole: all its pieces, and all their words.
ALL_WORDS = ""


class ChunkWord(Base):
    """In how many of a channel's pieces a word stands (`chunks`), and how often in all (`times`)."""

    __tablename__ = "chunk_words"

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String, primary_key=True)
    chunks: Mapped[int] = mapped_column(Integer)
    times: Mapped[int] = mapped_column(Integer)
