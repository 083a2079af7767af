"""No secret is found where it does not belong: canaries in every secret place, good and failing runs, then a search.

The normal run plays uploads and figures in this process; `make soak` plays the whole demo.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import FileClock
from shorts_pipeline.database import Base
from shorts_pipeline.definitions import build_defs
from shorts_pipeline.demo.materialize import Materializer, RunFailed
from shorts_pipeline.embedded.home import Home
from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.youtube.authorising import revoke
from shorts_pipeline.resources.youtube.keyring import new_key
from shorts_pipeline.settings import settings

ROOT = Path(__file__).parents[2]
PUT = {"method": "PUT", "path": "/upload", "times": 0}


def found_in(places: Iterable[tuple[str, bytes]], canaries: dict[str, str]) -> list[str]:
    """Which secret lies where; never the secret itself."""
    needles = {name: value.encode() for name, value in canaries.items()}
    return [f"{name} in {place}" for place, content in places for name, value in needles.items() if value in content]


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path), path.read_bytes()


def rows(sessions: sessionmaker[Session]) -> Iterator[tuple[str, bytes]]:
    """Every table of ours as text."""
    with sessions() as session:
        for table in Base.metadata.sorted_tables:
            content = session.execute(text(f'SELECT to_jsonb(t)::text FROM "{table.name}" t')).scalars().all()
            yield f"table {table.name}", "\n".join(content).encode()


def snapshots(instance: dg.DagsterInstance) -> Iterator[tuple[str, bytes]]:
    """What Dagster stores of the job of each run; in its files it is compressed."""
    for run in instance.get_runs():
        if run.job_snapshot_id:
            stored = dg.serialize_value(instance.get_job_snapshot(run.job_snapshot_id))
            yield f"job of run {run.run_id}", stored.encode()


class Play:
    """The code location of this environment on a Dagster instance in a folder of its own."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance

    def run(self, asset: str, partition: str) -> str:
        """Materialize; returns what failed, or nothing."""
        try:
            Materializer(build_defs(), self.instance).materialize(asset, partition=partition)
        except RunFailed as failure:
            return str(failure)
        return ""


@pytest.fixture
def canaries(google, own_database_url, redis_url, sandbox, studio, tmp_path, monkeypatch, token_keys) -> dict[str, str]:
    """Secrets in every place that has one, by name."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "NEWS_MODEL_KEY").write_text("canary-model-key")
    given = {
        "DATABASE_URL": own_database_url,
        "REDIS_URL": redis_url.replace("redis://", "redis://:canary-redis-password@", 1)
        if "@" not in redis_url
        else redis_url,
        "YOUTUBE_API_URL": sandbox.url,
        "QDRANT_API_KEY": "canary-qdrant-key",
        "OPENAI_API_KEY": "canary-openai-key",
        "SECRETS_FOLDER": str(tmp_path / "secrets"),
        "SHORTS_HOME": str(tmp_path / "home"),
        "MEDIA_ROOT": str(studio.media.root),
        "YOUTUBE_CLIENT_SECRET": google.client.secret,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    FileClock(settings().clock_file).set(studio.clock.now())
    return {
        "token key": token_keys,
        "client secret": google.client.secret,
        "database password": make_url(own_database_url).password or "canary-no-password",
        "Redis password": make_url(given["REDIS_URL"]).password or "canary-no-password",
        "Qdrant key": "canary-qdrant-key",
        "OpenAI key": "canary-openai-key",
        "model key": "canary-model-key",
    }


def test_no_secret_is_in_database_dagster_logs_or_run_folders(
    canaries, studio, google, sandbox, tmp_path, caplog, capfd, monkeypatch
):
    caplog.set_level("DEBUG")
    for logger in ("google_auth_oauthlib", "requests_oauthlib", "oauthlib", "urllib3", "httplib2", "googleapiclient"):
        caplog.set_level("DEBUG", logger=logger)
    made = [google.channel(slug) for slug in ("good", "dead", "lost")]
    for channel in made:
        studio.video(channel)
    for slug in ("good", "dead"):
        token = google.token(slug)
        canaries |= {f"refresh token of {slug}": token["refresh_token"], f"access token of {slug}": token["token"]}
    revoke(json.dumps(google.token("dead")))
    google.expire("dead")
    failed = []
    (tmp_path / "dagster").mkdir()
    with dg.instance_for_test(temp_dir=str(tmp_path / "dagster")) as instance:
        instance.add_dynamic_partitions(str(channels.name), [channel.slug for channel in made])
        play = Play(instance)
        assert play.run("uploads", "good") == ""
        studio.clock.move(timedelta(days=4))
        FileClock(settings().clock_file).set(studio.clock.now())
        assert play.run("performance_snapshots", "good|2026-03-02") == ""
        failed.append(play.run("uploads", "dead"))
        sandbox.order(match=PUT, do={"status": 404, "reason": "notFound"})
        failed.append(play.run("uploads", "lost"))
        sandbox.clear()
        canaries["session"] = (studio.uploads()[-1].session_uri or "").partition("upload_id=")[2] or "canary-no-session"
        monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://shorts:canary-wrong-password@127.0.0.1:9/none")
        settings.cache_clear()
        canaries["wrong password"] = "canary-wrong-password"
        failed.append(play.run("uploads", "good"))
        jobs = list(snapshots(instance))
    assert all(failed), failed
    said = "".join([caplog.text, *capfd.readouterr(), *failed]).encode()
    folders = files(tmp_path / "dagster", tmp_path / "home", studio.media.root)
    places = [*rows(studio.sessions), *folders, *jobs, ("logs", said)]
    # A session's address is kept where the next process looks for it, and nowhere else.
    mine, others = ([each for each in places if (each[0] == "table uploads") is own] for own in (True, False))
    assert len(others) > 20
    assert found_in(others, canaries) == []
    assert found_in(mine, {name: value for name, value in canaries.items() if name != "session"}) == []


def test_the_search_finds_what_is_there(tmp_path):
    """The search itself can fail a test: a secret that is written down is found."""
    (tmp_path / "a.log").write_bytes(b"\x00...canary-x...")
    assert found_in(files(tmp_path), {"x": "canary-x", "y": "canary-y"}) == [f"x in {tmp_path}/a.log"]


def test_what_dagster_stores_of_the_resources_holds_no_password(canaries):
    """The addresses of database and Redis, passwords included, were stored with every run and shown in the UI."""
    job = build_defs().resolve_implicit_global_asset_job_def()
    stored = dg.serialize_value(job.get_job_snapshot()).encode()
    assert found_in([("job", stored)], canaries) == []


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_no_secret_is_anywhere_after_a_whole_demo_and_a_failing_one(home_folder, tmp_path):
    canaries = {
        "TOKEN_KEYS": new_key(),
        "YOUTUBE_CLIENT_SECRET": "GOCSPX-canary-client",
        "OPENAI_API_KEY": "canary-openai-key",
        "ANTHROPIC_API_KEY": "canary-anthropic-key",
        "PEXELS_API_KEY": "canary-pexels-key",
        "QDRANT_API_KEY": "canary-qdrant-key",
    }
    environment = {**os.environ, **canaries, "SHORTS_HOME": str(home_folder)}
    command = [sys.executable, "-c", "from shorts_pipeline.cli import main; main()", "demo"]
    said = []
    for more, code in (({}, 0), ({"YOUTUBE_SANDBOX_URL": "http://127.0.0.1:9"}, 1)):
        home = home_folder if code == 0 else home_folder.parent / "failing"
        done = subprocess.run(
            command,
            env={**environment, **more, "SHORTS_HOME": str(home)},
            capture_output=True,
            timeout=3000,
            cwd=ROOT,
            check=False,
        )
        assert done.returncode == code, done.stderr[-2000:]
        said.append((f"demo {code}", done.stdout + done.stderr))
    places = [*said, *files(home_folder, home_folder.parent / "failing")]
    assert found_in(places, canaries) == []
    password = Home(home_folder).postgres / "password"
    others = [each for each in places if each[0] != str(password)]
    assert found_in(others, {"database password": password.read_text().strip()}) == []
