"""What every table shares: the declarative base, one naming convention, identity, timestamps.

No columns of a single table here.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import MetaData, event, func, text
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column

from shorts_pipeline.database.types import Document, UtcDateTime

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every mapped class."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime()}
    # RETURNING brings server-made values back at once: a row read after its transaction is complete.
    __mapper_args__: Any = {"eager_defaults": True}  # noqa: RUF012


class UUIDMixin:
    """A UUID primary key, made here or, for a plain SQL insert, by the server."""

    id: Mapped[UUID] = mapped_column(
        primary_key=True, default=uuid4, server_default=text("gen_random_uuid()"), sort_order=-1
    )


class TimestampMixin:
    """When the row was made and last changed, by the database's clock."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now(), sort_order=1)


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _validate_documents_when_set(_owner: type[Base], _key: str, attribute: InstrumentedAttribute[Any]) -> None:
    """A document column holds its model from the moment it is set, not only after the next load."""
    column_type = getattr(getattr(attribute, "property", None), "columns", [None])[0]
    kind = getattr(column_type, "type", None)
    if isinstance(kind, Document):

        def validate(_target: object, value: Any, _old: Any, _initiator: Any) -> Any:
            return kind.validated(value)

        event.listen(attribute, "set", validate, retval=True)
