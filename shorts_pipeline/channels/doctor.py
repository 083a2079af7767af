"""Checks of the channels: the secrets they name are there, and what publishes to YouTube may do so."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Channel,
    ChannelSource,
    ChannelStatus,
    Credential,
    CredentialState,
    Persona,
    Source,
)
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.operations.doctor import Check, Finding, Machine
from shorts_pipeline.operations.secrets import find_secret
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.youtube.keyring import Keyring


def named_secrets(session: Session) -> dict[str, set[str]]:
    """Names of secrets, each with the channels that need it; archived channels need none."""
    named: dict[str, set[str]] = {}
    for slug, name in _named(session):
        if name is not None:
            named.setdefault(name, set()).add(slug)
    return named


def secrets(machine: Machine) -> Finding:
    """Every secret a channel names is in the environment or in SECRETS_FOLDER."""
    with PostgresResource.from_settings(machine.settings).sessions() as session:
        named = named_secrets(session)
    missing = [name for name in sorted(named) if find_secret(name, machine.settings) is None]
    if missing:
        listed = "; ".join(f"{name} (needed by {', '.join(sorted(named[name]))})" for name in missing)
        return Finding(False, f"missing: {listed}", "set them in the environment, or as files in SECRETS_FOLDER")
    return Finding(True, f"all {len(named)} are there" if named else "no channel names one")


def youtube(machine: Machine) -> Finding:
    """Every channel that publishes to YouTube has a credential that works, and a key of TOKEN_KEYS opens it."""
    with PostgresResource.from_settings(machine.settings).sessions() as session:
        wanting = [row for row in _working(session) if row.operation_config.publish.publish_to == "youtube"]
        good = select(Credential).where(Credential.state == CredentialState.OK)
        tokens = {(row.channel_id, row.purpose): row.encrypted_token for row in session.scalars(good)}
    names = {row.slug: (row.id, row.operation_config.publish.credential or row.slug) for row in wanting}
    missing = sorted(slug for slug, name in names.items() if name not in tokens)
    if missing:
        remedy = "; ".join(f"run `shorts youtube connect {slug}`" for slug in missing)
        return Finding(False, f"not authorised: {', '.join(missing)}", remedy)
    if not wanting:
        return Finding(True, "all channels stay on the sandbox")
    try:
        keyring = Keyring.from_settings(machine.settings)
        for name in names.values():
            keyring.open(tokens[name])
    except NeedsPerson as error:
        return Finding(False, "the stored tokens cannot be opened", str(error))
    return Finding(True, f"{len(wanting)} channels are authorised")


def _working(session: Session) -> list[Channel]:
    query = select(Channel).where(Channel.status != ChannelStatus.ARCHIVED).order_by(Channel.slug)
    return list(session.scalars(query))


def _named(session: Session) -> Iterator[tuple[str, str | None]]:
    for channel in _working(session):
        for address in channel.operation_config.notifications.addresses:
            yield channel.slug, address
        yield channel.slug, channel.content_config.model_secret
        video = channel.content_config.video
        for name in (video.pexels_secret, video.pixabay_secret, video.generated_secret):
            yield channel.slug, name
    not_archived = Channel.status != ChannelStatus.ARCHIVED
    speakers = select(Channel.slug, Persona).join(Persona, Persona.channel_id == Channel.id).where(not_archived)
    for slug, persona in session.execute(speakers):
        yield slug, persona.voice_settings.secret
    listening = (
        select(Channel.slug, Source)
        .join(ChannelSource, ChannelSource.channel_id == Channel.id)
        .join(Source, Source.id == ChannelSource.source_id)
        .where(not_archived, ChannelSource.enabled, Source.is_active)
    )
    for slug, source in session.execute(listening):
        yield slug, source.connection_config.secret


NO_TABLES: Final = "run `shorts migrate`, then `shorts channels apply channels/*.yaml`"
CHECKS: Final = (
    Check("secrets", secrets, NO_TABLES),
    Check("YouTube", youtube, NO_TABLES),
)
