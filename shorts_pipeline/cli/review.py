"""Review: list what waits for a decision, show it, approve or reject it."""

from collections.abc import Callable, Sequence
from uuid import UUID

import click
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.cli.review_edit import edit
from shorts_pipeline.cli.services import Opened, opened
from shorts_pipeline.database import Channel, ReviewType
from shorts_pipeline.language import cut_words
from shorts_pipeline.review import pending
from shorts_pipeline.review.decisions import AlreadyDecided, Decided, approve, reject
from shorts_pipeline.review.queue import Waiting, WhichReview, named, shown, waiting

Verb = Callable[..., Decided]
# Hangul is two columns wide: a title of 48 characters may take 96.
TITLE_CHARACTERS = 48
PREVIEW_CHARACTERS = 1200
_TYPES = click.Choice([kind.value for kind in ReviewType])
_channel = click.option("--channel", metavar="SLUG", help="Only this channel's.")
_type = click.option("--type", "kind", type=_TYPES, help="Only this kind.")


@click.group()
def review() -> None:
    """See what waits for a decision, and decide."""


review.command("edit")(edit)


@review.command("list")
@_channel
@_type
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True, help="Most rows shown.")
def list_(channel: str | None, kind: str | None, limit: int) -> None:
    """What waits, most pressing first."""
    with opened() as services, services.sessions() as session:
        found = waiting(session, _channel_id(session, channel), _kind(kind), limit=limit)
    Console().print(_table(found) if found else "Nothing waits.")


@review.command()
@click.argument("review_id")
def show(review_id: str) -> None:
    """One review: what it is about, and why a person is asked. The first characters of its id are enough."""
    with opened() as services, services.sessions() as session:
        found = shown(session, named(session, review_id))
    if found is None:
        raise WhichReview(f"there is no review {review_id}")
    Console().print(_panel(found))


def _deciding(command: Callable[..., None]) -> Callable[..., None]:
    options = [
        click.argument("review_ids", nargs=-1),
        click.option("--all", "everything", is_flag=True, help="All that waits (with --channel, --type)."),
        _channel,
        _type,
        click.option("--by", envvar="USER", required=True, help="Who decides.  [default: $USER]"),
        click.option("--notes", help="Why."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@review.command("approve")
@_deciding
def approve_(
    review_ids: tuple[str, ...], everything: bool, channel: str | None, kind: str | None, by: str, notes: str | None
) -> None:
    """Let these go on to the next step."""
    _decide(approve, "approved", review_ids, everything, channel, kind, by=by, notes=notes)


@review.command("reject")
@_deciding
def reject_(
    review_ids: tuple[str, ...], everything: bool, channel: str | None, kind: str | None, by: str, notes: str | None
) -> None:
    """Keep these from going on, for good."""
    _decide(reject, "rejected", review_ids, everything, channel, kind, by=by, notes=notes)


def _decide(
    verb: Verb,
    past: str,
    review_ids: Sequence[str],
    everything: bool,
    channel: str | None,
    kind: str | None,
    *,
    by: str,
    notes: str | None,
) -> None:
    if everything == bool(review_ids):
        raise click.UsageError("give ids, or --all (with --channel, --type), not both and not neither")
    if not everything and (channel or kind):
        raise click.UsageError("--channel and --type go with --all")
    with opened() as services:
        with services.sessions() as session:
            chosen = (
                [each.id for each in waiting(session, _channel_id(session, channel), _kind(kind))]
                if everything
                else [named(session, each) for each in review_ids]
            )
        chosen = list(dict.fromkeys(chosen))
        told = _each(services, verb, chosen, by=by, notes=notes)
    click.echo(f"{len(chosen) - len(told)} {past}.")
    for line in told:
        click.echo(line, err=True)
    if told:
        raise click.exceptions.Exit(1)


def _each(services: Opened, verb: Verb, chosen: Sequence[UUID], *, by: str, notes: str | None) -> list[str]:
    """Decide one by one, each in a transaction of its own; what was said about those decided already."""
    told, channels = [], set()
    for review_id in chosen:
        try:
            with services.sessions.begin() as session:
                channels.add(verb(session, review_id, by=by, now=services.clock.now(), notes=notes).channel_id)
        except AlreadyDecided as already:
            told.append(str(already))
    pending.refresh(services.sessions, services.redis, channels)
    return told


def _channel_id(session: Session, slug: str | None) -> UUID | None:
    if slug is None:
        return None
    found = session.scalar(select(Channel.id).where(Channel.slug == slug))
    if found is None:
        raise click.BadParameter(f"there is no channel “{slug}”", param_hint="--channel")
    return found


def _kind(kind: str | None) -> ReviewType | None:
    return None if kind is None else ReviewType(kind)


def _table(found: Sequence[Waiting]) -> Table:
    table = Table(header_style="bold")
    table.add_column("id", no_wrap=True)
    table.add_column("channel")
    table.add_column("type", no_wrap=True)
    table.add_column("risk", justify="right", no_wrap=True)
    table.add_column("what", ratio=2)
    table.add_column("why", ratio=1)
    for each in found:
        what = Text(cut_words(each.title, TITLE_CHARACTERS))
        why = Text("; ".join(each.risk_reasons[:2]) + (" …" if len(each.risk_reasons) > 2 else ""), style="dim")
        risk = Text(f"{each.risk_score:.0f}", style=_colour(each.risk_score))
        table.add_row(str(each.id)[:8], each.channel, each.review_type, risk, what, why)
    return table


def _panel(each: Waiting) -> Panel:
    facts = Text.assemble(
        (f"{each.channel} · {each.review_type} · {each.status}", "bold"),
        f" · risk {each.risk_score:.0f} · priority {each.priority}",
        f" · until {each.expires_at:%Y-%m-%d %H:%M} UTC" if each.expires_at else "",
    )
    reasons = [Text(f"• {reason}", style=_colour(each.risk_score)) for reason in each.risk_reasons]
    content = Text("\n" + cut_words(each.preview, PREVIEW_CHARACTERS))
    return Panel(Group(facts, *reasons, content), title=Text(each.title), subtitle=str(each.id))


def _colour(risk: float) -> str:
    return "red" if risk >= 60 else "yellow" if risk >= 30 else "green"
