"""The home folder: where everything made on this machine lies, and who uses it at this moment."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from shorts_pipeline.embedded.locks import Lock
from shorts_pipeline.embedded.process import ProcessRecord, write_secret

PROJECT = Path(__file__).resolve().parents[2]
"""The project's root: dagster.yaml and workspace.yaml lie there."""


@dataclass(frozen=True)
class Running:
    """What `services.json` tells: the keeper of the services, what is ready, and what could not be started and why."""

    keeper: ProcessRecord | None = None
    services: dict[str, ProcessRecord] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def alive(self) -> bool:
        return self.keeper is not None and self.keeper.find() is not None


class Home:
    """The folders and files of one home."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.postgres = self.path / "postgres"
        self.valkey = self.path / "valkey"
        self.sandbox = self.path / "youtube_sandbox"
        self.dagster = self.path / "dagster"
        self.clock_file = self.path / "clock"
        self._services = self.path / "services.json"
        self._wanted = self.path / "wanted.json"

    def prepare(self) -> None:
        """Make it. A new one of root's may be passed through, because the database's account must; no other."""
        if not self.path.exists():
            self.path.mkdir(parents=True)
            self.path.chmod(0o755 if os.geteuid() == 0 else 0o700)
        for folder in (self.path / "locks", self.path / "logs", self.dagster):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)

    def lock(self, name: str) -> Lock:
        """`users`: held shared by everyone who needs the services. `keeper`, `up`: held alone by that process."""
        return Lock(self.path / "locks" / name)

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    def running(self) -> Running:
        """What the keeper last wrote; nothing at all if there is no keeper."""
        try:
            told = json.loads(self._services.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Running()
        return Running(
            keeper=ProcessRecord(**told["keeper"]),
            services={name: ProcessRecord(**record) for name, record in told["services"].items()},
            errors=told["errors"],
        )

    def tell(self, running: Running) -> None:
        """Write what runs, for everyone who comes later."""
        write_secret(self._services, json.dumps(asdict(running), indent=1))

    def wanted(self) -> set[str]:
        """The services that somebody has asked for since the keeper came."""
        try:
            return set(json.loads(self._wanted.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return set()

    def want(self, names: set[str]) -> None:
        """Ask the keeper for these services as well."""
        with self.lock("wanted") as lock:
            lock.alone(seconds=10)
            if not names <= self.wanted():
                write_secret(self._wanted, json.dumps(sorted(names | self.wanted())))

    def forget(self) -> None:
        """Nothing runs any more."""
        self._wanted.unlink(missing_ok=True)
        self._services.unlink(missing_ok=True)

    def plays_the_demo(self) -> bool:
        """Whether the demo was run here with its own feeds, so that sources are to be read from them."""
        try:
            return json.loads((self.path / "demo.json").read_text(encoding="utf-8")).get("live") is False
        except (FileNotFoundError, ValueError, AttributeError):
            return False
