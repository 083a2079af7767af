"""Material: a topic with its sources and its channel, read from the tables as a brief."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Channel,
    ItemJudgement,
    Persona,
    Series,
    SeriesStatus,
    SourceItem,
    Topic,
    TopicSighting,
    TopicStatus,
)
from shorts_pipeline.database.documents import CommunicationStyle, ContentConfig, OperationConfig
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.language import detect
from shorts_pipeline.scripts.brief import Episode, Story, Voice

# Tellings of one story that are read at most, its own source's first.
MOST_TELLINGS = 4
# Earlier stories of its series that a writer is told of, the latest first.
MOST_EPISODES = 5


@dataclass(frozen=True)
class Newsroom:
    """A channel as far as its scripts are concerned."""

    id: UUID
    slug: str
    active: bool
    content: ContentConfig
    operation: OperationConfig
    voice: Voice


def newsroom(session: Session, slug: str) -> Newsroom:
    """The channel called `slug`. Raises `NeedsPerson` if there is none."""
    row = session.execute(
        select(Channel, Persona).outerjoin(Persona, Persona.channel_id == Channel.id).where(Channel.slug == slug)
    ).first()
    if row is None:
        raise NeedsPerson(f"there is no channel “{slug}”: apply its file with `shorts channels apply`")
    channel, persona = row
    voice = _voice(channel, persona) if persona is not None else Voice(channel.name, CommunicationStyle())
    return Newsroom(
        channel.id, channel.slug, channel.status == "active", channel.content_config, channel.operation_config, voice
    )


def _voice(channel: Channel, persona: Persona) -> Voice:
    handle = [channel.youtube_handle] if channel.youtube_handle else []
    hashtags = [f"#{tag.removeprefix('#')}" for tag in channel.default_hashtags]
    return Voice(
        name=persona.name,
        style=persona.communication_style,
        rate=persona.voice_settings.rate,
        tagline=persona.tagline or "",
        description=persona.description or "",
        expertise=tuple(persona.expertise),
        perspective=persona.perspective,
        examples=persona.examples,
        addresses=(*handle, *hashtags, *channel.default_links),
    )


def story_of(session: Session, topic_id: UUID) -> Story:
    """The topic as its sources tell it, in its own language."""
    topic = session.get_one(Topic, topic_id)
    items = session.scalars(
        select(SourceItem)
        .where(
            or_(
                SourceItem.id.in_(select(TopicSighting.source_item_id).where(TopicSighting.topic_id == topic_id)),
                SourceItem.id.in_(
                    select(ItemJudgement.source_item_id).where(
                        ItemJudgement.topic_id == topic_id, ItemJudgement.channel_id == topic.channel_id
                    )
                ),
            )
        )
        .order_by(
            (SourceItem.url == topic.source_url).desc().nulls_last(),
            (SourceItem.source_id == topic.source_id).desc(),
            SourceItem.published_at.nulls_last(),
            SourceItem.id,
        )
    ).all()
    episode = _episode(session, topic) if topic.series_id else None
    tellings = [item.text for item in items if item.text.strip() and detect(item.text) == topic.language]
    return Story(
        topic_id=topic.id,
        title=topic.title_original,
        language=topic.language,
        summary=topic.summary or "",
        texts=tuple(dict.fromkeys(tellings))[:MOST_TELLINGS],
        keywords=tuple(topic.keywords),
        score=topic.score_total,
        episode=episode,
        blamed=tuple(
            str(each["name"])
            for each in topic.entities
            if each.get("type") == "person" and each.get("sentiment") == "negative" and each.get("name")
        ),
    )


def _episode(session: Session, topic: Topic) -> Episode | None:
    """Where the topic stands in its series; None for one that has ended."""
    series = session.get(Series, topic.series_id)
    if series is None or series.status == SeriesStatus.ENDED:
        return None
    before = session.scalars(
        select(Topic.title_original)
        .where(Topic.series_id == series.id, Topic.status == TopicStatus.USED, Topic.id != topic.id)
        .order_by(Topic.published_at.desc().nulls_last(), Topic.id)
        .limit(MOST_EPISODES)
    ).all()
    return Episode(series.name, series.description or "", series.episode_count + 1, tuple(before))
