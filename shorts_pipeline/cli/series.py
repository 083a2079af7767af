"""The command line's series: list what was found; confirm, pause or end a series."""

from uuid import UUID

import click


@click.group()
def series() -> None:
    """What keeps working, and what a person says about it."""


@series.command("list")
@click.option("--channel", help="Only this channel's, by slug.")
def list_command(channel: str | None) -> None:
    """Every series, best first."""
    from rich.console import Console
    from rich.table import Table

    from shorts_pipeline.cli.services import opened
    from shorts_pipeline.series.decide import list_series

    with opened() as open_, open_.sessions() as session:
        found = list_series(session, channel)
    table = Table("id", "channel", "series", "episodes", "mean views", "trend", "status", "confirmed")
    for one in found:
        confirmed = "yes" if one.confirmed else ""
        views = f"{one.avg_views:,.0f}"
        table.add_row(str(one.id), one.channel, one.name, str(one.episodes), views, one.trend, one.status, confirmed)
    Console().print(table if found else "No series yet: a subject needs three stories that did well.")


@series.command("confirm")
@click.argument("series_id", type=click.UUID)
@click.option("--name", help="A better name for it.")
def confirm_command(series_id: UUID, name: str | None) -> None:
    """This is a series; it runs (again)."""
    from shorts_pipeline.cli.services import opened
    from shorts_pipeline.series.decide import confirm

    with opened() as open_, open_.sessions.begin() as session:
        confirm(session, series_id, name=name)
    click.echo("confirmed")


@series.command("pause")
@click.argument("series_id", type=click.UUID)
def pause_command(series_id: UUID) -> None:
    """No new story joins it until it is confirmed again."""
    from shorts_pipeline.cli.services import opened
    from shorts_pipeline.series.decide import pause

    with opened() as open_, open_.sessions.begin() as session:
        pause(session, series_id)
    click.echo("paused")


@series.command("end")
@click.argument("series_id", type=click.UUID)
def end_command(series_id: UUID) -> None:
    """It is over; its stories are never found as a new series."""
    from shorts_pipeline.cli.services import opened
    from shorts_pipeline.series.decide import end

    with opened() as open_, open_.sessions.begin() as session:
        end(session, series_id)
    click.echo("ended")
