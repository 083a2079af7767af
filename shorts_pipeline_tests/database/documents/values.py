"""Any valid document, drawn from the model itself: kinds of values by their names in fields.py."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from hypothesis import strategies as st
from pydantic import BaseModel, StringConstraints, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

SAMPLES = {
    r"^[a-z]{2}$": ["ko", "en"],
    r"^#[0-9A-Fa-f]{6}$": ["#000000", "#FFd54a"],
    r"^[0-9]{1,10}$": ["28", "27"],
    r"^[A-Z]{2}$": ["KR", "US"],
    r"^[a-z][a-z0-9_]*$": ["board", "query_1"],
}
ODD = [
    "한국어",
    "🙂",
    "a",
    "it's",
    "a: b",
    "%{x}",
    "Asia/Seoul",
    "UTC",
    "NAME_OF_A_SECRET",
    "https://x.example/{board}",
]


@cache
def documents_of(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Valid instances of `model`, with any subset of its keys set."""

    def build(values: dict[str, Any]) -> Any:
        try:
            return model.model_validate(values)
        except ValidationError:
            return None  # A check over several fields: draw again.

    required = {name: _field(info) for name, info in model.model_fields.items() if info.is_required()}
    optional = {name: _field(info) for name, info in model.model_fields.items() if not info.is_required()}
    return st.fixed_dictionaries(required, optional=optional).map(build).filter(lambda made: made is not None)


def _field(info: FieldInfo) -> st.SearchStrategy[Any]:
    return _values(Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation)


def _values(kind: Any) -> st.SearchStrategy[Any]:
    """Values that `kind` accepts; what a validator refuses is drawn again."""
    adapter = TypeAdapter(kind)
    return _raw(kind, ()).filter(lambda value: _accepts(adapter, value))


def _accepts(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


def _raw(kind: Any, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _raw(arguments[0], limits + _flat(arguments[1:]))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return documents_of(kind)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(_values(arguments[0]), min_size=_limit(limits, MinLen, "min_length", 0), max_size=3)
    if origin is Mapping or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return st.dictionaries(_values(arguments[0]), _values(arguments[1]), max_size=2)
    if arguments:
        return st.one_of([_values(argument) for argument in arguments])
    return _plain(kind, limits)


def _plain(kind: Any, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if kind is type(None):
        return st.none()
    if kind is bool:
        return st.booleans()
    least = _limit(limits, Ge, "ge", _limit(limits, Gt, "gt", 0))
    most = _limit(limits, Le, "le", _limit(limits, Lt, "lt", 1_000_000))
    if kind is int:
        return st.integers(least, most)
    if kind is float:
        return st.floats(least, most, allow_nan=False)
    pattern = next((one.pattern for one in limits if isinstance(one, StringConstraints) and one.pattern), None)
    if pattern:
        return st.sampled_from(SAMPLES[str(pattern)])
    longest = min(_limit(limits, MaxLen, "max_length", 20), 20)
    return st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=longest)


def _flat(limits: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(one for limit in limits for one in (limit.metadata if isinstance(limit, FieldInfo) else [limit]))


def _limit(limits: tuple[Any, ...], kind: type, name: str, otherwise: Any) -> Any:
    return next((getattr(limit, name) for limit in limits if isinstance(limit, kind)), otherwise)
