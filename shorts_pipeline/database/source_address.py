"""source_addresses: what each address of a source answered last, where a source asks several."""

from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin
from shorts_pipeline.database.types import boolean_column, cascade


class SourceAddress(TimestampMixin, Base):
    """The state of one address with its {places} filled. A source without places has it in `source_state`."""

    __tablename__ = "source_addresses"

    source_id: Mapped[UUID] = mapped_column(cascade("sources.id"), primary_key=True)
    address: Mapped[str] = mapped_column(Text, primary_key=True)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    moved_to: Mapped[str | None] = mapped_column(Text)
    gone: Mapped[bool] = boolean_column(False)
