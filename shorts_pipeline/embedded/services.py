"""The services of a home, as somebody who needs them sees them: start, addresses, stop.

`start` says "I need these" and waits until they answer; `stop` says "not any more". They are shared by everyone who
works in the home and end with the last of them; the work is the keeper's (keeper.py). An address that is given in the
settings is used as it is, and that service is not started.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable

from shorts_pipeline.embedded import keeper, process
from shorts_pipeline.embedded.home import PROJECT, Home
from shorts_pipeline.embedded.leftovers import VARIABLE
from shorts_pipeline.errors import ConfigurationError, RetryLater
from shorts_pipeline.settings import Settings

START_SECONDS = 120.0
STOP_SECONDS = 60.0
ALWAYS = frozenset({"postgres", "valkey"})


class Services:
    """PostgreSQL, Valkey, and on request the YouTube `sandbox` and the demo's `feeds`."""

    def __init__(self, settings: Settings, *, also: Iterable[str] = ("sandbox",)) -> None:
        """`also`: of `sandbox` and `feeds`, what is needed beside PostgreSQL and Valkey."""
        self._settings = settings
        self.home = Home(settings.home)
        given = {"postgres": settings.database_url, "valkey": settings.redis_url, "sandbox": settings.sandbox_url,
                 "feeds": settings.source_mirror_url}  # fmt: skip
        self.wanted = {name for name in ALWAYS | set(also) if given[name] is None}
        self._users = self.home.lock("users")
        self.was_alone = False
        """Whether nobody else worked in the home when these were started."""

    def start(self) -> None:
        """Return once every wanted service answers. Starting twice is the same as once."""
        self.home.prepare()
        if not self._users.held:
            with self.home.lock("users") as probe:
                self.was_alone = probe.alone()
        # A keeper that is just ending holds the lock alone.
        if not self._users.held and not self._users.shared(seconds=STOP_SECONDS):
            raise RetryLater(f"the services of {self.home.path} are still stopping: try again in a moment")
        if not self.wanted:
            return
        try:
            self._ask_keeper()
        except BaseException:
            self._users.release()
            raise

    def stop(self) -> None:
        """Say that they are not needed any more, and wait for their end unless somebody else needs them."""
        if not self._users.held:
            return
        kept = self.home.running()
        self._users.release()
        if process.wait_until(lambda: not self._ending(), STOP_SECONDS) and not self._kept():
            # It has given its locks back; its process is a moment longer there.
            process.wait_until(lambda: not kept.alive(), 5)

    def __enter__(self) -> "Services":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def gone(self) -> bool:
        """Whether the keeper was killed; `start` brings a new one, which takes over what is left."""
        return bool(self.wanted) and not self.home.running().alive()

    def place(self, name: str) -> str:
        """Where a service is, without any password: for people."""
        if name not in self.wanted:
            return "as given in the settings"
        port = keeper.postgres(self.home).port if name == "postgres" else keeper.valkey(self.home).port
        return f"127.0.0.1:{port}"

    def environment(self) -> dict[str, str]:
        """The variables every process of the pipeline needs. They hold passwords: pass them on, never print them."""
        home, given = self.home, self._settings
        found = {
            "SHORTS_HOME": str(home.path),
            "DAGSTER_HOME": str(PROJECT),
            "SHORTS_DAGSTER_FOLDER": str(home.dagster),
            "DATABASE_URL": given.database_url,
            "DAGSTER_DATABASE_URL": given.dagster_database_url,
            "REDIS_URL": given.redis_url,
            "YOUTUBE_SANDBOX_URL": given.sandbox_url,
            "SOURCE_MIRROR_URL": given.source_mirror_url,
        }
        if "postgres" in self.wanted:
            server = keeper.postgres(home)
            found["DATABASE_URL"] = server.url("shorts")
            found["DAGSTER_DATABASE_URL"] = given.dagster_database_url or server.url("dagster", driver="psycopg2")
        if "valkey" in self.wanted:
            found["REDIS_URL"] = keeper.valkey(home).url
        if "sandbox" in self.wanted:
            found["YOUTUBE_SANDBOX_URL"] = keeper.sandbox(home).url
        if "feeds" in self.wanted:
            found["SOURCE_MIRROR_URL"] = keeper.feeds(home).url
        return {name: value for name, value in found.items() if value is not None}

    def dagster_environment(self) -> dict[str, str]:
        """`environment()`, refused when it does not say where Dagster's own database is."""
        found = self.environment()
        if "DAGSTER_DATABASE_URL" not in found:
            raise ConfigurationError(
                "DATABASE_URL is given, so DAGSTER_DATABASE_URL must be given too: Dagster needs its own database, "
                "for example `CREATE DATABASE dagster` on the same server and postgresql+psycopg2://…/dagster"
            )
        return found

    def _ask_keeper(self) -> None:
        self.home.want(self.wanted)
        child = None if self._kept() else self._spawn_keeper()
        process.wait_until(lambda: self._settled(child), START_SECONDS)
        running = self.home.running()
        for name in sorted(self.wanted & running.errors.keys()):
            raise RetryLater(running.errors[name])
        if not self._ready():
            log = self.home.log("keeper")
            raise RetryLater(f"the services of {self.home.path} do not start; {log} ends with:\n{process.tail(log)}")

    def _spawn_keeper(self) -> "subprocess.Popen[bytes]":
        return process.spawn(
            [sys.executable, "-m", "shorts_pipeline.embedded.keeper", "--home", self.home.path],
            log=self.home.log("keeper"),
            environment={name: value for name, value in os.environ.items() if name != VARIABLE},
            folder=PROJECT,
        )

    def _settled(self, child: "subprocess.Popen[bytes] | None") -> bool:
        """Ready, failed, or nobody there who could make it ready."""
        running = self.home.running()
        if self._ready() or (running.alive() and self.wanted & running.errors.keys()):
            return True
        return child is not None and child.poll() is not None and not self._kept()

    def _ready(self) -> bool:
        running = self.home.running()
        return running.alive() and self.wanted <= running.services.keys()

    def _kept(self) -> bool:
        """Whether a keeper is there."""
        with self.home.lock("keeper") as lock:
            return not lock.alone()

    def _ending(self) -> bool:
        """Whether the keeper is ending, or about to: it is there, and no other user is."""
        if not self._kept():
            return False
        with self.home.lock("users") as lock:
            return lock.alone() or not lock.shared()


def stop_everything(home: Home) -> None:
    """End the services of a home, whoever uses them: for `make clean`, and for tests."""
    keeping = home.running().keeper
    if keeping is not None and (found := keeping.find()) is not None:
        process.stop(found, (signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 5.0))
    with contextlib.suppress(FileNotFoundError):
        keeper.postgres(home).stop()
    keeper.valkey(home).stop()
