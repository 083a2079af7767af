"""sources: where stories come from; shared by all channels."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.documents import ItemFilters, SourceConnection, SourceParser
from shorts_pipeline.database.enums import SourceRegion, SourceType
from shorts_pipeline.database.types import (
    Document,
    boolean_column,
    document_column,
    enum_column,
    float_column,
    integer_column,
    string_column,
    strings_column,
)

if TYPE_CHECKING:
    from shorts_pipeline.database.channel import Channel


class Source(UUIDMixin, TimestampMixin, Base):
    """A feed, API, page or trend list: how to reach it, read it, and how far to trust it."""

    __tablename__ = "sources"

    name: Mapped[str] = mapped_column(String(100), unique=True)
    type: Mapped[SourceType] = enum_column(SourceType, "source_type")
    region: Mapped[SourceRegion] = enum_column(SourceRegion, "source_region")
    connection_config: Mapped[SourceConnection] = mapped_column(Document(SourceConnection))
    parser_config: Mapped[SourceParser] = document_column(SourceParser)
    default_filters: Mapped[ItemFilters] = document_column(ItemFilters)
    cron_expression: Mapped[str] = string_column(50, "0 */2 * * *")
    timezone: Mapped[str] = string_column(40, "Asia/Seoul")
    rate_limit: Mapped[int] = integer_column(10)
    credibility: Mapped[float] = float_column(5.0)
    categories: Mapped[list[str]] = strings_column()
    language: Mapped[str] = string_column(10, "ko")
    is_active: Mapped[bool] = boolean_column(True)
    last_collected_at: Mapped[datetime | None] = mapped_column()

    channels: Mapped[list["Channel"]] = relationship(
        secondary="channel_sources", back_populates="sources", lazy="raise", passive_deletes=True
    )
