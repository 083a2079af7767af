"""Uploading: what the two benchmarks of uploads share: a database, a sandbox of its own process, approved uploads."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from psycopg import sql
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import FileClock
from shorts_pipeline.database import PrivacyStatus, ScriptStatus, TopicStatus, UploadStatus, VideoStatus
from shorts_pipeline.database.migrate import migrate
from shorts_pipeline.database.session import make_engine, make_sessions
from shorts_pipeline.embedded.postgres import Postgres
from shorts_pipeline.embedded.process import free_port
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox
from shorts_pipeline.resources.media import MediaStore

# The tests' rows and storm are what is measured with: they lie beside, not in the package.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video, an_upload

NOW = datetime(2026, 3, 2, tzinfo=UTC)
AT_ONCE = {"review": {"upload": {"mode": "auto"}}, "publish": {"privacy": "unlisted"}}


@dataclass
class Sandbox:
    """A sandbox in a process of its own, on a port that stays."""

    root: Path
    clock_file: Path
    arguments: Sequence[str]
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def running(self) -> RunningSandbox:
        """Its address, and orders for it."""
        return RunningSandbox(f"http://127.0.0.1:{self.port}", self.root)

    def start(self) -> None:
        """Start it and wait until it answers."""
        module = "shorts_pipeline.embedded.youtube_sandbox"
        command = [sys.executable, "-m", module, "--root", str(self.root), "--port", str(self.port)]
        self.process = subprocess.Popen([*command, "--clock-file", str(self.clock_file), *self.arguments])
        for _ in range(600):
            with suppress(OSError), urllib.request.urlopen(f"{self.running.url}/_sandbox/state", timeout=5):
                return
            time.sleep(0.05)
        raise TimeoutError("the sandbox does not answer")

    def kill(self) -> None:
        """End it without a word."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@dataclass(frozen=True)
class Studio:
    """Everything a sending needs."""

    database_url: str
    sessions: sessionmaker[Session]
    media: MediaStore
    clock: FileClock
    sandbox: Sandbox

    def channel(self, slug: str, sizes: Sequence[int]) -> list[UUID]:
        """A channel with an approved upload, due now, for a file of each size; their ids."""
        made = []
        with self.sessions.begin() as session:
            channel = a_channel(session, slug=slug, operation_config=AT_ONCE)
            for number, size in enumerate(sizes):
                path = f"{slug}/{number}.mp4"
                self.media.write_bytes(path, os.urandom(size))
                script = a_script(session, a_topic(session, channel, status=TopicStatus.USED), status=ScriptStatus.USED)
                video = a_video(session, script, status=VideoStatus.APPROVED, video_path=path)
                state = {"upload_status": UploadStatus.APPROVED, "privacy_status": PrivacyStatus.UNLISTED}
                made.append(an_upload(session, video, **state).id)
        return made


@contextmanager
def studio(*arguments: str) -> Iterator[Studio]:
    """A migrated database, media and a running sandbox; `arguments` are the sandbox's."""
    folder = Path(tempfile.mkdtemp(prefix="shorts-bench-"))
    folder.chmod(0o755)
    postgres, clock = Postgres(folder / "postgres"), FileClock(folder / "clock")
    clock.set(NOW)
    sandbox = Sandbox(folder / "youtube", clock.path, arguments, free_port())
    try:
        postgres.start()
        with postgres.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE bench"))
        url = postgres.url("bench")
        migrate(url)
        sandbox.start()
        engine = make_engine(url)
        yield Studio(url, make_sessions(engine), MediaStore(folder / "media"), clock, sandbox)
        engine.dispose()
    finally:
        if sandbox.process is not None:
            sandbox.kill()
        postgres.remove()
        shutil.rmtree(folder, ignore_errors=True)
