"""credentials: the tokens channels publish and measure with, encrypted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.enums import CredentialState
from shorts_pipeline.database.types import cascade, strings_column, word_column


class Credential(UUIDMixin, TimestampMixin, Base):
    """One channel's token for one purpose. Never print `encrypted_token`.

    `authorised_at` is when a person last gave it, `checked_at` when Google last took it, `allowed_at` when somebody
    said that the channel may publish with it.
    """

    __tablename__ = "credentials"
    __table_args__ = (UniqueConstraint("channel_id", "purpose"),)

    channel_id: Mapped[UUID] = mapped_column(cascade("channels.id"))
    purpose: Mapped[str] = mapped_column(String(100))
    encrypted_token: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = strings_column()
    state: Mapped[CredentialState] = word_column(CredentialState, CredentialState.OK)
    checked_at: Mapped[datetime | None] = mapped_column()
    project: Mapped[str | None] = mapped_column(String(100))
    youtube_channel_id: Mapped[str | None] = mapped_column(String(50))
    authorised_at: Mapped[datetime | None] = mapped_column()
    allowed_at: Mapped[datetime | None] = mapped_column()
    reason: Mapped[str | None] = mapped_column(Text)
