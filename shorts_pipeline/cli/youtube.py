"""shorts youtube: who may publish where: connect, status, rotate, disconnect, key."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from shorts_pipeline.cli.services import Opened, current_settings, opened
from shorts_pipeline.errors import ConfigurationError, PipelineError

if TYPE_CHECKING:
    from shorts_pipeline.resources.youtube.authorising import Client

CLIENT = "YOUTUBE_CLIENT"
channel_argument = click.argument("channel", metavar="CHANNEL")


@click.group()
def youtube() -> None:
    """The YouTube accounts of channels, and what is left of today's quota."""


@youtube.command()
def key() -> None:
    """Print a new key for TOKEN_KEYS."""
    from shorts_pipeline.resources.youtube.keyring import new_key

    click.echo(new_key())


@youtube.command()
@channel_argument
@click.option("--client-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="client_secret.json")
@click.option("--client", default=CLIENT, show_default=True, help="Else: secrets NAME_ID and NAME_SECRET.")
@click.option("--browser/--no-browser", default=True, help="Whether a browser opens on this machine.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where the browser's answer is waited for.")
@click.option("--allow/--no-allow", default=None, help="Answer the question whether it may publish.")
@click.option("--captions", is_flag=True, help="Ask for the permission to read captions too (channels import).")
def connect(
    channel: str, client_file: Path | None, client: str, browser: bool, port: int, allow: bool | None, captions: bool
) -> None:
    """Authorise CHANNEL's YouTube account, and store what it gives, encrypted."""
    from shorts_pipeline.resources.youtube import accounts
    from shorts_pipeline.resources.youtube.authorising import authorise_elsewhere, authorise_here
    from shorts_pipeline.resources.youtube.keyring import Keyring
    from shorts_pipeline.uploads.connect import keep, wanted

    with opened() as connections:
        keyring = Keyring.from_settings(connections.settings)
        with connections.sessions() as session:
            want = wanted(session, channel, captions=captions)
        api_url = connections.settings.youtube_api_url
        application = _client(client_file, client).at(api_url)
        if browser:
            given = authorise_here(application, want.scopes, port=port, show=_show_here)
        else:
            given = authorise_elsewhere(application, want.scopes, show=_show_elsewhere, ask=_ask)
        mine = keep(
            connections.sessions,
            want,
            given,
            client=application,
            keyring=keyring,
            api_url=api_url,
            clock=connections.clock,
        )
        click.echo(f"{channel} is connected to “{mine.title}” ({mine.id}).")
        if want.youtube_channel_id is None:
            click.echo(
                f"Write youtube_channel_id: {mine.id} into its file and apply it: uploads are checked against it."
            )
        question = f"May {channel} publish to this real YouTube channel from now on, as its file says?"
        if allow is True or (allow is None and click.confirm(question)):
            with connections.sessions.begin() as session:
                accounts.allow(session, want.account, connections.clock.now())
        else:
            click.echo(f"It uploads nothing before you say so: shorts uploads allow {channel}")


@youtube.command()
@click.option("--check", is_flag=True, help="Ask Google about each account now.")
def status(check: bool) -> None:
    """Accounts, how they stand, and what is left of today's quota."""
    from shorts_pipeline.uploads.connect import health

    with opened() as connections:
        with connections.sessions() as session:
            before = health(session, connections.clock.now())
        for each in before if check else ():
            if each.state is not None:
                _check(connections, each.slug)
        _show_status(connections)


@youtube.command()
def rotate() -> None:
    """Encrypt every stored token again, with the first key of TOKEN_KEYS."""
    from shorts_pipeline.resources.youtube import accounts
    from shorts_pipeline.resources.youtube.keyring import Keyring

    with opened() as connections:
        keyring = Keyring.from_settings(connections.settings)
        with connections.sessions.begin() as session:
            count = accounts.rotate(session, keyring)
    click.echo(f"{count} tokens are encrypted with the first key; the others may go from TOKEN_KEYS.")


@youtube.command()
@channel_argument
@click.option("--revoke", is_flag=True, help="Take the permission back at Google too (all its tokens of this client).")
def disconnect(channel: str, revoke: bool) -> None:
    """Forget CHANNEL's account: it uploads nothing more until it is connected again."""
    from shorts_pipeline.resources.youtube import accounts, authorising
    from shorts_pipeline.resources.youtube.keyring import Keyring
    from shorts_pipeline.uploads.connect import wanted

    with opened() as connections:
        with connections.sessions() as session:
            account = wanted(session, channel).account
            row = accounts.find(session, account)
        if row is None:
            raise ConfigurationError(f"{channel} has no stored account")
        if revoke:
            keyring = Keyring.from_settings(connections.settings)
            known = authorising.revoke(keyring.open(row.encrypted_token))
            click.echo("Google took the permission back." if known else "Google did not know the permission any more.")
        with connections.sessions.begin() as session:
            accounts.forget(session, account)
    click.echo(f"{channel} is disconnected.")


def _client(file: Path | None, name: str) -> "Client":
    from shorts_pipeline.operations.secrets import find_secret
    from shorts_pipeline.resources.youtube.authorising import Client

    if file is not None:
        return Client.from_file(file)
    found = [find_secret(f"{name}_{part}", current_settings()) for part in ("ID", "SECRET")]
    if found[0] is None or found[1] is None:
        raise ConfigurationError(
            f"no OAuth client: give --client-file client_secret.json, or set the secrets {name}_ID and {name}_SECRET "
            "(environment, or files in SECRETS_FOLDER); docs/youtube.md says how to make one"
        )
    return Client(found[0].get_secret_value(), found[1].get_secret_value())


def _show_here(address: str) -> None:
    click.echo(f"A browser opens. If it does not, open this there:\n\n{address}\n", err=True)


def _show_elsewhere(address: str) -> None:
    click.echo(
        f"1. Open this in a browser on any machine, choose the channel and allow:\n\n{address}\n\n"
        "2. The browser ends at a page it cannot show (http://127.0.0.1:8765/…). Copy its whole address.",
        err=True,
    )


def _ask() -> str:
    # Typed without an echo: the code in it is good until it is used.
    return str(click.prompt("3. Paste it here", hide_input=True, err=True))


def _check(connections: Opened, slug: str) -> None:
    from shorts_pipeline.resources.youtube import YouTubeResource
    from shorts_pipeline.uploads.connect import verify

    try:
        verify(connections.sessions, YouTubeResource.from_settings(), slug, connections.clock)
    except PipelineError as error:
        click.echo(f"{slug}: {error}", err=True)


def _show_status(connections: Opened) -> None:
    from shorts_pipeline.uploads import quota, stops
    from shorts_pipeline.uploads.connect import health

    console, now = Console(highlight=False), connections.clock.now()
    with connections.sessions() as session:
        found, halted = health(session, now), stops.halted(session)
        ledger = quota.today(session, now, {each.project for each in found if each.project})
    accounts = Table(
        Column("channel", no_wrap=True),
        "publishes to",
        "YouTube channel",
        "token",
        "authorised (UTC)",
        "verified",
        "allowed",
    )
    for each in found:
        state = each.state.replace("_", " ") if each.state else "not connected"
        times = [f"{at:%Y-%m-%d %H:%M}" if at else "never" for at in (each.authorised_at, each.checked_at)]
        allowed = "yes" if each.allowed_at else "no"
        accounts.add_row(each.slug, each.publish_to, each.youtube_channel_id or "—", state, *times, allowed)
    console.print(accounts if found else "No channel publishes to YouTube or has an account. All stay on the sandbox.")
    for each in found:
        if reason := each.reason or each.stopped:
            console.print(f"[yellow]{escape(each.slug)}[/]: {escape(reason)}", soft_wrap=True)
    left = Table("Google project", "bucket", "left today", "of")
    for project, bucket, rest, limit in ledger:
        left.add_row(escape(project), bucket, str(rest), str(limit))
    console.print(left if ledger else "No quota was used today.")
    if halted:
        console.print(f"[red]All uploads are stopped[/]: {escape(halted)}. `shorts uploads resume` lets them go on.")
