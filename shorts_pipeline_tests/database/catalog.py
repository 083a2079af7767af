"""What a live PostgreSQL database says about itself: tables, columns, indexes, keys, checks and enums of `public`.

Types and defaults are written the short way of docs/data-model.md: `varchar(100)`, `timestamptz`, `active`.
"""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, text

SHORT_TYPES = {
    "character varying": "varchar",
    "timestamp with time zone": "timestamptz",
    "double precision": "float8",
}


@dataclass(frozen=True, order=True)
class Column:
    """One column as the document shows it; `references` is `table ON DELETE rule` or empty."""

    table: str
    name: str
    type: str
    null: str
    default: str
    references: str


@dataclass(frozen=True, order=True)
class Index:
    """One index; `columns` in order, comma-separated."""

    table: str
    name: str
    columns: str
    unique: str


@dataclass(frozen=True)
class Catalog:
    """Everything that is compared."""

    columns: frozenset[Column]
    indexes: frozenset[Index]
    keys: dict[str, tuple[str, ...]]
    checks: dict[str, str]
    enums: dict[str, tuple[str, ...]]

    @property
    def tables(self) -> set[str]:
        return {column.table for column in self.columns}


_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
ORDER BY c.relname, a.attnum
"""
_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]),
       confrelid::regclass::text, confdeltype, cardinality(conkey)
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""
_INDEXES = """
SELECT i.indrelid::regclass::text, x.relname, i.indisunique, i.indisprimary,
       ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, true) FROM generate_series(1, i.indnkeyatts) n ORDER BY n)
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
WHERE x.relnamespace = 'public'::regnamespace AND i.indrelid::regclass::text <> 'alembic_version'
"""
_CHECKS = """
SELECT conname, pg_get_constraintdef(oid, true) AS definition FROM pg_constraint
WHERE contype = 'c' AND connamespace = 'public'::regnamespace
"""
_ENUMS = """
SELECT t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.typname
"""
_DELETE_RULES = {"c": "CASCADE", "r": "RESTRICT", "n": "SET NULL", "a": "NO ACTION"}


def read(connection: Connection) -> Catalog:
    """The catalog of the database behind `connection`."""
    references = {
        (table, column): f"{target} {_DELETE_RULES[rule]}"
        for table, column, target, rule, width in connection.execute(text(_FOREIGN_KEYS))
        if width == 1
    }
    columns = frozenset(
        Column(
            table,
            name,
            short_type(kind),
            "" if not_null else "null",
            short_default(default),
            references.get((table, name), ""),
        )
        for table, name, kind, not_null, default in connection.execute(text(_COLUMNS))
    )
    rows = connection.execute(text(_INDEXES)).all()
    return Catalog(
        columns=columns,
        indexes=frozenset(
            Index(table, name, ", ".join(names).replace('"', ""), "unique" if unique else "")
            for table, name, unique, primary, names in rows
            if not primary
        ),
        keys={table: tuple(names) for table, _, _, primary, names in rows if primary},
        checks={row.conname: row.definition for row in connection.execute(text(_CHECKS))},
        enums={name: tuple(values) for name, values in connection.execute(text(_ENUMS))},
    )


def short_type(kind: str) -> str:
    """`character varying(100)` → `varchar(100)`."""
    for long, short in SHORT_TYPES.items():
        kind = kind.replace(long, short)
    return kind


def short_default(expression: str | None) -> str:
    """`'active'::channel_status` → `active`; no default and an empty string stay apart."""
    if expression is None:
        return ""
    literal = re.fullmatch(r"'(.*)'::.+|\((.*)\)::.+", expression)
    value = expression if literal is None else (literal[1] if literal[1] is not None else literal[2])
    return value or "''"
