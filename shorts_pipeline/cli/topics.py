"""shorts topics: the stories that wait: list, add, explain."""

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shorts_pipeline.cli.services import opened
from shorts_pipeline.database import Channel, Source, Topic, TopicSighting, TopicStatus
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.language import cut_words

# Hangul is two columns wide: a title of 48 characters may take 96.
TITLE_CHARACTERS = 48


@click.group()
def topics() -> None:
    """Topics: the stories a channel could tell."""


@topics.command(name="list")
@click.option("--channel", metavar="SLUG", help="Only this channel's.")
@click.option("--status", type=click.Choice([status.value for status in TopicStatus]), help="Only these.")
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True, help="Most rows shown.")
def list_(channel: str | None, status: str | None, limit: int) -> None:
    """Topics, best first."""
    statement = select(Topic, Channel.slug).join(Channel, Channel.id == Topic.channel_id)
    if channel:
        statement = statement.where(Channel.slug == channel)
    if status:
        statement = statement.where(Topic.status == TopicStatus(status))
    table = Table("id", "channel", "score", "status", "title", "categories", "expires")
    with opened() as connections, connections.sessions() as session:
        for topic, slug in session.execute(statement.order_by(Topic.score_total.desc(), Topic.id).limit(limit)):
            table.add_row(
                str(topic.id)[:8],
                slug,
                str(topic.score_total),
                topic.status.value,
                escape(cut_words(topic.title_original, TITLE_CHARACTERS)),
                escape(", ".join(topic.categories)),
                f"{topic.expires_at:%m-%d %H:%M}" if topic.expires_at else "never",
            )
    Console().print(table if table.row_count else "No topics yet.")


@topics.command()
@click.argument("channel")
@click.argument("title")
@click.option("--text", default="", help="What the story says: whole sentences, the script is made of them.")
@click.option("--url", help="Where it is from.")
def add(channel: str, title: str, text: str, url: str | None) -> None:
    """Add a story by hand: TITLE for CHANNEL (its slug). The channel's gate is asked as for any other."""
    from shorts_pipeline.resources.models import ModelsResource
    from shorts_pipeline.resources.vectors import VectorsResource
    from shorts_pipeline.topics.add import add_topic

    if url and not url.startswith(("http://", "https://")):
        raise ConfigurationError(f"{url!r} is not a web address; write one that starts with https://")
    with opened() as connections:
        added = add_topic(
            connections.sessions,
            VectorsResource.from_settings().store,
            ModelsResource.from_settings().embedder,
            connections.redis,
            channel=channel,
            title=title,
            text=text,
            url=url,
            clock=connections.clock,
        )
    console = Console(highlight=False)
    console.print(f"{str(added.topic_id)[:8]}  {escape(added.title)}  [bold]{added.status.value}[/]")
    console.print(escape(added.sum))


@topics.command()
@click.argument("topic_id")
def explain(topic_id: str) -> None:
    """The score of a topic as a sum, and who tells it. The first characters of its id are enough."""
    from shorts_pipeline.topics.score import explain as in_one_line

    with opened() as connections, connections.sessions() as session:
        topic = _named(session, topic_id)
        tellers = session.execute(
            select(Source.name, TopicSighting.title)
            .join(TopicSighting, TopicSighting.source_id == Source.id)
            .where(TopicSighting.topic_id == topic.id)
            .order_by(TopicSighting.seen_at, TopicSighting.id)
        ).all()
        first = session.scalars(select(Source.name).where(Source.id == topic.source_id)).one()
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[bold]{escape(topic.title_original)}[/]  ({topic.status.value})")
    console.print(escape(in_one_line(topic.score_parts)))
    console.print(f"told by {escape(first)}: {escape(topic.source_url)}")
    for source, title in tellers:
        console.print(f"and by {escape(source)}: {escape(title)}")


def _named(session: Session, start: str) -> Topic:
    """The topic whose id begins with `start` (at least 4 characters)."""
    if len(start) < 4 or any(character not in "0123456789abcdefABCDEF-" for character in start):
        raise ConfigurationError(f"“{start}” is not an id: give at least its first 4 characters")
    statement = select(Topic).where(func.text(Topic.id).startswith(start.lower())).limit(2)
    found = list(session.scalars(statement))
    if len(found) != 1:
        raise ConfigurationError(f"{'several topics begin' if found else 'no topic begins'} with “{start}”")
    return found[0]
