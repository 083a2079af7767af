"""shorts migrate: bring the tables up to date."""

import click

from shorts_pipeline.cli.services import opened


@click.command()
def migrate() -> None:
    """Bring the application's tables to the newest revision. Safe to run again, and by two at once."""
    with opened(migrate=True):
        click.echo("The tables are up to date.")
