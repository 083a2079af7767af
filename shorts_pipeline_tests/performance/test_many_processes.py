"""Days of many channels, shuffled, twice, in several processes at once: the same tables as one after the other."""

import os
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline_tests.performance.channel_history import FIRST, channels_with_uploads

PROJECT = Path(__file__).parents[2]
MODULE = "shorts_pipeline_tests.performance.pulling"


def pull(database_url: str, work: list[str], processes: int) -> None:
    """All of the work, dealt out to so many processes that run at once."""
    command = [sys.executable, "-m", MODULE, database_url]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    running = [
        subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(processes)
    ]
    for number, process in enumerate(running):
        assert process.stdin is not None
        process.stdin.write("".join(f"{line}\n" for line in work[number :: len(running)]))
        process.stdin.close()
    done: list[str] = []
    for process in running:
        assert process.stdout is not None
        done += process.stdout.read().splitlines()
        process.stdout.close()
        assert process.wait() == 0
    assert sorted(done) == sorted(work)


def fingerprint(sessions: sessionmaker[Session]) -> list[tuple[int, str]]:
    """Rows and hash of both tables, without the times at which they were written."""
    days = "SELECT to_jsonb(d) - 'pulled_at' - 'run_id' AS said FROM performance_days d"
    totals = "SELECT to_jsonb(p) - '{id,created_at,updated_at,last_synced_at}'::text[] AS said FROM performances p"
    whole = "SELECT count(*), md5(string_agg(md5(said::text), '' ORDER BY md5(said::text))) FROM ({}) AS rows"
    with sessions() as session:
        return [tuple(session.execute(text(whole.format(table))).one()) for table in (days, totals)]


@pytest.mark.timeout(7200)
@pytest.mark.parametrize(
    ("days", "channels", "videos"),
    [
        pytest.param(4, 3, 40, id="a few"),
        pytest.param(30, 20, 500, id="thirty days of twenty channels", marks=pytest.mark.soak),
    ],
)
def test_any_order_twice_and_in_four_processes_gives_the_same_tables(
    sessions: sessionmaker[Session], own_database_url: str, days: int, channels: int, videos: int
):
    slugs = channels_with_uploads(sessions, channels, videos)
    dates: list[date] = [FIRST + timedelta(days=n) for n in range(days)]
    work = [f"{slug} {day}" for slug in slugs for day in dates]
    pull(own_database_url, work, processes=1)
    straight = fingerprint(sessions)
    assert [count for count, _ in straight] == [days * channels * videos, channels * videos]
    with sessions.begin() as session:
        session.execute(text("TRUNCATE performance_days, performance_months, performances"))
    shuffled = work * 2
    random.Random(11).shuffle(shuffled)
    pull(own_database_url, shuffled, processes=4)
    assert fingerprint(sessions) == straight
