"""What a backfill costs the database: over bare upserts of the same rows, and as the history grows.

Run: `python bench/backfill.py [--videos 200] [--days 365] [--history 730] [--runs 3]`

YouTube answers at once, from memory, and every short is seen every day: the worst case.

- *over bare*: `--days` days of `--videos` shorts, pulled as Dagster does it, 30 days a run, and the day's `performance`
  after them, which makes the long lists. The peer is psycopg alone: the same rows, one prepared `INSERT … SELECT FROM
  unnest(…) ON CONFLICT DO UPDATE` and one commit a call, no totals and no lists.
- *growth*: a run of 30 days, and the daily one of seven, into no history and into `--history` days of it. Totals are
  sums of months; an upload's list of days is left to `performance` once it is longer than LIVE_DAYS. What still grows
  is the index: each of a day's rows is in a page of its own, for bare upserts too (`bare` beside the figure).

One JSON line a figure: `name value unit target ok`; 1 is returned when a target is missed. The quickest run counts.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import SystemClock
from shorts_pipeline.database.migrate import migrate
from shorts_pipeline.database.session import make_engine, make_sessions
from shorts_pipeline.embedded.postgres import Postgres
from shorts_pipeline.performance.projection import project
from shorts_pipeline.performance.snapshots import pull_snapshots
from shorts_pipeline.resources.youtube import DailyMetrics, Reach, ReachFile

# The tests' rows are what is measured with: they lie beside, not in the package.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from shorts_pipeline_tests.performance.channel_history import FIRST, channels_with_uploads

OVER_BARE, OVER_NO_HISTORY = 2.0, 1.2
DAYS_A_RUN, DAYS_A_DAY = 30, 7
SLUG = "many-0"
COLUMNS = {
    "upload_id": "uuid",
    "day": "date",
    "views": "bigint",
    "likes": "bigint",
    "dislikes": "bigint",
    "comments": "bigint",
    "shares": "bigint",
    "watch_time_seconds": "bigint",
    "avg_view_duration": "float8",
    "avg_view_percentage": "float8",
    "subscribers_gained": "bigint",
    "subscribers_lost": "bigint",
    "impressions": "bigint",
    "ctr": "float8",
    "pulled_at": "timestamptz",
    "run_id": "text",
}


class Memory:
    """A YouTube whose answers are in memory: what is measured is not it."""

    def __init__(self, videos: int, days: Sequence[date]) -> None:
        chance = random.Random(1)
        ids = [f"hearsay-{n:06d}" for n in range(videos)]
        self.figures = {day: [_figures(one, chance) for one in ids] for day in days}
        self.shown = {day: [Reach(one, day, chance.randrange(9_000), chance.random()) for one in ids] for day in days}

    def daily_metrics(self, day: date, _: Sequence[str]) -> list[DailyMetrics]:
        """The day's."""
        return self.figures[day]

    def reach_files(self, first: date, last: date) -> list[ReachFile]:
        """A file a day."""
        made = datetime(2026, 3, 1, tzinfo=UTC)
        return [ReachFile(day, made, "") for day in self.shown if first <= day <= last]

    def read_reach(self, file: ReachFile) -> list[Reach]:
        """The day's."""
        return self.shown[file.day]


def _figures(video_id: str, chance: random.Random) -> DailyMetrics:
    views = chance.randrange(1, 5_000)
    return DailyMetrics(
        video_id,
        views=views,
        likes=views // 20,
        dislikes=views // 500,
        comments=views // 150,
        shares=views // 120,
        watch_time_seconds=views * 21,
        avg_view_duration=chance.random() * 40,
        avg_view_percentage=chance.random() * 100,
        subscribers_gained=views // 250,
        subscribers_lost=views // 1_700,
    )


@contextmanager
def databases() -> Iterator[Callable[[], str]]:
    """A PostgreSQL as `shorts up` starts it; each call gives the address of a new migrated database."""
    folder = Path(tempfile.mkdtemp(prefix="shorts-bench-"))
    folder.chmod(0o755)
    postgres, made = Postgres(folder / "postgres"), []

    def database() -> str:
        made.append(f"bench_{len(made)}")
        with postgres.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(made[-1])))
        migrate(postgres.url(made[-1]))
        return postgres.url(made[-1])

    try:
        postgres.start()
        yield database
    finally:
        postgres.remove()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def filled(url: str, videos: int) -> Iterator[tuple[sa.Engine, sessionmaker[Session]]]:
    """A database with one channel of so many shorts."""
    engine = make_engine(url)
    try:
        sessions = make_sessions(engine)
        channels_with_uploads(sessions, 1, videos)
        yield engine, sessions
    finally:
        engine.dispose()


def ours(sessions: sessionmaker[Session], youtube: Memory, days: Sequence[date], *, lists: bool) -> float:
    """Seconds for the days in runs of 30, and with `lists` for what `performance` makes of them afterwards."""
    begin = time.perf_counter()
    for start in range(0, len(days), DAYS_A_RUN):
        some = days[start : start + DAYS_A_RUN]
        done = pull_snapshots(sessions, youtube, channel=SLUG, days=some, clock=SystemClock(), run_id="bench")
        assert done.reported == done.asked == len(some) * len(youtube.figures[some[0]]), done
    if lists:
        with sessions() as session:
            channel = session.scalars(sa.text("SELECT id FROM channels")).one()
        project(sessions, channel_id=channel)
    return time.perf_counter() - begin


def bare(url: str, youtube: Memory, days: Sequence[date]) -> float:
    """Seconds for the same rows, a statement and a commit a call, by psycopg alone."""
    metrics = [name for name in COLUMNS if name not in {"upload_id", "day"}]
    statement = (
        f"INSERT INTO performance_days ({', '.join(COLUMNS)})"
        f" SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in COLUMNS.values())})"
        f" ON CONFLICT (upload_id, day) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in metrics)}"
    )
    address = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, prepare_threshold=1) as connection:
        found = connection.execute("SELECT youtube_video_id, id FROM uploads ORDER BY id").fetchall()
        known: dict[str, UUID] = dict(found)  # type: ignore[arg-type]
        batches = [_columns(known, youtube, day) for day in days]
        begin = time.perf_counter()
        for columns in batches:
            connection.execute(statement, columns)
            connection.commit()
        return time.perf_counter() - begin


def _columns(known: dict[str, UUID], youtube: Memory, day: date) -> list[list[Any]]:
    shown = {one.video_id: one for one in youtube.shown[day]}
    now = datetime.now(UTC)
    rows = [
        (known[one.video_id], day, *astuple(one)[1:], reach.impressions, reach.click_through_rate, now, "bench")
        for one in youtube.figures[day]
        for reach in (shown[one.video_id],)
    ]
    rows.sort(key=lambda row: row[0])
    return [list(column) for column in zip(*rows, strict=True)]


def over_bare(database: Callable[[], str], videos: int, count: int, runs: int) -> float:
    """How many times the bare upserts a backfill takes; both are done twice, the second time over the first's rows."""
    days = [FIRST + timedelta(days=n) for n in range(count)]
    youtube, took = Memory(videos, days), {"ours": [], "bare": []}  # type: ignore[var-annotated]
    for _ in range(runs):
        for name in took:
            url = database()
            with filled(url, videos) as (_, sessions):
                took[name].append(
                    ours(sessions, youtube, days, lists=True) if name == "ours" else bare(url, youtube, days)
                )
    least = {name: min(seconds) for name, seconds in took.items()}
    print(f"{count} days of {videos}: {least['ours']:.2f} s over {least['bare']:.2f} s", file=sys.stderr)
    return least["ours"] / least["bare"]


def growth(database: Callable[[], str], videos: int, history: int, runs: int) -> dict[int, tuple[float, float]]:
    """How many times as long a run of so many days takes after `history` days as after none: ours, and bare."""
    days = [FIRST + timedelta(days=history + n) for n in range(1 + DAYS_A_RUN)]
    youtube = Memory(videos, days)
    took: dict[tuple[str, int, int], list[float]] = {}
    urls = {length: database() for length in (0, history)}
    with filled(urls[0], videos) as none, filled(urls[history], videos) as much:
        # In turn, so that a machine that is busy for a while is so for both.
        for _ in range(runs):
            for count in (DAYS_A_DAY, DAYS_A_RUN):
                for length, (engine, sessions) in {0: none, history: much}.items():
                    for name in ("ours", "bare"):
                        _past(engine, length)
                        for some in (days[:1], days[1 : 1 + count]):  # the first day only warms pages and caches
                            seconds = (
                                ours(sessions, youtube, some, lists=False)
                                if name == "ours"
                                else bare(urls[length], youtube, some)
                            )
                        took.setdefault((name, count, length), []).append(seconds)
    best = {key: min(seconds) for key, seconds in took.items()}
    for (name, count, length), seconds in sorted(best.items()):
        print(f"growth: {name}, {count} days after {length}: {seconds * 1e3:.0f} ms", file=sys.stderr)
    return {
        count: (
            best["ours", count, history] / best["ours", count, 0],
            best["bare", count, history] / best["bare", count, 0],
        )
        for count in (DAYS_A_DAY, DAYS_A_RUN)
    }


def _past(engine: sa.Engine, length: int) -> None:
    """So many days of history and no more, with its totals and lists."""
    with make_sessions(engine).begin() as session:
        channel = session.scalars(sa.text("SELECT id FROM channels")).one()
        session.execute(sa.text("TRUNCATE performance_days, performance_months, performances"))
        session.execute(
            sa.text(
                "INSERT INTO performance_days (upload_id, day, views, likes, dislikes, comments, shares,"
                " watch_time_seconds, avg_view_duration, avg_view_percentage, subscribers_gained, subscribers_lost,"
                " impressions, ctr, pulled_at, run_id) SELECT u.id, CAST(:first AS date) + n, 1000 + n * 7 % 900,"
                " n % 50, n % 3, n % 9, n % 11, 9000 + n * 13, 9.5 + n % 3, 60.1 + n % 7, n % 5, n % 2, 3000 + n * 3,"
                " 0.31 + n % 7 * 0.01, now(), 'past' FROM generate_series(0, :length - 1) AS n, uploads u"
                " ORDER BY n, u.id"
            ),
            {"first": FIRST, "length": length},
        )
    if length:
        project(make_sessions(engine), channel_id=channel)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE performance_days, performance_months, performances"))
        # What was written to make the history must not be flushed while the runs are timed.
        connection.execute(sa.text("CHECKPOINT"))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=200)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--history", type=int, default=730)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with databases() as database:
        ratio = over_bare(database, asked.videos, asked.days, asked.runs)
        grown = growth(database, asked.videos, asked.history, asked.runs)
    figures = [
        _figure("backfill_over_bare_upserts", ratio, OVER_BARE),
        _figure("backfill_run_after_two_years", grown[DAYS_A_RUN][0], OVER_NO_HISTORY, bare=grown[DAYS_A_RUN][1]),
        _figure("daily_pull_after_two_years", grown[DAYS_A_DAY][0], OVER_NO_HISTORY, bare=grown[DAYS_A_DAY][1]),
    ]
    for figure in figures:
        print(json.dumps(figure))
    return 0 if all(figure["ok"] for figure in figures) else 1


def _figure(name: str, value: float, target: float, **also: float) -> dict[str, Any]:
    beside = {key: round(one, 2) for key, one in also.items()}
    return {"name": name, "value": round(value, 2), "unit": "x", "target": target, "ok": value <= target, **beside}


if __name__ == "__main__":
    sys.exit(main())
