"""Reading channel files: everything that is wrong with all of them, each as `file:line: field: message; remedy`."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shorts_pipeline.channels.file import ChannelFile, FieldPath
from shorts_pipeline.channels.yaml_lines import MOST_BYTES, Tree, parse
from shorts_pipeline.database.documents.secrets import holds_token
from shorts_pipeline.errors import ConfigurationError

_KINDS: Final = {
    "int_type": "must be a whole number, e.g. 3",
    "float_type": "must be a number, e.g. 0.7",
    "bool_type": "must be true or false",
    "string_type": "must be text; put it in quotes if it looks like a number",
    "tuple_type": "must be a list; write [a, b] or one item a line after a hyphen",
    "mapping_type": "must hold keys and values; write them below it, indented",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "dict_type": "must hold keys and values; write them below it, indented",
    "model_type": "must hold keys and values; write them below it, indented",
}
# What must be there, so that the checks that need a whole file run in spite of a gap.
_STAND_INS: Final[Mapping[str, Any]] = {
    "slug": "x",
    "name": "x",
    "voice_id": "x",
    "url": "https://x.example",
    "persona": {"name": "x", "voice_id": "x"},
    "connection": {"url": "https://x.example"},
}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, and where."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field + ': ' if self.field else ''}{self.message}"


class ChannelFileError(ConfigurationError):
    """Files that cannot be applied; `problems` has every one of their faults."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class ReadFile:
    """A valid channel file and where in it everything stands."""

    path: str
    channel: ChannelFile
    tree: Tree

    def problem(self, field: FieldPath, message: str) -> Problem:
        """A fault of this file at `field`."""
        return Problem(self.path, self.tree.line(field), dotted(field), message)


def read_channel_files(paths: Sequence[Path]) -> list[ReadFile]:
    """Read and check every file; raises `ChannelFileError` with all faults of all files."""
    read: list[ReadFile] = []
    problems: list[Problem] = []
    for path in paths:
        tree = _tree(path)
        channel, faults = check(tree)
        problems += [Problem(str(path), line, dotted(field), message) for line, field, message in faults]
        if channel is not None and not faults:
            read.append(ReadFile(str(path), channel, tree))
    problems += _between(read)
    if problems:
        raise ChannelFileError(problems)
    return read


def check(tree: Tree) -> tuple[ChannelFile | None, list[tuple[int, FieldPath, str]]]:
    """The channel of a parsed file, and every fault as (line, field, message)."""
    problems = list(tree.problems)
    if tree.data is None:
        return None, problems
    broken = {path for _, path, _ in problems}
    faults = dict(_tokens(tree.data, ()))
    channel, errors = _validate(tree.data, broken)
    for field, message in errors:
        faults.setdefault(field, message)
    problems += [(tree.line(field), field, message) for field, message in faults.items() if field not in broken]
    return channel, problems


def dotted(field: FieldPath) -> str:
    """operation_config.review, sources[0].name"""
    text = ""
    for part in field:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _tree(path: Path) -> Tree:
    try:
        with path.open("rb") as file:
            return parse(file.read(MOST_BYTES + 1))
    except OSError as error:
        return Tree(problems=[(1, (), f"cannot be read ({error.strerror}); check the path and its rights")])


def _validate(data: dict[str, Any], broken: set[FieldPath]) -> tuple[ChannelFile | None, list[tuple[FieldPath, str]]]:
    """Validate again without what is wrong until nothing new is found: checks over several fields come last."""
    found: list[tuple[FieldPath, str]] = []
    removed = set(broken)
    missing: dict[FieldPath, dict[str, Any]] = {}
    while True:
        origin: dict[FieldPath, FieldPath] = {}
        try:
            channel = ChannelFile.model_validate(_Pruned(removed, missing, origin).of(data, (), ()))
        except ValidationError as error:
            faults = [_fault(detail, origin) for detail in error.errors(include_url=False, include_input=False)]
            found += [(f.field, f.message) for f in faults if not any(_within(removed, cause) for cause in f.causes)]
            if not _take_out(faults, removed, missing):
                return None, found
        else:
            found += [(field, message) for field, message in channel.conflicts() if not _within(removed, field[:2])]
            return channel, found


@dataclass(frozen=True)
class _Fault:
    """An error of pydantic in the file's own terms; it is an aftermath if one of its causes was taken out."""

    field: FieldPath
    message: str
    causes: tuple[FieldPath, ...]
    missing: bool = False


def _fault(detail: ErrorDetails, origin: Mapping[FieldPath, FieldPath]) -> _Fault:
    # pydantic marks a bad key of a mapping with `[key]`: the key itself is the place.
    field = _original(tuple(part for part in detail["loc"] if part != "[key]"), origin)
    if detail["type"] != "conflict":
        return _Fault(field, _message(field, detail), (field,), missing=detail["type"] == "missing")
    causes = tuple((*field, name) for name in detail["ctx"]["fields"])
    return _Fault(causes[0], detail["ctx"]["message"], causes)


def _within(removed: set[FieldPath], field: FieldPath) -> bool:
    return any(gone[: len(field)] == field for gone in removed)


def _take_out(faults: Sequence[_Fault], removed: set[FieldPath], missing: dict[FieldPath, dict[str, Any]]) -> bool:
    """Plan the next pruning; False when there is nothing left to take out or to put in."""
    before = len(removed), sum(map(len, missing.values()))
    for fault in faults:
        if not fault.field:
            return False
        if fault.missing and fault.field[-1] in _STAND_INS:
            missing.setdefault(fault.field[:-1], {})[str(fault.field[-1])] = _STAND_INS[str(fault.field[-1])]
        elif fault.field in removed:  # The default is no better: what is around it goes.
            removed.add(fault.field[:-1])
        removed.add(fault.field)
    return before != (len(removed), sum(map(len, missing.values())))


@dataclass(frozen=True)
class _Pruned:
    """A file's data without what is wrong, with stand-ins for what must be there.

    `origin` tells where an item of a list stood before others were taken out.
    """

    removed: set[FieldPath]
    missing: Mapping[FieldPath, Mapping[str, Any]]
    origin: dict[FieldPath, FieldPath]

    def of(self, data: Any, path: FieldPath, now: FieldPath) -> Any:
        """The pruned copy of what stood at `path` and now stands at `now`."""
        self.origin[now] = path
        if isinstance(data, dict):
            kept = [key for key in data if (*path, key) not in self.removed]
            rest = {key: self.of(data[key], (*path, key), (*now, key)) for key in kept}
            return {**rest, **self.missing.get(path, {})}
        if isinstance(data, list):
            places = [index for index in range(len(data)) if (*path, index) not in self.removed]
            return [self.of(data[old], (*path, old), (*now, new)) for new, old in enumerate(places)]
        return data


def _original(field: FieldPath, origin: Mapping[FieldPath, FieldPath]) -> FieldPath:
    """Where `field` of the pruned data stood in the file."""
    rest: FieldPath = ()
    while field not in origin:
        field, rest = field[:-1], (field[-1], *rest)
    return origin[field] + rest


def _message(field: FieldPath, detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    model, name = _model_at(field[:-1]), str(field[-1]) if field else ""
    described = model.model_fields[name].description if model and name in model.model_fields else None
    if kind == "missing":
        return f"is missing; add it: {described[0].lower()}{described[1:]}" if described else "is missing; add it"
    if kind == "extra_forbidden":
        return _unknown_key(name, model)
    if kind in ("literal_error", "enum"):
        return f"unknown value; write one of {context['expected'].replace(' or ', ', ')}"
    if kind == "value_error":
        return str(context["error"])
    message = _KINDS.get(kind) or detail["msg"].replace("Input should", "must").replace("String should", "must")
    return f"{message}; {described[0].lower()}{described[1:]}" if described else message


def _unknown_key(name: str, model: type[BaseModel] | None) -> str:
    keys = list(model.model_fields) if model else []
    near = difflib.get_close_matches(name, keys, n=1, cutoff=0.6)
    return f"unknown key; write {near[0]}" if near else f"unknown key; known here: {', '.join(sorted(keys))}"


def _model_at(field: FieldPath) -> type[BaseModel] | None:
    """The model whose keys stand at `field`, looked up through lists and mappings."""
    current: Any = ChannelFile
    for part in field:
        if isinstance(current, type) and issubclass(current, BaseModel):
            info = current.model_fields.get(str(part))
            current = info.annotation if info else None
        else:
            current = _inner(current)
        current = _model_in(current)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _inner(annotation: Any) -> Any:
    """What a list or mapping holds."""
    arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    return arguments[-1] if arguments else None


def _model_in(annotation: Any) -> Any:
    """The one model of `Model | None`; anything else as it is."""
    models = [a for a in get_args(annotation) if isinstance(a, type) and issubclass(a, BaseModel)]
    optional = type(None) in get_args(annotation)
    return models[0] if optional and models else annotation


def _tokens(data: Any, path: FieldPath) -> Iterator[tuple[FieldPath, str]]:
    """Every text that holds a secret, wherever it stands."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _tokens(value, (*path, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from _tokens(item, (*path, index))
    elif isinstance(data, str) and holds_token(data):
        yield path, "holds what looks like a secret; keep it in the environment and write only its name"


def _between(files: Sequence[ReadFile]) -> Iterator[Problem]:
    """What only shows across files: one slug or YouTube channel twice, a source declared in two ways."""
    slugs: dict[str, str] = {}
    youtube: dict[str, str] = {}
    sources: dict[str, tuple[str, Any]] = {}
    for file in files:
        channel = file.channel
        if (other := slugs.setdefault(channel.slug, file.path)) != file.path:
            yield file.problem(("slug",), f"{channel.slug} is the slug of {other} too; choose another")
        if channel.youtube_channel_id and (
            (other := youtube.setdefault(channel.youtube_channel_id, file.path)) != file.path
        ):
            yield file.problem(("youtube_channel_id",), f"is the channel of {other} too; one file a channel")
        for index, source in enumerate(channel.sources):
            where, first = sources.setdefault(source.name, (file.path, source))
            if first != source:
                keys = ", ".join(
                    key for key in type(source).model_fields if getattr(first, key) != getattr(source, key)
                )
                message = f"{source.name} is declared differently in {where} ({keys}); make both the same"
                yield file.problem(("sources", index), message)
