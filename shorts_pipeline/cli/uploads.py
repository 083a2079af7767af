"""shorts uploads: what goes to YouTube: list, stop, resume, allow."""

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from shorts_pipeline.cli.services import opened
from shorts_pipeline.database.enums import UploadStatus
from shorts_pipeline.errors import ConfigurationError

TITLE_CHARACTERS = 40


@click.group()
def uploads() -> None:
    """Uploads: what was sent, what became of it, and the switch that stops them all."""


@uploads.command()
@click.option("--reason", default="stopped by hand", show_default=True, help="Shown wherever an upload waits for it.")
def stop(reason: str) -> None:
    """Send nothing more for any channel, at once; an upload on its way stays where it is."""
    from shorts_pipeline.uploads import stops

    with opened() as connections, connections.sessions.begin() as session:
        stops.halt(session, reason)
    click.echo("All uploads are stopped. `shorts uploads resume` lets them go on.")


@uploads.command()
def resume() -> None:
    """Let all channels send again."""
    from shorts_pipeline.uploads import stops

    with opened() as connections, connections.sessions.begin() as session:
        was = stops.resume(session)
    click.echo("Uploads go on." if was else "Uploads were not stopped.")


@uploads.command()
@click.argument("channel")
@click.option("--no", "forbid", is_flag=True, help="Take the word back.")
def allow(channel: str, forbid: bool) -> None:
    """Let CHANNEL publish to its real YouTube channel. Said once; until then nothing of it goes there."""
    from shorts_pipeline.resources.youtube import accounts
    from shorts_pipeline.uploads.connect import wanted

    with opened() as connections, connections.sessions.begin() as session:
        account = wanted(session, channel).account
        if not accounts.allow(session, account, None if forbid else connections.clock.now()):
            raise ConfigurationError(f"{channel} has no YouTube account yet: `shorts youtube connect {channel}`")
    click.echo(f"{channel} may {'no longer ' if forbid else ''}publish to its YouTube channel.")


@uploads.command(name="list")
@click.option("--channel", metavar="SLUG", help="Only this channel's.")
@click.option("--status", type=click.Choice([status.value for status in UploadStatus]), help="Only these.")
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True, help="Most rows shown.")
def list_(channel: str | None, status: str | None, limit: int) -> None:
    """Uploads, the latest first, each with what YouTube has against it."""
    from sqlalchemy import func, select

    from shorts_pipeline.database import Channel, Upload, Video

    at = func.coalesce(Upload.scheduled_at, Upload.uploaded_at, Upload.created_at)
    statement = (
        select(Upload, Channel.slug)
        .join(Video, Video.id == Upload.video_id)
        .join(Channel, Channel.id == Video.channel_id)
        .order_by(at.desc(), Upload.id)
        .limit(limit)
    )
    if channel:
        statement = statement.where(Channel.slug == channel)
    if status:
        statement = statement.where(Upload.upload_status == UploadStatus(status))
    table = Table(Column("id", no_wrap=True), "channel", "status", "scheduled", "title", "YouTube")
    problems = []
    with opened() as connections, connections.sessions() as session:
        for upload, slug in session.execute(statement):
            when = f"{upload.scheduled_at:%m-%d %H:%M}" if upload.scheduled_at else "—"
            title = upload.title if len(upload.title) <= TITLE_CHARACTERS else upload.title[:TITLE_CHARACTERS] + "…"
            youtube = upload.youtube_url or "—"
            table.add_row(str(upload.id)[:8], slug, upload.upload_status.value, when, escape(title), escape(youtube))
            if upload.removed_at:
                found_gone = f"{upload.removed_at:%Y-%m-%d %H:%M} UTC"
                problems.append(f"[yellow]{str(upload.id)[:8]}[/] is no longer on YouTube: found gone at {found_gone}")
            if upload.error_message:
                problems.append(f"[yellow]{str(upload.id)[:8]}[/] {escape(upload.error_message)}")
    console = Console(highlight=False)
    console.print(table if table.row_count else "No uploads yet.")
    for problem in problems:
        console.print(problem, soft_wrap=True)
