"""shorts series: what keeps working: list, show, and what a person says: confirm, rename, pause, resume, end."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy.orm import Session

from shorts_pipeline.cli.services import opened
from shorts_pipeline.language import cut_words
from shorts_pipeline.series import decide

_ARROWS = {"rising": "↑", "stable": "→", "declining": "↓"}
# Hangul is two columns wide: at 80 columns a title may take 56.
TITLE_CHARACTERS = 28


@click.group()
def series() -> None:
    """Series: subjects that keep working, and what a person says about them."""


@series.command(name="list")
@click.option("--channel", metavar="SLUG", help="Only this channel's.")
def list_(channel: str | None) -> None:
    """Every series, those with the most views first. ✓ after the name: confirmed by a person."""
    with opened() as connections, connections.sessions() as session:
        found = decide.list_series(session, channel)
    right: dict[str, Any] = {"justify": "right", "no_wrap": True}
    table = Table(
        Column("id", no_wrap=True),
        Column("channel", overflow="fold"),
        Column("series", overflow="fold"),
        Column("shorts", **right),
        Column("views", **right),
        Column("trend (sure)", no_wrap=True),
        Column("status", no_wrap=True),
        padding=(0, 0, 0, 0),
    )
    for one in found:
        name = f"{escape(one.name)} ✓" if one.confirmed else escape(one.name)
        views = f"{one.avg_views:,.0f}"
        table.add_row(str(one.id)[:8], one.channel, name, str(one.episodes), views, _trend(one), one.status)
    Console(highlight=False).print(table if found else "No series yet: a subject needs three stories that did well.")


@series.command()
@click.argument("series_id")
def show(series_id: str) -> None:
    """One series: what it is about and its stories, the latest first. The first 4 letters of its id are enough."""
    with opened() as connections, connections.sessions() as session:
        one, stories = decide.shown(session, series_id)
    console = Console(highlight=False)
    console.print(f"[bold]{escape(one.name)}[/]  {one.channel}, {one.status}, {one.id}")
    if one.description:
        console.print(escape(one.description))
    console.print(f"{one.episodes} shorts, {one.avg_views:,.0f} views each, {_trend(one)}")
    table = Table(Column("published", no_wrap=True), "story", Column("views", justify="right", no_wrap=True))
    for story in stories:
        day = f"{story.published_at:%Y-%m-%d}" if story.published_at else "not yet"
        views = "—" if story.views is None else f"{story.views:,}"
        table.add_row(day, escape(cut_words(story.title, TITLE_CHARACTERS)), views)
    console.print(table)


@series.command()
@click.argument("series_id")
@click.option("--name", help="A better name for it.")
def confirm(series_id: str, name: str | None) -> None:
    """This is a series; it runs (again), under its name or a better one."""
    _say(lambda session, id: decide.confirm(session, id, name=name), series_id, "confirmed")


@series.command()
@click.argument("series_id")
@click.argument("name")
def rename(series_id: str, name: str) -> None:
    """Give a series the NAME it is to keep."""
    _say(lambda session, id: decide.rename(session, id, name), series_id, "renamed")


@series.command()
@click.argument("series_id")
def pause(series_id: str) -> None:
    """No new story joins it, or is raised by it, until it is resumed."""
    _say(decide.pause, series_id, "paused")


@series.command()
@click.argument("series_id")
def resume(series_id: str) -> None:
    """It runs again."""
    _say(decide.resume, series_id, "resumed")


@series.command()
@click.argument("series_id")
def end(series_id: str) -> None:
    """It is over; its stories are never found as a new series."""
    _say(decide.end, series_id, "ended")


def _say(say: Callable[[Session, UUID], None], start: str, done: str) -> None:
    with opened() as connections, connections.sessions.begin() as session:
        found = decide.named(session, start)
        say(session, found.id)
        name = decide.named(session, str(found.id)).name
    click.echo(f"{done}: {name}")


def _trend(one: decide.Listed) -> str:
    return f"{_ARROWS[one.trend]} {one.trend} {one.confidence:.0%}"
