"""content_chunks: parts of past scripts; the vector store points back to them."""

from uuid import UUID

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.enums import ChunkPosition
from shorts_pipeline.database.types import boolean_column, cascade, strings_column, word_column


class ContentChunk(UUIDMixin, TimestampMixin, Base):
    """A hook, a conclusion or a piece of the body, and what kind of thing it says."""

    __tablename__ = "content_chunks"
    __table_args__ = (
        Index("idx_chunk_channel", "channel_id"),
        Index("idx_chunk_script", "script_id"),
        # Without a pending list: a search would read through it.
        Index("idx_chunk_tokens", "tokens", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        UniqueConstraint("script_id", "chunk_index"),
    )

    script_id: Mapped[UUID] = mapped_column(cascade("scripts.id"))
    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"))
    chunk_index: Mapped[int] = mapped_column(Integer)
    chunk_text: Mapped[str] = mapped_column(Text)
    chunk_position: Mapped[ChunkPosition] = word_column(ChunkPosition, ChunkPosition.BODY)
    is_opinion: Mapped[bool] = boolean_column(False)
    is_example: Mapped[bool] = boolean_column(False)
    is_analogy: Mapped[bool] = boolean_column(False)
    keywords: Mapped[list[str]] = strings_column()
    # Its content words as a search asks for them, each as often as it stands there; none until they are known.
    tokens: Mapped[list[str] | None] = mapped_column(ARRAY(String))
    vector_id: Mapped[str | None] = mapped_column(String(100))
