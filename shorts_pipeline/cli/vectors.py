"""shorts vectors: what is found by meaning: status, reindex."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy import select

from shorts_pipeline.cli.services import Opened, opened
from shorts_pipeline.errors import ConfigurationError

if TYPE_CHECKING:
    from shorts_pipeline.database import Channel
    from shorts_pipeline.resources.models import Embedder
    from shorts_pipeline.resources.vectors import VectorStore

Tell = Callable[[int], object]
COLLECTIONS = ("script_chunks", "topics", "outcomes")
channel_option = click.option("--channel", metavar="SLUG", help="Only this channel's.")


@dataclass(frozen=True)
class Room:
    """What a collection is for a channel: ids without a vector of the present model, and giving them one."""

    name: str
    missing: Callable[["Channel"], Iterator[list[UUID]]]
    embed: Callable[["Channel", int | None, Tell], int]


@click.group()
def vectors() -> None:
    """Vectors: which model they are of, what is missing, embed it again."""


@vectors.command()
@channel_option
def status(channel: str | None) -> None:
    """Points of the present model, and rows that have none yet."""
    table = Table("collection", "model", "points", "missing")
    with opened() as connections:
        store, embedder = _store_and_embedder()
        chosen = _channels(connections, channel)
        for room in _rooms(connections, store, embedder):
            missing = sum(_missing(room, one) for one in chosen)
            points = sum(store.count(room.name, one.id) for one in chosen)
            table.add_row(room.name, escape(embedder.model), str(points), str(missing))
    Console().print(table if chosen else "No channels yet: shorts channels apply channels/*.yaml")


@vectors.command()
@channel_option
@click.option("--collection", type=click.Choice(COLLECTIONS), help="Only this one.")
@click.option("--limit", type=click.IntRange(1), help="Embed at most so many; the next run goes on.")
def reindex(channel: str | None, collection: str | None, limit: int | None) -> None:
    """Embed what has no vector of the present model.

    Interrupted or killed, the next run goes on where it stopped. Vectors of another model stay where they are and are
    never searched together with these.
    """
    console = Console(highlight=False)
    with opened() as connections:
        store, embedder = _store_and_embedder()
        chosen = _channels(connections, channel)
        left = limit
        for room in _rooms(connections, store, embedder):
            if collection in (None, room.name):
                embedded, missing = _embed(room, chosen, left, console)
                left = None if left is None else left - embedded
                rest = f", {missing - embedded} still missing" if missing > embedded else ""
                console.print(f"{room.name}: {embedded} embedded with {escape(embedder.model)}{rest}")


def _embed(room: Room, chosen: Sequence["Channel"], most: int | None, console: Console) -> tuple[int, int]:
    """How many were embedded, `most` at most, and how many had been missing."""
    missing = {one.slug: _missing(room, one) for one in chosen}
    embedded = 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(room.name, total=sum(missing.values()))
        for one in chosen:
            progress.update(task, description=f"{room.name} {escape(one.slug)}")
            left = None if most is None else most - embedded
            embedded += room.embed(one, left, lambda count: progress.advance(task, count))
    return embedded, sum(missing.values())


def _missing(room: Room, channel: "Channel") -> int:
    return sum(len(ids) for ids in room.missing(channel))


def _rooms(connections: Opened, store: "VectorStore", embedder: "Embedder") -> list[Room]:
    made = (_pieces, _topics, _outcomes)
    return [make(connections, store, embedder) for make in made]


def _pieces(connections: Opened, store: "VectorStore", embedder: "Embedder") -> Room:
    from shorts_pipeline.scripts.reindex import embed_missing, mend_words, missing_points
    from shorts_pipeline.scripts.retrieve import COLLECTION

    sessions, clock = connections.sessions, connections.clock

    def embed(channel: "Channel", most: int | None, tell: Tell) -> int:
        mend_words(sessions, channel.id, channel.content_config.language)
        return embed_missing(sessions, store, embedder, channel.id, clock=clock, most=most, tell=tell)

    return Room(COLLECTION, lambda channel: missing_points(sessions, store, embedder, channel.id), embed)


def _topics(connections: Opened, store: "VectorStore", embedder: "Embedder") -> Room:
    from shorts_pipeline.topics.choose import WINDOWS_KEPT
    from shorts_pipeline.topics.remember import COLLECTION
    from shorts_pipeline.topics.repair import missing_vectors, repair_vectors

    sessions, now = connections.sessions, connections.clock.now()

    def since(channel: "Channel") -> datetime:
        """Older vectors answer no question, and are dropped."""
        return now - WINDOWS_KEPT * timedelta(hours=channel.topic_config.duplicates.window_hours)

    def missing(channel: "Channel") -> Iterator[list[UUID]]:
        return missing_vectors(sessions, store, embedder, channel.id, since(channel))

    def embed(channel: "Channel", most: int | None, tell: Tell) -> int:
        return repair_vectors(sessions, store, embedder, channel.id, since(channel), most=most, tell=tell)

    return Room(COLLECTION, missing, embed)


def _outcomes(connections: Opened, store: "VectorStore", embedder: "Embedder") -> Room:
    from shorts_pipeline.topics.outcomes import COLLECTION, missing_outcomes
    from shorts_pipeline.topics.repair import embed_topics

    sessions, now = connections.sessions, connections.clock.now()

    def missing(channel: "Channel") -> Iterator[list[UUID]]:
        return missing_outcomes(sessions, store, embedder, channel.id, now)

    def embed(channel: "Channel", most: int | None, tell: Tell) -> int:
        return embed_topics(sessions, store, embedder, channel.id, missing(channel), COLLECTION, most=most, tell=tell)

    return Room(COLLECTION, missing, embed)


def _store_and_embedder() -> "tuple[VectorStore, Embedder]":
    from shorts_pipeline.resources.models import ModelsResource
    from shorts_pipeline.resources.vectors import VectorsResource

    return VectorsResource.from_settings().store, ModelsResource.from_settings().embedder


def _channels(connections: Opened, slug: str | None) -> "list[Channel]":
    """The channel called `slug`; without one, all that are not archived."""
    from shorts_pipeline.database import Channel, ChannelStatus

    statement = select(Channel).order_by(Channel.slug)
    statement = statement.where(Channel.slug == slug if slug else Channel.status != ChannelStatus.ARCHIVED)
    with connections.sessions() as session:
        found = list(session.scalars(statement))
    if slug and not found:
        raise ConfigurationError(f"there is no channel “{slug}”: `shorts channels list` shows them")
    return found
