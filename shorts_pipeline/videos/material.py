"""Material: a channel and a script, read from the tables as what a video is made of."""

import zlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, ChannelStatus, MediaCredit, Persona, Script, Topic, Video
from shorts_pipeline.database.documents import ContentConfig, OperationConfig, VoiceSettings
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.language import clean_line, sentences
from shorts_pipeline.resources.speech import asked_engine

NOT_AGAIN_FOR = 20
"""Videos of a channel before a borrowed picture may be seen again."""


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

    @property
    def engine(self) -> str:
        """What speaks unless something has to stand in for it."""
        return asked_engine(self.tts_service, self.content.language, self.voice_id, self.voice_gender)


@dataclass(frozen=True)
class Material:
    """A script and what its topic is called; `issues` are what the script's judge found.

    `shown` are the pictures of the channel's last videos, which this one does not show again.
    """

    script_id: UUID
    text: str
    title: str
    keywords: tuple[str, ...]
    issues: tuple[str, ...]
    priority: int
    shown: frozenset[str] = frozenset()

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
        shown=shown_lately(session, script.channel_id, but=script.id),
    )


def shown_lately(session: Session, channel_id: UUID, *, but: UUID) -> frozenset[str]:
    """Identities of the works in the channel's last 20 videos, those of the script `but` not counted."""
    lately = (
        select(Video.id)
        .where(Video.channel_id == channel_id, Video.script_id != but, Video.video_path.is_not(None))
        .order_by(Video.created_at.desc(), Video.id)
        .limit(NOT_AGAIN_FOR)
    )
    shown = select(MediaCredit.identity).where(MediaCredit.video_id.in_(lately), MediaCredit.identity.is_not(None))
    return frozenset(identity for identity in session.scalars(shown.distinct()) if identity)


def _title(topic: Topic, text: str, language: str) -> str:
    """The topic's title in the channel's language; without one, how the script begins."""
    if topic.language == language:
        return clean_line(topic.title_original)
    if topic.title_translated:
        return clean_line(topic.title_translated)
    return next(iter(sentences(text, language)), "")
