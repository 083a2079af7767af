"""Material: a channel and a script, read from the tables as what a video is made of."""

import zlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, ChannelStatus, Persona, Script, Topic
from shorts_pipeline.database.documents import ContentConfig, OperationConfig, VoiceSettings
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.language import clean_line, sentences


@dataclass(frozen=True)
class Studio:
    """A channel as far as its videos are concerned."""

    id: UUID
    slug: str
    name: str
    active: bool
    content: ContentConfig
    operation: OperationConfig
    tts_service: str
    voice_id: str
    voice_gender: str
    voice_settings: VoiceSettings


@dataclass(frozen=True)
class Material:
    """A script and what its topic is called; `issues` are what the script's judge found."""

    script_id: UUID
    text: str
    title: str
    keywords: tuple[str, ...]
    issues: tuple[str, ...]
    priority: int

    @property
    def seed(self) -> int:
        """A number of its own: the same script always looks the same."""
        return zlib.crc32(self.script_id.bytes)


def studio(session: Session, slug: str) -> Studio:
    """The channel called `slug`. Raises `NeedsPerson` if there is none, or nobody to speak."""
    row = session.execute(
        select(Channel, Persona).outerjoin(Persona, Persona.channel_id == Channel.id).where(Channel.slug == slug)
    ).first()
    if row is None:
        raise NeedsPerson(f"there is no channel “{slug}”: apply its file with `shorts channels apply`")
    channel, persona = row
    if persona is None:
        raise NeedsPerson(f"the channel “{slug}” has no persona: add one to its file and apply it")
    return Studio(
        id=channel.id,
        slug=channel.slug,
        name=channel.name,
        active=channel.status is ChannelStatus.ACTIVE,
        content=channel.content_config,
        operation=channel.operation_config,
        tts_service=persona.tts_service.value,
        voice_id=persona.voice_id,
        voice_gender=persona.voice_gender,
        voice_settings=persona.voice_settings,
    )


def material_of(session: Session, script_id: UUID, language: str) -> Material:
    """The script with its topic, in the channel's language."""
    script, topic = session.execute(
        select(Script, Topic).join(Topic, Topic.id == Script.topic_id).where(Script.id == script_id)
    ).one()
    return Material(
        script_id=script.id,
        text=script.script_text,
        title=_title(topic, script.script_text, language),
        keywords=tuple(topic.keywords) if topic.language == language else (),
        issues=tuple(script.quality_issues),
        priority=topic.score_total,
    )


def _title(topic: Topic, text: str, language: str) -> str:
    """The topic's title in the channel's language; without one, how the script begins."""
    if topic.language == language:
        return clean_line(topic.title_original)
    if topic.title_translated:
        return clean_line(topic.title_translated)
    return next(iter(sentences(text, language)), "")
