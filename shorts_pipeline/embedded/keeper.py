"""The process that keeps the services of one home: `python -m shorts_pipeline.embedded.keeper --home FOLDER`.

It starts what is wanted, starts again what dies, and ends everything in order once nobody holds the `users` lock any
more. The kernel gives that lock back however its holders end, so a killed `shorts up` leaves nothing behind.
"""

import argparse
import signal
import time
from pathlib import Path
from typing import Protocol

from shorts_pipeline.embedded import process
from shorts_pipeline.embedded.home import Home, Running
from shorts_pipeline.embedded.leftovers import end_leftovers
from shorts_pipeline.embedded.locks import Lock
from shorts_pipeline.embedded.postgres import Postgres
from shorts_pipeline.embedded.python_server import PythonServer
from shorts_pipeline.embedded.valkey import Valkey
from shorts_pipeline.errors import PipelineError

LOOK_EVERY_SECONDS = 0.25
START_AGAIN_SECONDS = 1.0
TRY_AGAIN_SECONDS = 5.0


class Service(Protocol):
    """What the keeper asks of a service."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def record(self) -> process.ProcessRecord | None: ...


def postgres(home: Home) -> Postgres:
    return Postgres(home.postgres)


def valkey(home: Home) -> Valkey:
    return Valkey(home.valkey)


def sandbox(home: Home) -> PythonServer:
    """The YouTube sandbox, on the home's clock."""
    return PythonServer(
        "shorts_pipeline.embedded.youtube_sandbox",
        ["--root", home.sandbox, "--clock-file", home.clock_file],
        state=home.path / "servers" / "sandbox.json",
        log=home.log("sandbox"),
    )


def feeds(home: Home) -> PythonServer:
    """The demo's feeds, on the home's clock."""
    return PythonServer(
        "shorts_pipeline.embedded.feeds",
        ["--clock-file", home.clock_file],
        state=home.path / "servers" / "feeds.json",
        log=home.log("feeds"),
    )


class Keeper:
    """Starts, watches and stops the services of a home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        # In the order of starting; stopped the other way round.
        self._services: dict[str, Service] = {
            "postgres": postgres(home),
            "valkey": valkey(home),
            "sandbox": sandbox(home),
            "feeds": feeds(home),
        }
        self._ready: dict[str, process.ProcessRecord] = {}
        self._errors: dict[str, str] = {}
        self._not_before: dict[str, float] = {}
        self._stopping = False
        self._me = process.record(process.own_pid(), "shorts_pipeline.embedded.keeper")

    def keep(self, users: Lock) -> None:
        """Keep the services until `users` can be held alone, or until told to stop; then end them."""
        signal.signal(signal.SIGTERM, self._told_to_stop)
        signal.signal(signal.SIGINT, self._told_to_stop)
        try:
            while not self._stopping and not users.alone():
                self._look()
                time.sleep(LOOK_EVERY_SECONDS)
        finally:
            self._end()

    def _look(self) -> None:
        """One round: what is wanted and does not live is started."""
        before = (dict(self._ready), dict(self._errors))
        wanted = self._home.wanted()
        for name, service in self._services.items():
            if name in wanted and not self._lives(name) and time.monotonic() >= self._not_before.get(name, 0.0):
                self._start(name, service)
                self._tell()
        if before != (self._ready, self._errors):
            self._tell()

    def _lives(self, name: str) -> bool:
        known = self._ready.get(name)
        return known is not None and known.find() is not None

    def _start(self, name: str, service: Service) -> None:
        self._ready.pop(name, None)
        self._not_before[name] = time.monotonic() + START_AGAIN_SECONDS
        try:
            service.start()
            record = service.record()
        except (PipelineError, OSError) as error:
            self._errors[name] = str(error)
            self._not_before[name] = time.monotonic() + TRY_AGAIN_SECONDS
            return
        if record is None:
            self._errors[name] = f"{name} ended right after its start"
            return
        self._errors.pop(name, None)
        self._ready[name] = record

    def _tell(self) -> None:
        self._home.tell(Running(keeper=self._me, services=self._ready, errors=self._errors))

    def _end(self) -> None:
        # Runs first: they still write to the database that they were cut off.
        end_leftovers(self._home)
        for name, service in reversed(self._services.items()):
            if name in self._ready:
                service.stop()
        self._home.forget()

    def _told_to_stop(self, *_: object) -> None:
        self._stopping = True


def main() -> None:
    """Keep the services of `--home`; nothing to do if another keeper does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    home = Home(parser.parse_args().home)
    # `keeper` is given back before `users`: whoever gets in next sees that there is none.
    with home.lock("users") as users, home.lock("keeper") as alone:
        # Somebody who only looks whether there is a keeper holds it for an instant.
        if alone.alone(seconds=1):
            Keeper(home).keep(users)


if __name__ == "__main__":
    main()
