"""Import: what a channel published before it came here, so that it learns from its first day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from shorts_pipeline.cli.services import opened

if TYPE_CHECKING:
    from shorts_pipeline.importing.results import Imported


@click.argument("channel", metavar="CHANNEL")
@click.option("--limit", type=click.IntRange(1), help="At most so many new shorts, the newest first.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="None that went public before this day (UTC).")
@click.option(
    "--captions", type=click.IntRange(0), default=0, show_default=True, metavar="N",
    help="Read what was said in so many shorts, the most seen first: 250 of the day's 10,000 units each.",
)  # fmt: skip
@click.option(
    "--history", type=click.IntRange(0, 3650), metavar="DAYS",
    help="Fetch the figures of the last so many days; 0: none.  [default: since the first short, 730 at most]",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would be brought in. Costs the units of the lists.")
def import_channel(
    channel: str, limit: int | None, since: datetime | None, captions: int, history: int | None, dry_run: bool
) -> None:
    """Bring in the Shorts that CHANNEL (its slug) has on YouTube already: topics, scripts, uploads and their figures.

    It reads only. What is here is left alone: run it again for what is new, or to go on.
    """
    from shorts_pipeline.importing.service import Asked
    from shorts_pipeline.importing.service import import_channel as bring_in
    from shorts_pipeline.resources.models import ModelsResource
    from shorts_pipeline.resources.vectors import VectorsResource
    from shorts_pipeline.resources.youtube import YouTubeResource

    console = Console(highlight=False)
    asked = Asked(limit, since.replace(tzinfo=UTC) if since else None, captions, history, dry_run)
    with opened(sandbox=True) as connections, _progress(console) as tell:
        done = bring_in(
            connections.sessions,
            YouTubeResource.from_settings(),
            VectorsResource.from_settings().store,
            ModelsResource.from_settings().embedder,
            connections.redis,
            channel=channel,
            clock=connections.clock,
            asked=asked,
            tell=tell,
        )
    _show(console, done)
    if done.stopped:
        raise SystemExit(1)


@contextmanager
def _progress(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each thing that is counted."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks = {}

        def tell(what: str, count: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=of)
            progress.update(tasks[what], completed=count, total=of)

        yield tell


def _show(console: Console, done: "Imported") -> None:
    where = "the YouTube sandbox" if done.sandbox else "YouTube"
    console.print(f"[bold]{escape(done.channel)}[/] from {where}: {escape(done.youtube_channel or 'not reached')}")
    table = Table("videos", "", show_header=False, box=None, padding=(0, 2, 0, 0))
    table.columns[0].justify = "right"
    table.add_row(f"[green]{done.made}[/]", "would be brought in" if done.dry_run else "brought in")
    for reason, count in sorted(done.skipped.items(), key=lambda each: (-each[1], each[0].value)):
        table.add_row(f"[dim]{count}[/]", f"[dim]left out: {reason.value}[/]")
    console.print(table)
    for line in _lines(done):
        console.print(line, soft_wrap=True)
    if done.stopped:
        console.print(f"[yellow]Stopped:[/] {escape(done.stopped)}", soft_wrap=True)


def _lines(done: "Imported") -> Iterator[str]:
    """What a person wants to know of it, and the next command."""
    if done.sandbox and not done.looked_at and not done.stopped:
        yield "Its file says `publish_to: sandbox`, where it has no videos. Its real channel is read with `youtube`."
    if done.joined:
        yield f"{done.joined} of them tell a story that has a topic here already: they are further scripts of it."
    heard = done.captions
    if heard.got or heard.none or heard.refused:
        yield f"Captions: {heard.got} scripts, {heard.none} shorts without, {heard.refused} refused; {heard.left} left."
    elif done.by_source.get("imported:title"):
        yield (
            f"{done.by_source['imported:title']} have no description to learn from, only a title: "
            f"`--captions N` reads what was said."
        )
    if done.days:
        yield f"Figures: {done.days} days, since {done.first_day}. {_hours(done)}"
    elif not done.dry_run and not done.stopped and done.made:
        yield f"No figures yet: `shorts channels import {done.channel}` fetches them."
    if done.days and done.older:
        yield (
            f"{done.older} shorts are older than that, and their totals lack what came before: "
            f"`shorts channels import {done.channel} --history {done.reach}` fetches all."
        )
    yield f"Quota used: {done.units} units."


def _hours(done: "Imported") -> str:
    if done.measured:
        return f"Best hours are measured now, by {done.samples} shorts."
    return f"{done.samples} shorts are too few for best hours of its own: golden hours stand in."
