"""shorts demo: two example channels, from their feeds to their figures, on this machine alone."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from shorts_pipeline.cli.services import Opened, current_settings, environment, opened
from shorts_pipeline.clock import FileClock
from shorts_pipeline.demo.state import DemoState, begin, load, save
from shorts_pipeline.embedded.home import PROJECT
from shorts_pipeline.errors import ConfigurationError

EXAMPLES = ("oneul-tech", "byte-sized-news")
SHOWN_NUMBERS = 3
# So that the table of videos fits a terminal of 80 columns.
LONGEST_TEXT = 40


@click.command()
@click.option("--live", is_flag=True, help="Read the channels' real feeds instead of the ones that ship.")
@click.option("--shorts", type=click.IntRange(min=1), help="At most so many a channel, for a quicker look.")
def demo(live: bool, shorts: int | None) -> None:
    """Make shorts: every asset for both example channels, and a table of what it made."""
    console, began = Console(highlight=False), time.monotonic()
    state = _state(live)
    clock = FileClock(current_settings().clock_file)
    clock.set(state.now)
    try:
        with (
            console.status("Starting PostgreSQL, Valkey and the YouTube sandbox …") as status,
            opened(sandbox=True, feeds=not live, migrate=True) as connections,
        ):
            grown = _play(console, status, connections, state, clock, shorts)
            status.stop()
            _show(console, connections)
        _say_goodbye(console, grown, time.monotonic() - began)
    finally:
        clock.release()


def _state(live: bool) -> DemoState:
    """The story of this home, or a new one; one that never came to its end may change its feeds."""
    home = current_settings().home.absolute()
    state = load(home)
    if state is None or (state.ended is None and state.live != live):
        state = begin(datetime.now(UTC), live=live)
        save(home, state)
    elif state.live != live:
        made = "the real" if state.live else "the shipped"
        raise ConfigurationError(
            f"the demo in {home} was made from {made} feeds: use another home (SHORTS_HOME), or remove it first"
        )
    return state


def _play(
    console: Console, status: Status, connections: Opened, state: DemoState, clock: FileClock, shorts: int | None
) -> dict[str, int]:
    teller = _Teller(console, status)
    # Quick rather than small: the demo's files are looked at, not kept.
    preset = {"RENDER_PRESET": os.environ.get("RENDER_PRESET", "ultrafast")}
    with environment(connections.services.dagster_environment() | preset):
        # Dagster is imported here, once the environment says where everything is.
        from shorts_pipeline.demo.play import play

        return play(
            connections.sessions,
            connections.redis,
            clock,
            files=[PROJECT / "channels" / f"{slug}.yaml" for slug in EXAMPLES],
            home=connections.settings.home.absolute(),
            state=state,
            starting=teller.starting,
            told=teller.told,
            shorts=shorts,
        )


class _Teller:
    """One line for each run that ended, and what is going on below it."""

    def __init__(self, console: Console, status: Status) -> None:
        self._console, self._status = console, status
        self._since = time.monotonic()

    def starting(self, asset: str, channel: str) -> None:
        self._since = time.monotonic()
        self._status.update(f"[bold]{asset}[/] {channel} …")

    def told(self, asset: str, channel: str, metadata: dict[str, Any]) -> None:
        seconds = time.monotonic() - self._since
        numbers = [
            f"{_number(value)} {name.replace('_', ' ')}"
            for name, value in metadata.items()
            if isinstance(value, int | float) and not isinstance(value, bool) and value
        ]
        what = ", ".join(numbers[:SHOWN_NUMBERS]) or "nothing new"
        took = f"{seconds:5.1f} s" if asset != "review" else " " * 7
        line = f"[green]✓[/] {asset:<21} {channel:<15} [dim]{took}[/]  {what}"
        self._console.print(line, overflow="ellipsis", no_wrap=True)


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _show(console: Console, connections: Opened) -> None:
    from shorts_pipeline.demo.report import report, told_twice

    with connections.sessions() as session:
        reports, several = report(session, EXAMPLES), told_twice(session)
    summary = _table("Made by the demo", "channel", "items", "topics", "duplicates", "scripts", "videos", "views*")
    videos = _table("Videos", "title", "YouTube id*", "length", "views*", left=2)
    for one in reports:
        numbers = (one.items, one.topics, one.duplicates, one.scripts, len(one.videos), one.views)
        summary.add_row(one.slug, *(f"{number:,}" for number in numbers))
        for video in one.videos:
            videos.add_row(escape(video.title), video.youtube_id or "—", f"{video.seconds:.1f} s", f"{video.views:,}")
    console.print()
    console.print(summary)
    console.print(f"[dim]Stories that several sources told and that became one topic: {several}.[/]\n")
    console.print(videos)
    console.print("[dim]* of the YouTube sandbox: figures are simulated, nothing was sent.[/]\n")
    for path in (video.path for one in reports for video in one.videos if video.path):
        # A path that is broken over lines cannot be clicked or copied.
        console.print(str(Path(connections.settings.media_root) / path), soft_wrap=True)


def _table(title: str, *headings: str, left: int = 1) -> Table:
    """A table whose first `left` columns hold text and the others numbers."""
    table = Table(title=title, title_justify="left")
    for number, heading in enumerate(headings):
        longest = LONGEST_TEXT if number == 0 else None
        side: JustifyMethod = "left" if number < left else "right"
        table.add_column(heading, justify=side, overflow="ellipsis", no_wrap=True, max_width=longest)
    return table


def _say_goodbye(console: Console, grown: dict[str, int], seconds: float) -> None:
    where = ", ".join(f"{name} {rows}" for name, rows in grown.items())
    console.print(f"\nNew rows: [bold]{sum(grown.values())}[/]" + (f" [dim]({where})[/]" if where else ""))
    console.print(f"Took {seconds:.0f} s. See the runs, partitions and numbers with [bold]make dev[/].")
