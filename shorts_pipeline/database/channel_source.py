"""channel_sources: which channel reads which source, and how."""

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base
from shorts_pipeline.database.documents import ChannelSourceConfig
from shorts_pipeline.database.types import boolean_column, cascade, document_column, float_column


class ChannelSource(Base):
    """A channel's use of a source."""

    __tablename__ = "channel_sources"
    __table_args__ = (Index(None, "source_id"),)

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"), primary_key=True)
    source_id: Mapped[UUID] = mapped_column(cascade("sources.id"), primary_key=True)
    weight: Mapped[float] = float_column(1.0)
    custom_config: Mapped[ChannelSourceConfig] = document_column(ChannelSourceConfig)
    enabled: Mapped[bool] = boolean_column(True)
