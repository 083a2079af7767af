"""Column types and the few column shapes that many tables repeat.

`Document` is a JSONB column that is a pydantic model; `UtcDateTime` a timestamp that knows its zone;
`enum_type` a PostgreSQL enum of values, `Word` a short string from a closed list.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    Enum,
    Float,
    ForeignKey,
    Integer,
    String,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import MappedColumn, mapped_column
from typing_extensions import override

M = TypeVar("M", bound=BaseModel)
E = TypeVar("E", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """`timestamptz` that takes only aware datetimes and gives them back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a timestamp needs a time zone: {value.isoformat()} has none")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Document(TypeDecorator[M], Generic[M]):
    """JSONB holding one pydantic model: validated on every write, returned as the model.

    Only what was set is stored, so that a changed default reaches the rows that never chose a value.
    """

    impl = JSONB(none_as_null=True)
    cache_ok = True

    def __init__(self, model: type[M]) -> None:
        super().__init__()
        self.model = model

    def validated(self, value: Any) -> M | None:
        """`value` (the model or a mapping) as the model; raises pydantic's `ValidationError`."""
        if value is None or isinstance(value, self.model):
            return value
        return self.model.model_validate(value)

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        document = self.validated(value)
        return None if document is None else document.model_dump(mode="json", exclude_unset=True)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> M | None:
        return self.validated(value)


class Word(TypeDecorator[E], Generic[E]):
    """VARCHAR holding one value of a `StrEnum`: a closed list that grows without a migration."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[E], length: int = 20) -> None:
        super().__init__(length)
        self.words = words

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.words(value)


def enum_type(values: type[StrEnum], name: str) -> Enum:
    """A PostgreSQL enum type called `name` that stores the members' values, not their names."""
    return Enum(values, name=name, values_callable=lambda members: [member.value for member in members])


def enum_column(values: type[StrEnum], name: str, default: StrEnum | None = None) -> MappedColumn[Any]:
    """A not-null enum column, with its default here and on the server."""
    if default is None:
        return mapped_column(enum_type(values, name))
    return mapped_column(enum_type(values, name), default=default, server_default=default.value)


def word_column(words: type[StrEnum], default: StrEnum | None = None, length: int = 20) -> MappedColumn[Any]:
    """A not-null `Word` column, with its default here and on the server."""
    if default is None:
        return mapped_column(Word(words, length))
    return mapped_column(Word(words, length), default=default, server_default=default.value)


def document_column(model: type[BaseModel]) -> MappedColumn[Any]:
    """A not-null `Document` column that is `{}`, the model's defaults, until something is chosen."""
    return mapped_column(Document(model), default=model, server_default=text("'{}'::jsonb"))


def json_column(default: Callable[[], Any] = dict) -> MappedColumn[Any]:
    """A not-null JSONB column: `{}` or, with `default=list`, `[]`. Assign a new value, never change one in place."""
    empty = "'[]'::jsonb" if default is list else "'{}'::jsonb"
    return mapped_column(JSONB(none_as_null=True), default=default, server_default=text(empty))


def strings_column() -> MappedColumn[Any]:
    """A not-null array of strings, empty unless given. Assign a new list, never change one in place."""
    return mapped_column(ARRAY(String), default=list, server_default=text("'{}'::character varying[]"))


def keys_column() -> MappedColumn[Any]:
    """A not-null array of 64-bit hashes, for a GIN index. Assign a new list, never change one in place."""
    return mapped_column(ARRAY(BigInteger), default=list, server_default=text("'{}'::bigint[]"))


def counter_column() -> MappedColumn[Any]:
    """A not-null BIGINT that starts at 0: views pass 2^31."""
    return mapped_column(BigInteger, default=0, server_default=text("0"))


def integer_column(default: int) -> MappedColumn[Any]:
    """A not-null integer with its default here and on the server."""
    return mapped_column(Integer, default=default, server_default=text(str(default)))


def float_column(default: float) -> MappedColumn[Any]:
    """A not-null double with its default here and on the server."""
    return mapped_column(Float, default=default, server_default=text(str(default)))


def boolean_column(default: bool) -> MappedColumn[Any]:
    """A not-null boolean with its default here and on the server."""
    return mapped_column(Boolean, default=default, server_default=text("true" if default else "false"))


def string_column(length: int, default: str) -> MappedColumn[Any]:
    """A not-null string with its default here and on the server."""
    return mapped_column(String(length), default=default, server_default=default)


def cascade(target: str) -> ForeignKey:
    """A row that goes with the one it points to."""
    return ForeignKey(target, ondelete="CASCADE")


def restrict(target: str) -> ForeignKey:
    """History: the row pointed to cannot be deleted while this one stands."""
    return ForeignKey(target, ondelete="RESTRICT")


def set_null(target: str) -> ForeignKey:
    """A link that is forgotten when the row pointed to goes."""
    return ForeignKey(target, ondelete="SET NULL")
