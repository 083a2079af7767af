"""credentials: the tokens channels publish and measure with, encrypted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.enums import CredentialState
from shorts_pipeline.database.types import cascade, strings_column, word_column


class Credential(UUIDMixin, TimestampMixin, Base):
    """One channel's token for one purpose. Never print `encrypted_token`."""

    __tablename__ = "credentials"
    __table_args__ = (UniqueConstraint("channel_id", "purpose"),)

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"))
    purpose: Mapped[str] = mapped_column(String(100))
    encrypted_token: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = strings_column()
    state: Mapped[CredentialState] = word_column(CredentialState, CredentialState.OK)
    checked_at: Mapped[datetime | None] = mapped_column()
