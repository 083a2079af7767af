"""Reads docs/data-model.md: its sections, its tables and its diagram."""

import re
from dataclasses import dataclass
from pathlib import Path

from shorts_pipeline_tests.database.catalog import Catalog, Column, Index

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "data-model.md"


@dataclass(frozen=True)
class Diagram:
    """The ER diagram: key columns by entity, and lines `(target, column's table, column, may be null, one to one)`."""

    entities: dict[str, dict[str, frozenset[str]]]
    lines: frozenset[tuple[str, str, str, bool, bool]]


def section(title: str) -> str:
    """The text under `## title`, up to the next heading of that level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", DOCUMENT.read_text("utf-8"), re.M | re.S)
    assert found, f"docs/data-model.md has no section {title!r}"
    return found[1]


def rows(text: str, first_header: str) -> list[list[str]]:
    """The rows of every table in `text` whose first header cell is `first_header`."""
    result: list[list[str]] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == first_header:
            inside = True
        elif inside and not set(cells[0]) <= {"-"}:
            result.append(cells)
    return result


def described() -> Catalog:
    """What the section "Tables" and "Enum types" say the database is."""
    columns: set[Column] = set()
    indexes: set[Index] = set()
    keys: dict[str, tuple[str, ...]] = {}
    text = section("Tables")
    for table, body in re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", text, re.M | re.S):
        for name, kind, null, default, references, _what in rows(body, "column"):
            columns.add(Column(table, name, kind, null, default.strip("`"), references))
        indexes.update(Index(table, *cells) for cells in rows(body, "index"))
        key = re.search(r"^Primary key: (.+)$", body, re.M)
        keys[table] = tuple(key[1].split(", ")) if key else ()
    return Catalog(
        columns=frozenset(columns),
        indexes=frozenset(indexes),
        keys=keys,
        checks=dict(re.findall(r"^Check `(\w+)`: `(.+)`$", text, re.M)),
        enums={name: words(values) for name, values in rows(section("Enum types"), "type")},
    )


def diagram() -> Diagram:
    """What the ER diagram draws."""
    found = re.search(r"```mermaid\nerDiagram\n(.*?)```", section("Diagram"), re.S)
    assert found, "no erDiagram"
    entities = {
        table: {
            name: frozenset(marks.split(", ")) for name, marks in re.findall(r"^ +\w+(?:\[\])? (\w+) (.+)$", body, re.M)
        }
        for table, body in re.findall(r"^ {4}(\w+) \{\n(.*?)^ {4}\}$", found[1], re.M | re.S)
    }
    lines = re.findall(r"^ {4}(\w+) (\|o|\|\|)--(o\||o\{) (\w+) : (\w+)$", found[1], re.M)
    return Diagram(
        entities=entities,
        lines=frozenset(
            (target, table, column, left == "|o", right == "o|") for target, left, right, table, column in lines
        ),
    )


def words(cell: str) -> tuple[str, ...]:
    """`a`, `b` → ("a", "b")."""
    return tuple(word.strip().strip("`") for word in cell.split(","))
