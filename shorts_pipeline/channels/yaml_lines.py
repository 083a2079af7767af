"""YAML to plain data that remembers on which line everything stood. No models here.

Built on the parser's nodes instead of its loader: the loader stops at the first duplicate key, and gives a
`no` or a date where text was meant.
"""

import math
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

MOST_BYTES: Final = 1_000_000
MOST_NODES: Final = 50_000
"""Aliases multiply: a file of a few lines can name a billion values."""
MOST_DEPTH: Final = 40

Path = tuple[str | int, ...]


@dataclass
class Tree:
    """A file's data; `lines` gives the line (from 1) of every key and item; `problems` are (line, path, message)."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[tuple[int, Path, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(content: bytes) -> Tree:
    """Read one YAML document; what is wrong with it is in `problems`, never raised."""
    tree = Tree()
    if len(content) > MOST_BYTES:
        return _unreadable(tree, 1, f"larger than {MOST_BYTES} bytes; a channel file is a few pages")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _unreadable(tree, content[: error.start].count(b"\n") + 1, "not UTF-8; save the file as UTF-8")
    try:
        root = YAML(typ="safe", pure=True).compose(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        about = " ".join(part for part in (error.context, error.problem) if part)
        return _unreadable(tree, mark.line + 1 if mark else 1, f"not YAML: {about}; mend the line or the one above")
    except ReaderError as error:
        return _unreadable(tree, text[: error.position].count("\n") + 1, "holds a control character; remove it")
    except RecursionError:
        return _unreadable(tree, 1, "nested too deeply; a channel file needs few levels")
    except YAMLError as error:
        return _unreadable(tree, 1, f"not YAML: {error}; mend it")
    if not isinstance(root, MappingNode):
        return _unreadable(tree, 1, "not a channel file; write keys and values, starting with `slug: my-channel`")
    _Walk(tree).root(root)
    return tree


def _unreadable(tree: Tree, line: int, message: str) -> Tree:
    tree.problems.append((line, (), message))
    return tree


class _TooMuch(Exception):
    """More values or levels than a channel file ever has."""


class _Walk:
    """One pass over the nodes of a file."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._seen = 0

    def root(self, node: MappingNode) -> None:
        """Read the whole file into the tree."""
        try:
            self._tree.data = self._value(node, ())
        except _TooMuch:
            self._tree.data = None
            self._problem(node, (), "too many or too deeply nested values; do not repeat with aliases")

    def _value(self, node: Node, path: Path) -> Any:
        self._seen += 1
        if self._seen > MOST_NODES or len(path) > MOST_DEPTH:
            raise _TooMuch
        self._tree.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._problem(key_node, path, "a list or a mapping as a key; write a word")
                continue
            key = str(key_node.value)
            if key in result:
                first = self._tree.lines[(*path, key)]
                self._problem(key_node, (*path, key), f"is there twice, first on line {first}; leave one of them")
                continue
            self._tree.lines[(*path, key)] = key_node.start_mark.line + 1
            result[key] = self._value(value_node, (*path, key))
        return result

    def _scalar(self, node: Node, path: Path) -> Any:
        text, kind = str(node.value), str(node.ctag or "").rpartition(":")[2]
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        try:
            if kind == "int":
                return int(text.replace("_", ""), 0 if text.lstrip("+-")[:2].lower() in ("0x", "0o", "0b") else 10)
            if kind == "float":
                return _finite(float(text.replace("_", "")))
        except ValueError:
            self._problem(node, path, "not a number; write one like 0.7")
            return None
        return text  # Text, dates and times alike: no key of a channel file is a date.

    def _problem(self, node: Node, path: Path, message: str) -> None:
        self._tree.problems.append((node.start_mark.line + 1, path, message))


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number
