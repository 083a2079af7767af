"""Retrieval from a channel's own past: how much of what is nearest is found, and how long it takes as the past grows.

Run: `python bench/retrieve.py [--chunks 100000] [--questions 200] [--runs 3]`

- *recall*: recall@10 of the store's search against an exact one, where half as many points are those of 1, of 100 and
  of 1,000 channels in one store. Channels are of very different size (Zipf), so that both ways of searching are taken:
  comparing all points of a small channel, and the index.
- *p95*: a whole retrieval (four views: vectors, BM25, performing hooks, MMR; the embedding of the question apart) from
  one channel of 10,000 to 100,000 pieces. The curve is printed; the last of it has a target. Each question is asked in
  several runs, and its quickest counts: other work on the machine is not what is measured. Beside it stands the
  processor time of one retrieval, here and in the database.

What is stored is made with a seed. Vectors lie in clusters around a common direction, as those of an embedding model
do. Words follow Zipf and Mandelbrot (weight 1 / (rank + 2.7)), a third of a piece's being those of its cluster. The
store's index is built after the points are there, which takes a fifth of the time.

One JSON line a figure: `name value unit target ok`; 1 is returned when a target is missed.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import psutil
import sqlalchemy as sa
from numpy.typing import NDArray
from topics import services

from shorts_pipeline.database import make_sessions
from shorts_pipeline.database.documents.content_config import RetrievalSettings
from shorts_pipeline.resources.vectors import Point
from shorts_pipeline.resources.vectors.pgvector import PgVectorStore
from shorts_pipeline.scripts.bm25 import recount_words
from shorts_pipeline.scripts.retrieve import COLLECTION, Question, find

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LEAST_RECALL, MOST_MS = 0.95, 30.0
DIMENSION, CLUSTERS, NEAREST = 384, 300, 10
VOCABULARY, MANDELBROT, OF_CLUSTER = 50_000, 2.7, 80
A_SCRIPT = ("hook", "body", "body", "body", "conclusion")
OPINIONS, EXAMPLES, PERFORMERS = 0.15, 0.10, 0.10
QUESTION_WORDS, WARM = 10, 20
SETTINGS = RetrievalSettings()


@dataclass(frozen=True)
class Past:
    """Pieces that were never told: row i of `vectors` and of `words` is piece i."""

    ids: list[UUID]
    vectors: NDArray[np.float32]
    words: list[list[str]]
    flags: NDArray[np.bool_]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.ids)

    def first(self, pieces: int) -> "Past":
        """As it was when there were so many."""
        return Past(self.ids[:pieces], self.vectors[:pieces], self.words[:pieces], self.flags[:pieces])


class World:
    """Where pieces and questions come from: clusters of meaning, each with words of its own."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.common = _unit(self.rng.normal(size=DIMENSION))
        self.centres = _unit(self.rng.normal(size=(CLUSTERS, DIMENSION)))
        weights = 1 / (np.arange(VOCABULARY) + 1 + MANDELBROT)
        self.cumulated = np.cumsum(weights / weights.sum())
        self.own_words = self.rng.integers(0, VOCABULARY, (CLUSTERS, OF_CLUSTER))

    def vectors(self, clusters: NDArray[np.int64]) -> NDArray[np.float32]:
        """One vector of each of these clusters: within one the cosine is about .9, else about .77."""
        noise = self.rng.normal(size=(len(clusters), DIMENSION)) / np.sqrt(DIMENSION)
        return _unit(self.common + 0.45 * self.centres[clusters] + 0.35 * noise).astype(np.float32)

    def words(self, cluster: int, many: int) -> list[str]:
        """So many words of a cluster, common ones often."""
        common = np.minimum(np.searchsorted(self.cumulated, self.rng.random(many)), VOCABULARY - 1)
        place = (OF_CLUSTER * self.rng.random(many) ** 2).astype(int)
        chosen = np.where(self.rng.random(many) < 1 / 3, self.own_words[cluster][place], common)
        return [f"w{number}" for number in chosen]

    def past(self, pieces: int) -> Past:
        """Pieces of as many scripts as they make."""
        clusters = np.repeat(self.rng.integers(0, CLUSTERS, pieces // len(A_SCRIPT) + 1), len(A_SCRIPT))[:pieces]
        lengths = np.maximum(self.rng.poisson(22, pieces), 5)
        words = [self.words(cluster, length) for cluster, length in zip(clusters, lengths, strict=True)]
        ids = [UUID(bytes=self.rng.bytes(16), version=4) for _ in range(pieces)]
        flags = self.rng.random((pieces, 2)) < (OPINIONS, EXAMPLES)
        return Past(ids, self.vectors(clusters), words, flags)

    def questions(self, channel_id: UUID, many: int) -> list[Question]:
        """Stories that might be told next."""
        clusters = self.rng.integers(0, CLUSTERS, many)
        vectors = self.vectors(clusters)
        return [
            Question(channel_id, vector.tolist(), tuple(dict.fromkeys(self.words(cluster, QUESTION_WORDS))))
            for cluster, vector in zip(clusters, vectors, strict=True)
        ]


def stored(engine: sa.Engine, past: Past, channels: Sequence[UUID]) -> PgVectorStore:
    """A store with the points; piece i is of channels[i]."""
    store = PgVectorStore(engine)
    store.ensure(COLLECTION, model="made with a seed", dimension=DIMENSION)
    with _index_afterwards(engine):
        for start in range(0, past.size, 5_000):
            part = range(start, min(start + 5_000, past.size))
            store.upsert(COLLECTION, [_point(past, number, channels[number]) for number in part])
    return store


def _point(past: Past, number: int, channel_id: UUID) -> Point:
    opinion, example = past.flags[number].tolist()
    payload = {
        "script_id": str(_script(past, number)),
        "position": A_SCRIPT[number % len(A_SCRIPT)],
        "is_opinion": opinion,
        "is_example": example,
        "is_analogy": False,
    }
    return Point(past.ids[number], channel_id, past.vectors[number].tolist(), payload, NOW)


def _script(past: Past, number: int) -> UUID:
    return past.ids[number - number % len(A_SCRIPT)]


@contextmanager
def _index_afterwards(engine: sa.Engine) -> Iterator[None]:
    """Without the store's index of nearness; afterwards it is what it was."""
    with engine.begin() as connection:
        found = sa.text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'vectors' AND indexdef ~ 'hnsw'")
        [(name, definition)] = connection.execute(found).all()
        connection.execute(sa.text(f"DROP INDEX vectors.{name}"))
    yield
    with engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL maintenance_work_mem = '512MB'"))
        connection.execute(sa.text(definition))
    _settled(engine)


def _settled(engine: sa.Engine) -> None:
    """As autovacuum leaves tables that are no longer new."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))


def told(engine: sa.Engine, past: Past) -> UUID:
    """A channel that told all of it, a video a script; its id."""
    rng, sessions = np.random.default_rng(7), make_sessions(engine)
    with sessions.begin() as session:
        # No foreign key is looked up: topics and scripts are not needed.
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        channel: UUID = session.scalars(
            sa.text("INSERT INTO channels (name, slug) VALUES ('told', 'told') RETURNING id")
        ).one()
        raw: Any = session.connection().connection.driver_connection
        pieces = [_row(past, number, channel) for number in range(past.size)]
        columns = "id, script_id, channel_id, chunk_index, chunk_text, chunk_position, is_opinion, is_example, tokens"
        _copy(raw, f"content_chunks ({columns})", pieces)
        scripts = past.ids[:: len(A_SCRIPT)]
        _copy(raw, "videos (id, script_id, channel_id, status)", [(id, id, channel, "published") for id in scripts])
        _copy(raw, "uploads (id, video_id, title, upload_status)", [(id, id, "told", "published") for id in scripts])
        performed = rng.random(len(scripts)) < PERFORMERS
        views = (10**5 / (1 + 99 * rng.random(len(scripts)))).astype(int)
        seen = list(zip(scripts, views.tolist(), performed.tolist(), strict=True))
        _copy(raw, "performances (upload_id, views, is_high_performer)", seen)
        recount_words(session, channel)
    _settled(engine)
    return channel


def _row(past: Past, number: int, channel: UUID) -> tuple[Any, ...]:
    place = number % len(A_SCRIPT)
    written = " ".join(past.words[number])
    says = (written, A_SCRIPT[place], *past.flags[number].tolist(), past.words[number])
    return (past.ids[number], _script(past, number), channel, place, *says)


def _copy(raw: Any, into: str, rows: Sequence[Sequence[Any]]) -> None:
    with raw.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def recall(engine: sa.Engine, world: World, past: Past, channels: int, questions: int) -> float:
    """recall@10 of the store where the pieces are those of so many channels, the first of them much the largest."""
    weights = 1 / np.arange(1, channels + 1) ** 1.1
    of_channel = world.rng.choice(channels, past.size, p=weights / weights.sum())
    ids = [UUID(int=number + 1) for number in range(channels)]
    store = stored(engine, past, [ids[number] for number in of_channel])
    # Half the questions are the largest channel's: it may be searched through the index.
    asking = np.where(world.rng.random(questions) < 0.5, 0, world.rng.integers(0, channels, questions))
    found = wanted = 0
    for number, question in zip(asking.tolist(), world.questions(ids[0], questions), strict=True):
        own = np.flatnonzero(of_channel == number)
        nearest = own[np.argsort(-(past.vectors[own] @ np.array(question.vector)), kind="stable")[:NEAREST]]
        hits = store.search(COLLECTION, question.vector, channel_id=ids[number], limit=NEAREST)
        found += len({hit.id for hit in hits} & {past.ids[index] for index in nearest})
        wanted += len(nearest)
    print(f"recall: {channels} channels, the largest of {int((of_channel == 0).sum())}", file=sys.stderr)
    return found / wanted


def milliseconds(engine: sa.Engine, world: World, past: Past, questions: int, runs: int) -> tuple[Any, float]:
    """What each retrieval from one channel took, its quickest run, and the mean of their processor time."""
    channel = told(engine, past)
    store = stored(engine, past, [channel] * past.size)
    sessions = make_sessions(engine)
    with engine.connect() as connection:
        # One connection after another from the pool is always this one.
        server = psutil.Process(connection.scalar(sa.text("SELECT pg_backend_pid()")))
    asked = world.questions(channel, questions)
    for question in asked[:WARM]:
        find(sessions, store, question, SETTINGS)
    taken, used = np.empty((runs, questions)), _processor_ms(server)
    for run in range(runs):
        for number, question in enumerate(asked):
            begin = time.perf_counter()
            found = find(sessions, store, question, SETTINGS)
            taken[run, number] = (time.perf_counter() - begin) * 1e3
            assert len(found) == SETTINGS.chunks, found
    return taken.min(axis=0), (_processor_ms(server) - used) / taken.size


def _processor_ms(server: psutil.Process) -> float:
    of_server = server.cpu_times()
    return (time.process_time() + of_server.user + of_server.system) * 1e3


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def measure(database: Callable[[], sa.Engine], chunks: int, questions: int, runs: int) -> Iterator[dict[str, Any]]:
    """All figures."""
    world = World(1)
    past = world.past(chunks)
    p95, used = {}, {}
    for size in (chunks // 10, chunks // 5, chunks // 2, chunks):
        took, used[str(size)] = milliseconds(database(), world, past.first(size), questions, runs)
        p95[str(size)] = float(np.percentile(took, 95))
        told_ms = f"median {np.median(took):.1f} ms, p95 {p95[str(size)]:.1f} ms, processor {used[str(size)]:.1f} ms"
        print(f"{size} pieces: {told_ms}", file=sys.stderr)
    curves = {"p95_by_pieces": _rounded(p95), "processor_ms_by_pieces": _rounded(used)}
    yield _figure("retrieve_p95", p95[str(chunks)], "ms", MOST_MS, p95[str(chunks)] <= MOST_MS, **curves)
    half = past.first(chunks // 2)
    for channels in (1, 100, 1_000):
        found = recall(database(), world, half, channels, questions)
        yield _figure(f"retrieve_recall_{channels}_channels", found, "of 10", LEAST_RECALL, found >= LEAST_RECALL)


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in values.items()}


def _figure(name: str, value: float, unit: str, target: float, ok: bool, **also: Any) -> dict[str, Any]:
    return {"name": name, "value": round(value, 3), "unit": unit, "target": target, "ok": bool(ok), **also}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    fine = True
    with services() as (database, _):
        for figure in measure(database, asked.chunks, asked.questions, asked.runs):
            print(json.dumps(figure), flush=True)
            fine = fine and figure["ok"]
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
