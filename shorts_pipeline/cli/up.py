"""shorts up: everything on this machine: services, Dagster's daemon and its web page, until Ctrl-C.

One per home. However it ends, nothing it started stays (embedded/keeper.py); the next one goes on from there.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.table import Table

from shorts_pipeline.cli.services import current_settings, environment, ready_tables
from shorts_pipeline.embedded.dagster_servers import DagsterServers
from shorts_pipeline.embedded.home import PROJECT, Home
from shorts_pipeline.embedded.interrupted_runs import is_new
from shorts_pipeline.embedded.leftovers import end_leftovers
from shorts_pipeline.embedded.locks import Lock
from shorts_pipeline.embedded.process import port_is_free, write_secret
from shorts_pipeline.embedded.services import Services
from shorts_pipeline.errors import ConfigurationError

LOOK_EVERY_SECONDS = 0.5


class _Stop(Exception):
    """Ctrl-C or SIGTERM."""


@click.command()
@click.option("--port", type=int, default=3000, show_default=True, help="Where Dagster's page is, on 127.0.0.1.")
@click.option("--live", is_flag=True, help="Read the sources' real addresses, also where the demo was run.")
def up(port: int, live: bool) -> None:
    """Start the services, Dagster and its page; Ctrl-C stops everything."""
    console = Console()
    home = Home(current_settings().home)
    home.prepare()
    with home.lock("up") as lock:
        _be_the_only_one(home, lock)
        if not port_is_free(port):
            raise ConfigurationError(
                f"port {port} is taken by another program: end it, or use `shorts up --port {port + 1}`"
            )
        _tell_others(home, port)
        with _signals():
            _run(console, home, port=port, live=live)
    console.print("Everything is stopped.")


def _run(console: Console, home: Home, *, port: int, live: bool) -> None:
    began = time.time()
    also = ["sandbox", *(["feeds"] if home.plays_the_demo() and not live else [])]
    services = Services(current_settings(), also=also)
    servers: DagsterServers | None = None
    try:
        with console.status("Starting the services …"):
            services.start()
            variables = services.dagster_environment()
        with environment(variables), console.status("Bringing the tables up to date …"):
            ready_tables(current_settings(), migrate=True)
        with console.status("Starting Dagster …"):
            # Of an earlier `shorts up` that was killed together with its keeper.
            end_leftovers(home)
            servers = DagsterServers(home, variables, port=port)
            if is_new(variables["DAGSTER_DATABASE_URL"]):
                # Two processes that make its tables at the same time trip over one another.
                _open_instance(variables, before=began)
                servers.start_code()
            else:
                servers.start_code()
                _open_instance(variables, before=began if services.was_alone else 0.0)
            servers.start()
        console.print(_addresses(home, services, variables, servers.url))
        _watch(console, services, servers)
    except _Stop:
        pass
    finally:
        _stop(console, services, servers)


def _watch(console: Console, services: Services, servers: DagsterServers) -> None:
    while True:
        time.sleep(LOOK_EVERY_SECONDS)
        for name in servers.look():
            console.print(f"[yellow]Dagster's {name} server ended and is started again.[/]")
        if services.gone():
            console.print("[yellow]The services were ended from outside and are started again.[/]")
            services.start()


def _stop(console: Console, services: Services, servers: DagsterServers | None) -> None:
    # A second Ctrl-C while stopping would leave half of it running.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with console.status("Stopping …"):
        if servers is not None:
            servers.stop()
        services.stop()


def _be_the_only_one(home: Home, lock: Lock) -> None:
    if lock.alone():
        return
    try:
        other = json.loads((home.path / "up.json").read_text(encoding="utf-8"))
        where = f"at http://127.0.0.1:{other['port']} (process {other['pid']})"
    except (OSError, ValueError, KeyError):
        where = "and is just starting"
    raise ConfigurationError(
        f"`shorts up` already runs for {home.path} {where}: use that one, or another home (SHORTS_HOME)"
    )


def _tell_others(home: Home, port: int) -> None:
    write_secret(home.path / "up.json", json.dumps({"pid": os.getpid(), "port": port}))


def _open_instance(variables: dict[str, str], *, before: float) -> None:
    """Make Dagster's tables if they are missing, and close what was cut off: the daemon then runs it again."""
    command = [sys.executable, "-m", "shorts_pipeline.embedded.interrupted_runs", "--before", str(before)]
    done = subprocess.run(  # noqa: S603 - our own module
        command, env={**os.environ, **variables}, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ConfigurationError(f"Dagster's instance (dagster.yaml) does not open: {last}")


def _addresses(home: Home, services: Services, variables: dict[str, str], page: str) -> Table:
    """Where everything is; addresses with a password are left out."""
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_row("[bold]Dagster", f"[bold link={page}]{page}[/]")
    table.add_row("YouTube sandbox", variables["YOUTUBE_SANDBOX_URL"])
    if "SOURCE_MIRROR_URL" in variables:
        table.add_row("Sources", f"{variables['SOURCE_MIRROR_URL']} (the demo's feeds; --live for the real ones)")
    for name, title in (("postgres", "PostgreSQL"), ("valkey", "Valkey")):
        table.add_row(title, services.place(name))
    table.add_row("Files and logs", str(home.path))
    table.add_row("", "[dim]Ctrl-C stops everything.[/]")
    return table


@contextmanager
def _signals() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _Stop

    # SIGHUP: the terminal was closed.
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except _Stop:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
