"""personas: the channel's speaker, one per channel."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.documents import CommunicationStyle, PersonaExamples, Perspective, VoiceSettings
from shorts_pipeline.database.enums import TTSService
from shorts_pipeline.database.types import cascade, document_column, enum_column, string_column, strings_column

if TYPE_CHECKING:
    from shorts_pipeline.database.channel import Channel


class Persona(UUIDMixin, TimestampMixin, Base):
    """How a channel speaks: voice, manner, view of the world, examples."""

    __tablename__ = "personas"

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    tagline: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    expertise: Mapped[list[str]] = strings_column()
    voice_gender: Mapped[str] = string_column(10, "male")
    tts_service: Mapped[TTSService] = enum_column(TTSService, "tts_service", TTSService.EDGE_TTS)
    voice_id: Mapped[str] = mapped_column(String(100))
    voice_settings: Mapped[VoiceSettings] = document_column(VoiceSettings)
    communication_style: Mapped[CommunicationStyle] = document_column(CommunicationStyle)
    perspective: Mapped[Perspective] = document_column(Perspective)
    examples: Mapped[PersonaExamples] = document_column(PersonaExamples)

    channel: Mapped["Channel"] = relationship(back_populates="persona", lazy="raise")
