"""Vectors in PostgreSQL: a table per collection and model, in the schema `vectors`, made at run time.

Outside Alembic: the tables hold nothing that cannot be embedded again.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shorts_pipeline.resources.vectors.store import (
    EVERYTHING,
    EXACT_UP_TO,
    Asked,
    Hit,
    NotEnsured,
    Point,
    Where,
    stored_name,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEMA = "vectors"
# Room for the points of a small channel: they are compared with every question.
EXACT_MEMORY = "64MB"
# A channel with this share of a collection is searched for one vector through the index, unless its points are few:
# the index comes upon them soon. Many vectors at once are worth an exact search.
MAIN_SHARE, ANY_SHARE, FEW = 0.2, inf, 3_000
# Of these the index finds several filters' points at once: as many as it looks at anyway.
NEAREST_OF_ALL = 100
# What pgvector takes at most.
MOST_EF_SEARCH = 1_000
LEAST_EF_SEARCH = 100
LOCK = 7_210_433  # any number that nothing else in the database uses


class PgVectorStore:
    """A `VectorStore` on PostgreSQL with pgvector ≥ 0.8 (iterative index scans)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # What only reads needs no transaction: each would be two questions more.
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._tables: dict[str, str] = {}
        self._large: set[tuple[str, UUID, float]] = set()

    def ensure(self, collection: str, *, model: str, dimension: int) -> None:
        table = stored_name(_identifier(collection), model)
        if self._tables.get(collection) == table:
            return
        with self._engine.begin() as connection:
            # CREATE … IF NOT EXISTS is not safe against itself; the lock is.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            exists = connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"{SCHEMA}.{table}"})
            if exists is None:
                _create(connection, table, collection, model, int(dimension))
        self._tables[collection] = table

    def upsert(self, collection: str, points: Sequence[Point]) -> None:
        table = self._table(collection)
        statement = text(
            f"INSERT INTO {table} (id, channel_id, at, payload, embedding)"
            " VALUES (:id, :channel_id, :at, CAST(:payload AS jsonb), CAST(:embedding AS vector))"
            " ON CONFLICT (id) DO UPDATE SET channel_id = excluded.channel_id, at = excluded.at,"
            " payload = excluded.payload, embedding = excluded.embedding"
        )
        rows = [
            {
                "id": point.id,
                "channel_id": point.channel_id,
                "at": point.at,
                "payload": json.dumps(dict(point.payload)),
                "embedding": _literal(point.vector),
            }
            for point in sorted(points, key=lambda point: point.id)
        ]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(statement, rows)

    def search(
        self,
        collection: str,
        vector: Sequence[float],
        *,
        channel_id: UUID,
        limit: int,
        where: Where = EVERYTHING,
    ) -> list[Hit]:
        return self.search_each(collection, vector, channel_id=channel_id, asked=[Asked(limit, where)])[0]

    def search_many(
        self,
        collection: str,
        vectors: Sequence[Sequence[float]],
        *,
        channel_id: UUID,
        limit: int,
        where: Where = EVERYTHING,
    ) -> list[list[Hit]]:
        if not vectors:
            return []
        table = self._table(collection)
        condition, parameters = _condition(where)
        parameters |= {
            "channel_id": channel_id,
            "questions": [_literal(vector) for vector in vectors],
            "limit": limit,
        }
        own = f"SELECT id, payload, embedding FROM {table} WHERE channel_id = :channel_id{condition}"
        hits: list[list[Hit]] = [[] for _ in vectors]
        with self._engine.begin() as connection:
            if self._is_small(connection, table, channel_id, ANY_SHARE):
                # MATERIALIZED keeps the planner from the index, which a channel filter starves.
                connection.execute(text(f"SET LOCAL work_mem = '{EXACT_MEMORY}'"))
                statement = f"WITH own AS MATERIALIZED ({own}) {_nearest('SELECT * FROM own')}, near.id"
            else:
                _search_thoroughly(connection, limit)
                statement = _nearest(own)
            for row in connection.execute(text(statement), parameters):
                hits[row.number - 1].append(Hit(id=row.id, score=1.0 - row.distance, payload=row.payload))
        return hits

    def search_each(
        self, collection: str, vector: Sequence[float], *, channel_id: UUID, asked: Sequence[Asked]
    ) -> list[list[Hit]]:
        if not asked:
            return []
        table = self._table(collection)
        parameters: dict[str, object] = {"channel_id": channel_id, "question": _literal(vector)}
        hits: list[list[Hit]] = [[] for _ in asked]
        with self._reading.connect() as connection:
            exact = self._is_small(connection, table, channel_id, MAIN_SHARE)
            if not exact:
                _search_thoroughly(connection, max(each.limit for each in asked))
            # What the nearest of all do not hold enough of is looked for alone.
            todo = list(range(len(asked)))
            for among in (None,) if exact else (NEAREST_OF_ALL, 0):
                statement = _each_nearest(table, {n: asked[n] for n in todo}, parameters, among)
                found: dict[int, list[Hit]] = {number: [] for number in todo}
                for row in connection.execute(text(statement), parameters):
                    found[row.number].append(Hit(id=row.id, score=1.0 - row.distance, payload=row.payload))
                hits = [found.get(number, own) for number, own in enumerate(hits)]
                todo = [number for number in todo if len(hits[number]) < asked[number].limit]
                if not todo:
                    break
        return hits

    def vectors(self, collection: str, ids: Collection[UUID]) -> "dict[UUID, NDArray[np.float32]]":
        import numpy as np

        # As pgvector sends them: two numbers of two bytes, then the values. Lists of numbers take ten times as long.
        statement = text(
            f"SELECT id, vector_send(embedding) AS sent FROM {self._table(collection)} WHERE id = ANY(:ids)"
        )
        with self._reading.connect() as connection:
            rows = connection.execute(statement, {"ids": list(ids)}).all()
        return {row.id: np.frombuffer(row.sent, dtype=">f4", offset=4).astype(np.float32) for row in rows}

    def missing(self, collection: str, ids: Collection[UUID]) -> set[UUID]:
        statement = text(f"SELECT id FROM {self._table(collection)} WHERE id = ANY(:ids)")
        with self._reading.connect() as connection:
            return set(ids) - set(connection.scalars(statement, {"ids": list(ids)}))

    def delete(self, collection: str, ids: Collection[UUID]) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                text(f"DELETE FROM {self._table(collection)} WHERE id = ANY(:ids)"),
                {"ids": list(ids)},
            )

    def drop_before(self, collection: str, at: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {self._table(collection)} WHERE at < :at"), {"at": at})

    def count(self, collection: str, channel_id: UUID | None = None) -> int:
        condition = "" if channel_id is None else " WHERE channel_id = :channel_id"
        statement = text(f"SELECT count(*) FROM {self._table(collection)}{condition}")
        with self._reading.connect() as connection:
            return connection.scalar(statement, {"channel_id": channel_id} if condition else {}) or 0

    def _table(self, collection: str) -> str:
        try:
            return f"{SCHEMA}.{self._tables[collection]}"
        except KeyError:
            raise NotEnsured(f"collection {collection}: call ensure() with the model before using it") from None

    def _is_small(self, connection: Connection, table: str, channel_id: UUID, share: float) -> bool:
        """Whether to compare all of the channel's points: they are few, and less than a share of the collection.

        One found to be large is not counted again: should it shrink, the index still finds what is there.
        """
        if (table, channel_id, share) in self._large:
            return False
        own, total = connection.execute(
            text(
                f"SELECT count(*), (SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name))"
                f" FROM (SELECT 1 FROM {table} WHERE channel_id = :channel_id LIMIT :most) AS own"
            ),
            {"channel_id": channel_id, "most": EXACT_UP_TO + 1, "name": table},
        ).one()
        # What the planner knows of the table; -1 before its first ANALYZE.
        large = own > EXACT_UP_TO or (own > FEW and total > 0 and own > share * total)
        if large:
            self._large.add((table, channel_id, share))
        return not large


def _create(connection: Connection, table: str, collection: str, model: str, dimension: int) -> None:
    for statement in (
        "CREATE EXTENSION IF NOT EXISTS vector",
        f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
        f"CREATE TABLE {SCHEMA}.{table} (id uuid PRIMARY KEY, channel_id uuid NOT NULL, at timestamptz NOT NULL,"
        f" payload jsonb NOT NULL, embedding vector({dimension}) NOT NULL)",
        f"CREATE INDEX ON {SCHEMA}.{table} (channel_id)",
        f"CREATE INDEX ON {SCHEMA}.{table} (at)",
        f"CREATE INDEX ON {SCHEMA}.{table} USING hnsw (embedding vector_cosine_ops)",
    ):
        connection.execute(text(statement))
    described = json.dumps({"collection": collection, "model": model, "dimension": dimension})
    connection.execute(text(f"COMMENT ON TABLE {SCHEMA}.{table} IS {_quoted(described)}"))


def _nearest(points: str) -> str:
    """The statement that finds, for each of the questions, the nearest of these points."""
    return (
        "SELECT asked.number, near.id, near.payload, near.distance"
        " FROM unnest(CAST(:questions AS vector[])) WITH ORDINALITY AS asked (vector, number)"
        " CROSS JOIN LATERAL (SELECT points.id, points.payload, points.embedding <=> asked.vector AS distance"
        f" FROM ({points}) AS points ORDER BY points.embedding <=> asked.vector LIMIT :limit) AS near"
        " ORDER BY asked.number, near.distance"
    )


def _each_nearest(
    table: str, asked: Mapping[int, Asked], parameters: dict[str, object], among: int | None = None
) -> str:
    """The statement that finds the nearest points for each that is asked; its parameters are added.

    `among`: of so many that are nearest of all, found through the index once; 0: each through the index by itself;
    None: of all the channel's points, compared once. MATERIALIZED keeps the planner from the index there, which a
    channel filter starves.
    """
    compared = (
        f"SELECT id, at, payload, embedding <=> CAST(:question AS vector) AS distance FROM {table}"
        " WHERE channel_id = :channel_id"
    )
    parts = []
    for number, each in asked.items():
        condition, own = _condition(each.where, prefix=f"q{number}_")
        parameters |= own | {f"limit{number}": each.limit}
        points = f"({compared}{condition}) AS near" if among == 0 else f"near WHERE true{condition}"
        parts.append(
            f"(SELECT {number} AS number, id, payload, distance FROM {points} ORDER BY distance LIMIT :limit{number})"
        )
    nearest = f"{compared} ORDER BY distance LIMIT {among}" if among else compared
    shared = "" if among == 0 else f"WITH near AS MATERIALIZED ({nearest}) "
    return f"{shared}SELECT * FROM ({' UNION ALL '.join(parts)}) AS found ORDER BY number, distance, id"


def _condition(where: Where, prefix: str = "") -> tuple[str, dict[str, object]]:
    condition, parameters = "", dict[str, object]()
    if where.equals:
        condition += f" AND payload @> CAST(:{prefix}equals AS jsonb)"
        parameters[f"{prefix}equals"] = json.dumps(dict(where.equals))
    for number, (key, least) in enumerate(sorted(where.at_least.items())):
        condition += f" AND (payload ->> :{prefix}key{number})::float8 >= :{prefix}least{number}"
        parameters |= {f"{prefix}key{number}": key, f"{prefix}least{number}": least}
    if where.since is not None:
        condition += f" AND at >= :{prefix}since"
        parameters[f"{prefix}since"] = where.since
    return condition, parameters


def _search_thoroughly(connection: Connection, limit: int) -> None:
    """Let searches through the index go on until enough of what they find is the channel's own.

    Set once for a connection, for as many as it was ever asked for: nothing else in the database has these settings.
    """
    ef_search = min(max(LEAST_EF_SEARCH, 4 * limit), MOST_EF_SEARCH)
    if connection.info.get("ef_search", 0) >= ef_search:
        return
    connection.execute(
        text(
            "SELECT set_config('hnsw.iterative_scan', 'strict_order', false),"
            " set_config('hnsw.max_scan_tuples', '200000', false), set_config('hnsw.ef_search', :ef_search, false)"
        ),
        {"ef_search": str(ef_search)},
    )
    connection.info["ef_search"] = ef_search


def _literal(vector: Sequence[float]) -> str:
    return "[" + ",".join(repr(float(value)) for value in vector) + "]"


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", name):
        raise ValueError(f"a collection's name is lower-case letters, digits and _: {name!r} is not")
    return name


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''").replace(":", "\\:") + "'"
