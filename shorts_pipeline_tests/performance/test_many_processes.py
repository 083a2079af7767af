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

from shorts_pipeline_tests.performance.channel_history import FIRST, NOON
from shorts_pipeline_tests.rows import a_channel, a_source

PROJECT = Path(__file__).parents[2]
MODULE = "shorts_pipeline_tests.performance.pulling"


def channels_with_uploads(sessions: sessionmaker[Session], channels: int, videos: int) -> list[str]:
    """Channels with so many published shorts each, made by the server: ten thousand of them at once."""
    slugs = []
    with sessions.begin() as session:
        source = a_source(session).id
        for number in range(channels):
            channel = a_channel(session, slug=f"many-{number}")
            slugs.append(channel.slug)
            asked = {"channel": channel.id, "source": source, "first": number * videos, "count": videos, "at": NOON}
            session.execute(_UPLOADS, asked)
    return slugs


_UPLOADS = text("""
WITH n AS (SELECT :first + generate_series(0, :count - 1) AS n),
t AS (INSERT INTO topics (channel_id, source_id, title_original, title_normalized, source_url, content_hash)
      SELECT :channel, :source, 'n' || n, 'n' || n, 'https://news.example.com/' || n, lpad(n::text, 64, '0') FROM n
      RETURNING id, channel_id, content_hash),
s AS (INSERT INTO scripts (channel_id, topic_id, script_text) SELECT channel_id, id, content_hash FROM t
      RETURNING id, channel_id, script_text),
v AS (INSERT INTO videos (channel_id, script_id, video_path) SELECT channel_id, id, script_text FROM s
      RETURNING id, video_path)
INSERT INTO uploads (video_id, youtube_video_id, title, uploaded_at, published_at)
SELECT id, 'hearsay-' || right(video_path, 6), 'short', :at, :at FROM v
""")


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
        session.execute(text("TRUNCATE performance_days, performances"))
    shuffled = work * 2
    random.Random(11).shuffle(shuffled)
    pull(own_database_url, shuffled, processes=4)
    assert fingerprint(sessions) == straight
