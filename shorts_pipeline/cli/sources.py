"""shorts sources: where stories come from: list, test, next."""

from datetime import datetime

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shorts_pipeline.cli.services import opened
from shorts_pipeline.cli.source_test import local, try_source
from shorts_pipeline.sources.due import next_reading
from shorts_pipeline.sources.rows import KnownSource, all_sources, source_clocks


@click.group()
def sources() -> None:
    """Sources: which there are, what one would give, when each is read next."""


@sources.command(name="list")
def list_() -> None:
    """Every source, when it was last read and what is wrong with it."""
    with opened() as connections, connections.sessions() as session:
        found = all_sources(session)
    table = Table("name", "type", "language", "cron", "last read", "failures", "says")
    for one in found:
        source, state = one.source, one.state
        table.add_row(
            escape(source.name),
            source.type.value if source.is_active else f"{source.type.value} (off)",
            source.language,
            f"{source.cron_expression} {source.timezone}",
            local(source.last_collected_at, source.timezone),
            str(state.failures if state else 0),
            escape(_says(one)),
        )
    Console().print(table if found else "No sources yet: shorts channels apply channels/*.yaml")


@sources.command()
@click.argument("name")
@click.option("--channel", metavar="SLUG", help="What this channel would make of it; none: every one that listens.")
@click.option("--feeds", is_flag=True, help="Read it from the demo's feeds, not from its own address.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Most items shown, and asked for.")
def test(name: str, channel: str | None, feeds: bool, limit: int) -> None:
    """Read the source NAME now: what it would give, and why its channels would keep or drop each item.

    Nothing is stored.
    """
    with opened(feeds=feeds) as connections:
        try_source(connections, name, channel=channel, limit=limit, console=Console(highlight=False))


@sources.command(name="next")
def next_() -> None:
    """When each source that a channel listens to is read next."""
    with opened() as connections:
        now = connections.clock.now()
        with connections.sessions() as session:
            clocks = source_clocks(session)
            names = {one.source.id: one.source.name for one in all_sources(session)}
    rows = []
    for clock in clocks:
        try:
            at = next_reading(clock, now)
        except ValueError as error:
            rows.append((datetime.max.replace(tzinfo=now.tzinfo), names[clock.id], "never", str(error)))
            continue
        wait = f"waits after {clock.failures} failures" if clock.failures else ""
        rows.append((at, names[clock.id], local(at, clock.timezone), wait))
    table = Table("next", "source", "")
    for _, name, shown, note in sorted(rows):
        table.add_row(shown, escape(name), escape(note))
    Console().print(table if rows else "No active channel listens to a source.")


def _says(known: KnownSource) -> str:
    state = known.learned
    if state is None:
        return ""
    if state.gone:
        return f"gone for good: {state.last_error}"
    return state.last_error or (f"moved to {state.moved_to}" if state.moved_to else "")
