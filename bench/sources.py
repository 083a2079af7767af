"""What the cron of the sources costs at scale: the two sensors' ticks, and how soon everything is asked for.

Run: `python bench/sources.py [--sources 10000] [--channels 1000] [--items 30]`

A PostgreSQL of its own with our tables and Dagster's instance as dagster.yaml says; the clock is moved by hand, half a
minute a tick, and a run that was asked for is queued as the daemon would. All sources fire at the same moment, are read
a tick later, and every channel then has items waiting. One JSON line a figure; 1 is returned when a target is missed.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import FileClock
from shorts_pipeline.database.migrate import migrate
from shorts_pipeline.database.session import make_engine, make_sessions
from shorts_pipeline.embedded.home import PROJECT
from shorts_pipeline.embedded.postgres import Postgres
from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.launchpad import StageConfig
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.sources.sensors import sources_due, waiting_items

TICK = timedelta(seconds=30)
EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)
TICK_SECONDS, MOST_RUNS, MINUTES = 2.0, 50, 5.0
CHANNELS = """
    INSERT INTO channels (id, name, slug) SELECT gen_random_uuid(), 'Channel ' || n, 'channel-' || n
    FROM generate_series(1, :channels) n
"""
SOURCES = """
    INSERT INTO sources (id, name, type, region, connection_config, timezone, cron_expression)
    SELECT gen_random_uuid(), 'Source ' || n, 'rss', 'domestic',
           jsonb_build_object('url', 'https://host' || n % 2000 || '.example/' || n), 'Asia/Seoul', '0 1-23/2 * * *'
    FROM generate_series(1, :sources) n
"""
LISTENING = """
    INSERT INTO channel_sources (channel_id, source_id)
    SELECT c.id, s.id FROM (SELECT id, row_number() OVER (ORDER BY name) n FROM sources) s
    JOIN (SELECT id, row_number() OVER (ORDER BY name) n FROM channels) c ON c.n - 1 = s.n % :channels
"""
READ = """
    INSERT INTO source_state (source_id, last_fired_at) SELECT id, :at FROM sources
    ON CONFLICT (source_id) DO UPDATE SET last_fired_at = excluded.last_fired_at
"""
ITEMS = """
    INSERT INTO source_items (id, source_id, item_key, title, fetched_at)
    SELECT gen_random_uuid(), s.id, :at || '-' || n, 'title', CAST(:at AS timestamptz)
    FROM sources s CROSS JOIN generate_series(1, :items) n
"""
JUDGED = """
    INSERT INTO item_judgements (channel_id, source_item_id, outcome, judged_at)
    SELECT l.channel_id, i.id, 'filtered', i.fetched_at FROM source_items i JOIN channel_sources l USING (source_id)
    ON CONFLICT DO NOTHING
"""


@dg.asset
def source_items(config: StageConfig) -> None:
    """Stands for the asset: nothing is run here."""


@dg.asset(partitions_def=channels)
def topics() -> None:
    """Stands for the asset: nothing is run here."""


@dataclass
class World:
    """The tables, the clock, Dagster, and the seconds that each tick took by what it was."""

    sessions: sessionmaker[Session]
    clock: FileClock
    instance: dg.DagsterInstance
    definitions: dg.Definitions
    ticks: dict[str, list[float]] = field(default_factory=dict)
    cursor: str | None = None

    def do(self, *statements: str, **values: object) -> None:
        with self.sessions.begin() as session:
            for statement in statements:
                session.execute(text(statement), values)

    def tick(self, what: str, sensor: dg.SensorDefinition) -> list[dg.RunRequest]:
        """One evaluation, measured; the clock moves on to the next."""
        resources = dict(self.definitions.resources or {})
        began = time.perf_counter()
        with dg.build_sensor_context(
            instance=self.instance, resources=resources, cursor=self.cursor, definitions=self.definitions
        ) as context:
            result = sensor(context)
        self.ticks.setdefault(what, []).append(time.perf_counter() - began)
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor or self.cursor
        self.clock.set(self.clock.now() + TICK)
        return list(result.run_requests or [])

    def queue(self, asset: str, requests: Iterable[dg.RunRequest]) -> list[str]:
        """The runs as the daemon makes them, waiting."""
        job = self.definitions.resolve_implicit_global_asset_job_def()
        selection = frozenset({dg.AssetKey(asset)})
        made = []
        for request in requests:
            tags = {**request.tags, "dagster/run_key": request.run_key or ""}
            if request.partition_key:
                tags["dagster/partition"] = request.partition_key
            run = self.instance.create_run_for_job(
                job,
                asset_selection=selection,
                status=dg.DagsterRunStatus.NOT_STARTED,
                run_config=dict(request.run_config),
                tags=tags,
            )
            made.append(run.run_id)
        return made

    def end(self, runs: Iterable[str]) -> None:
        for run_id in runs:
            run = self.instance.get_run_by_id(run_id)
            assert run is not None
            self.instance.report_run_canceled(run)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--channels", type=int, default=1_000)
    parser.add_argument("--items", type=int, default=30, help="judged items of each source from before")
    asked = parser.parse_args()
    with _world() as world:
        _fill(world, asked.sources, asked.channels, asked.items)
        batches, minutes = _all_due(world)
        runs, topic_minutes = _all_waiting(world, asked.channels)
    slowest = {what: max(seconds) for what, seconds in world.ticks.items()}
    print(", ".join(f"{what} {seconds:.2f} s" for what, seconds in slowest.items()), file=sys.stderr)
    cron = max(seconds for what, seconds in slowest.items() if what.startswith("sources"))
    waiting = max(seconds for what, seconds in slowest.items() if what.startswith("topics"))
    figures = [
        ("sensor_tick_10000_sources", cron, "s", TICK_SECONDS),
        ("sensor_runs_10000_due", batches, "runs", MOST_RUNS),
        ("sensor_minutes_10000_due", minutes, "simulated minutes", MINUTES),
        ("topics_tick_1000_channels", waiting, "s", TICK_SECONDS),
        ("topics_runs_a_channel", runs / asked.channels, "runs", 1.0),
        ("topics_minutes_1000_waiting", topic_minutes, "simulated minutes", MINUTES),
    ]
    for name, value, unit, target in figures:
        figure = {"name": name, "value": round(value, 3), "unit": unit, "target": target}
        print(json.dumps({**figure, "ok": value <= target}))
    return 0 if all(value <= target for _, value, _, target in figures) else 1


def _all_due(world: World) -> tuple[int, float]:
    """How many runs all sources take, and after how many minutes the last of them is asked for."""
    world.do(READ, at=EIGHT - timedelta(hours=2))
    world.clock.set(EIGHT - timedelta(minutes=1))
    assert world.tick("sources: none due", sources_due) == []
    world.clock.set(EIGHT)
    asked, last = _until_quiet(world, "source_items", lambda: world.tick("sources: all due", sources_due), EIGHT)
    assert world.tick("sources: all on their way", sources_due) == []
    world.end(asked)
    world.do(READ, at=EIGHT)
    assert world.tick("sources: all read", sources_due) == []
    return len(asked), last


def _all_waiting(world: World, channel_count: int) -> tuple[int, float]:
    """How many runs of `topics` all channels take, and after how many minutes the last of them is asked for."""
    world.instance.add_dynamic_partitions("channels", [f"channel-{n}" for n in range(1, channel_count + 1)])
    assert world.tick("topics: none waiting", waiting_items) == []
    began = world.clock.now()
    world.do(ITEMS, at=began, items=2)
    asked, last = _until_quiet(world, "topics", lambda: world.tick("topics: all waiting", waiting_items), began)
    world.do(JUDGED)
    assert world.tick("topics: all judged", waiting_items) == []
    return len(asked), last


def _until_quiet(
    world: World, asset: str, tick: Callable[[], list[dg.RunRequest]], began: datetime
) -> tuple[list[str], float]:
    made: list[str] = []
    last = 0.0
    while requests := tick():
        last = (world.clock.now() - began) / timedelta(minutes=1)
        made += world.queue(asset, requests)
    return made, last


def _fill(world: World, sources: int, channel_count: int, items: int) -> None:
    world.do(CHANNELS, channels=channel_count)
    world.do(SOURCES, sources=sources)
    world.do(LISTENING, channels=channel_count)
    world.do(ITEMS, at=EIGHT - timedelta(days=1), items=items)
    world.do(JUDGED, "ANALYZE")


@contextmanager
def _world() -> Iterator[World]:
    with tempfile.TemporaryDirectory(prefix="bench-sources-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Postgres(folder / "postgres", durable=False)
        server.start()
        try:
            with server.connect() as connection:
                connection.execute("CREATE DATABASE bench")
            url = server.url("bench")
            migrate(url)
            os.environ["DAGSTER_DATABASE_URL"] = server.url("dagster", driver="psycopg2")
            os.environ["SHORTS_DAGSTER_FOLDER"] = str(folder)
            clock = FileClock(folder / "clock")
            resources = {"postgres": PostgresResource(url=url), "clock": ClockResource(file=str(clock.path))}
            definitions = dg.Definitions(
                assets=[source_items, topics], sensors=[sources_due, waiting_items], resources=resources
            )
            with dg.DagsterInstance.from_config(str(PROJECT)) as instance:
                yield World(make_sessions(make_engine(url)), clock, instance, definitions)
        finally:
            server.remove()


if __name__ == "__main__":
    sys.exit(main())
