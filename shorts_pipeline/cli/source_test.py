"""shorts sources test: a source is read, its channels judge what came, and everything is shown. Nothing is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.cli.services import Opened
from shorts_pipeline.database import Channel, ChannelSource, ChannelStatus, Source
from shorts_pipeline.database.documents import ChannelSourceConfig
from shorts_pipeline.errors import ConfigurationError, PipelineError
from shorts_pipeline.resources.fetch import FetchResource
from shorts_pipeline.selection import Selection
from shorts_pipeline.sources.collect import web
from shorts_pipeline.sources.items import FoundItem
from shorts_pipeline.sources.places import Address, Wish, addresses
from shorts_pipeline.sources.read import Reader
from shorts_pipeline.sources.retention import kept_since
from shorts_pipeline.sources.store import reason
from shorts_pipeline.topics.rehearse import Outlook, rehearse

SHOWN_TEXT = 160
_COLOURS = {True: "green", False: "red"}


@dataclass(frozen=True)
class Listener:
    """A channel and how it listens to the source."""

    slug: str
    use: ChannelSource
    wish: Wish


@dataclass
class Tried:
    """What came, each item once with the places that brought it, and what went wrong where."""

    items: dict[str, FoundItem]
    places: dict[str, set[str]]
    troubles: list[tuple[Address, str]]
    moved: list[tuple[Address, str]]

    def heard(self, item: FoundItem, places: set[str]) -> bool:
        """Whether somebody who asks for these places hears the item."""
        came = self.places[item.key]
        return "" in came or bool(came & places)


def try_source(connections: Opened, name: str, *, channel: str | None, limit: int, console: Console) -> None:
    """Read the source and show what it gives and what its channels would make of it."""
    now = connections.clock.now()
    with connections.sessions() as session:
        source = session.scalars(select(Source).where(Source.name == name)).first()
        if source is None:
            raise ConfigurationError(f"no source is called {name!r}: `shorts sources list` shows them")
        listeners = _listeners(session, source, channel)
        since = kept_since(session, source.id, now)
    asked = addresses(source, [one.wish for one in listeners])
    tried = _read(connections, source, asked, now, limit)
    shown = list(tried.items.values())[:limit]
    _show_items(console, source, tried, shown)
    for listener in listeners:
        _show_outlook(console, connections, source, listener, tried, shown, since=since, now=now)
    if not listeners:
        console.print("No channel listens to it: `--channel SLUG` asks one all the same.")
    if not shown and tried.troubles:
        raise ConfigurationError(f"{name} gave nothing: {tried.troubles[0][1]}")


def _listeners(session: Session, source: Source, slug: str | None) -> list[Listener]:
    statement = select(Channel, ChannelSource).outerjoin(
        ChannelSource, (ChannelSource.channel_id == Channel.id) & (ChannelSource.source_id == source.id)
    )
    if slug is not None:
        statement = statement.where(Channel.slug == slug)
    else:
        statement = statement.where(ChannelSource.enabled, Channel.status == ChannelStatus.ACTIVE)
    rows = session.execute(statement.order_by(Channel.slug)).all()
    if slug is not None and not rows:
        raise ConfigurationError(f"there is no channel {slug!r}: `shorts channels list` shows them")
    listeners = []
    for channel, listens in rows:
        use = listens or ChannelSource(weight=1.0, custom_config=ChannelSourceConfig())
        listeners.append(Listener(channel.slug, use, Wish.of(use.custom_config, channel.source_config)))
    return listeners


def _read(connections: Opened, source: Source, asked: Iterable[Address], now: datetime, limit: int) -> Tried:
    own = web(FetchResource.from_settings(connections.settings).fetcher, connections.redis)(source)
    reader = Reader.of(source, own.fetches, own.robots, now, seen=lambda _: (), most=limit)
    tried = Tried({}, {}, [], [])
    for address in asked:
        try:
            reading = reader.read(address)
        except PipelineError as error:
            tried.troubles.append((address, reason(error)))
            continue
        for item in reading.items:
            tried.items.setdefault(item.key, item)
            tried.places.setdefault(item.key, set()).add(address.place)
        if reading.moved_to:
            tried.moved.append((address, reading.moved_to))
    return tried


def _show_items(console: Console, source: Source, tried: Tried, shown: Sequence[FoundItem]) -> None:
    table = _table(source.name, "#", "published", "figures", "what it says")
    for number, item in enumerate(shown, 1):
        says = [f"[bold]{escape(item.title)}[/]", escape(item.url or "no address")]
        says += [escape(" ".join(item.text.split())[:SHOWN_TEXT])] if item.text else []
        places = sorted(tried.places[item.key] - {""})
        says += [f"[dim]{escape(', '.join(places))}[/]"] if places else []
        table.add_row(str(number), local(item.published_at, source.timezone), _figures(item), "\n".join(says))
    if shown:
        console.print(table)
    for address, trouble in tried.troubles:
        console.print(f"[red]✗[/] {escape(address.place or source.name)}: {escape(trouble)}")
    for address, to in tried.moved:
        console.print(f"{escape(address.place or source.name)} moved for good to {escape(to)}")
    console.print(f"{len(tried.items)} items; {len(shown)} shown, none stored")


def _show_outlook(
    console: Console,
    connections: Opened,
    source: Source,
    listener: Listener,
    tried: Tried,
    shown: Sequence[FoundItem],
    *,
    since: datetime,
    now: datetime,
) -> None:
    places = {address.place for address in addresses(source, [listener.wish])}
    outlooks: dict[str, Outlook] = {}
    for item in shown:
        if not tried.heard(item, places):
            outlooks[item.key] = Outlook(False, "not heard", "the channel asks for other places")
        elif item.published_at is not None and item.published_at < since:
            outlooks[item.key] = Outlook(False, "not kept", f"published before {since:%Y-%m-%d}: no longer kept")
    left = [item for item in shown if item.key not in outlooks]
    outlooks |= dict(zip((item.key for item in left), _outlooks(connections, source, listener, left, now), strict=True))
    table = _table(listener.slug, "#", "would be", "score", "why", "title")
    for number, item in enumerate(shown, 1):
        one = outlooks[item.key]
        outcome = f"[{_COLOURS[one.kept]}]{'✓' if one.kept else '✗'} {escape(one.outcome)}[/]"
        score = "" if one.score is None else str(one.score)
        table.add_row(str(number), outcome, score, escape(one.why), escape(item.title))
    if shown:
        console.print(table)
        console.print(f"{listener.slug}: {sum(one.kept for one in outlooks.values())} of {len(shown)} kept")


def _outlooks(
    connections: Opened, source: Source, listener: Listener, found: Sequence[FoundItem], now: datetime
) -> list[Outlook]:
    if not found:
        return []
    from shorts_pipeline.resources.models import ModelsResource
    from shorts_pipeline.resources.vectors import VectorsResource
    from shorts_pipeline.topics.choose import Work
    from shorts_pipeline.topics.desk import open_desk

    with connections.sessions() as session:
        desk = open_desk(session, listener.slug)
    settings = connections.settings
    work = Work(
        connections.sessions,
        VectorsResource.from_settings(settings).store,
        ModelsResource.from_settings(settings).embedder,
        connections.redis,
        connections.clock,
        Selection(dry_run=True),
    )
    return rehearse(work, desk, source, listener.use, found, now=now)


def _table(title: str, *headings: str) -> Table:
    """Text too long for its column goes on in the next line: with an ellipsis Hangul, two columns wide, gets lost."""
    table = Table(title=escape(title), title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _figures(item: FoundItem) -> str:
    return "\n".join(f"{name} {value:,.0f}" for name, value in sorted(item.metrics.items()))


def local(at: datetime | None, zone: str) -> str:
    """The moment in a source's own time; "—" for none."""
    if at is None:
        return "—"
    try:
        return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M %Z")
    except (KeyError, ValueError):
        return at.isoformat(timespec="minutes")
