"""shorts channels: what runs, as files: apply, diff, list, pause, resume, archive, import, schema."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy.exc import SQLAlchemyError

from shorts_pipeline.channels.apply import apply as apply_files
from shorts_pipeline.channels.diff import RowChange
from shorts_pipeline.channels.diff import diff as diff_files
from shorts_pipeline.channels.directory import listed, partition_keys, set_status
from shorts_pipeline.channels.reading import read_channel_files
from shorts_pipeline.channels.schema import published, schema_text
from shorts_pipeline.cli.channels_import import import_channel
from shorts_pipeline.cli.services import opened
from shorts_pipeline.database.enums import ChannelStatus

COLOURS = {"created": "green", "changed": "yellow", "disabled": "magenta", "unchanged": "dim"}
LONGEST_VALUE = 60

files_argument = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
slugs_argument = click.argument("slugs", nargs=-1, required=True)


@click.group()
def channels() -> None:
    """Channels as files: what would change, change it, which there are."""


channels.command("import")(import_channel)


@channels.command()
@files_argument
def apply(files: tuple[Path, ...]) -> None:
    """Make the database say what FILES say: all of them, or none if one is wrong."""
    read = read_channel_files(files)
    with opened() as connections:
        with connections.sessions.begin() as session:
            changes = apply_files(session, read)
        _show(changes)
        with connections.sessions() as session:
            _add_partitions(partition_keys(session))


@channels.command()
@files_argument
def diff(files: tuple[Path, ...]) -> None:
    """Show what applying FILES would change, and change nothing."""
    read = read_channel_files(files)
    with opened() as connections, connections.sessions() as session:
        _show(diff_files(session, read))


@channels.command(name="list")
def list_channels() -> None:
    """Every channel, in one line."""
    with opened() as connections, connections.sessions() as session:
        rows = listed(session)
    table = Table(Column("slug", no_wrap=True), "name", "status", "language", "speaker", "sources", "publishes to")
    for row in rows:
        table.add_row(
            row.slug, row.name, row.status, row.language, row.speaker or "—", str(row.sources), row.publish_to
        )
    Console().print(table if rows else "No channels yet: shorts channels apply channels/*.yaml")


@channels.command()
@slugs_argument
def pause(slugs: tuple[str, ...]) -> None:
    """Stop working on channels until they are resumed."""
    _move(slugs, ChannelStatus.PAUSED)


@channels.command()
@slugs_argument
def resume(slugs: tuple[str, ...]) -> None:
    """Work on paused or archived channels again."""
    _move(slugs, ChannelStatus.ACTIVE)


@channels.command()
@slugs_argument
def archive(slugs: tuple[str, ...]) -> None:
    """Put channels away; their history stays."""
    _move(slugs, ChannelStatus.ARCHIVED)


@channels.command()
@click.option("--write", is_flag=True, help="Renew channels/schema.json and docs/channels.md of this checkout.")
def schema(write: bool) -> None:
    """Print the JSON schema of a channel file."""
    if not write:
        click.echo(schema_text(), nl=False)
        return
    for path, text in published(Path.cwd()).items():
        path.write_text(text, encoding="utf-8")
        click.echo(f"wrote {path.relative_to(Path.cwd())}")


def _move(slugs: Sequence[str], status: ChannelStatus) -> None:
    with opened() as connections, connections.sessions.begin() as session:
        moved = set_status(session, slugs, status)
    for slug in slugs:
        click.echo(f"{slug} is {status}" + ("" if slug in moved else " already"))


def _show(changes: Iterable[RowChange]) -> None:
    console = Console(highlight=False)
    counts = dict.fromkeys(COLOURS, 0)
    for change in changes:
        counts[change.kind] += 1
        if change.kind == "unchanged":
            continue
        note = f"  ({change.note})" if change.note else ""
        colour = COLOURS[change.kind]
        console.print(f"[{colour}]{change.kind:9}[/] {change.table} [bold]{escape(change.name)}[/]{escape(note)}")
        for field in change.fields:
            console.print(f"            {field.field}: {_value(field.old)} → {_value(field.new)}", soft_wrap=True)
    console.print(", ".join(f"{count} {kind}" for kind, count in counts.items() if count) or "nothing to do")


def _value(value: Any) -> str:
    text = str(value)
    return escape(text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…")


def dagster_home() -> str | None:
    """Where Dagster's instance is configured; None: nowhere."""
    return os.environ.get("DAGSTER_HOME") if os.environ.get("DAGSTER_DATABASE_URL") else None


def _add_partitions(slugs: Sequence[str]) -> None:
    """Tell Dagster of new channels at once, where an instance is configured; else its sensor will."""
    home = dagster_home()
    if not home:
        return
    import dagster as dg

    from shorts_pipeline.partitions import channels as partitions

    name = str(partitions.name)
    try:
        with dg.DagsterInstance.from_config(home) as instance:
            missing = sorted(set(slugs) - set(instance.get_dynamic_partitions(name)))
            if missing:
                instance.add_dynamic_partitions(name, missing)
                click.echo(f"new in Dagster: {', '.join(missing)}")
    except SQLAlchemyError as error:
        # The channels are applied; this was only to be quicker than the sensor.
        click.echo(f"Dagster was not told ({type(error).__name__}); its sensor channel_partitions will", err=True)
