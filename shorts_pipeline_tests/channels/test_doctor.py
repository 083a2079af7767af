"""What the doctor asks of channels: named secrets, and the right to publish."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels import doctor
from shorts_pipeline.clock import SystemClock
from shorts_pipeline.database import ChannelStatus, Credential, CredentialState
from shorts_pipeline.operations.doctor import Machine
from shorts_pipeline.resources.youtube.keyring import Keyring, new_key
from shorts_pipeline.settings import Settings
from shorts_pipeline_tests.rows import a_channel, a_source

NAMING: dict[str, Any] = {
    "content_config": {"model_secret": "MODEL_KEY"},
    "operation_config": {"notifications": {"addresses": ["SLACK_ADDRESS"]}},
}


@pytest.fixture
def machine(own_database_url: str, tmp_path: Path) -> Machine:
    given = {"DATABASE_URL": own_database_url, "SECRETS_FOLDER": tmp_path, "TOKEN_KEYS": SecretStr(new_key())}
    return Machine(Settings(**given), SystemClock())


def test_a_machine_without_channels_is_fine(machine: Machine):
    assert doctor.secrets(machine).message == "no channel names one"
    assert doctor.youtube(machine).ok


def test_every_named_secret_is_looked_for(machine: Machine, sessions: sessionmaker[Session], tmp_path: Path):
    with sessions.begin() as session:
        channel = a_channel(session, slug="one", persona={"voice_settings": {"secret": "VOICE_KEY"}}, **NAMING)
        a_source(session, channel, connection_config={"url": "https://api.example", "secret": "SOURCE_KEY"})
        a_channel(session, slug="two", **NAMING)
        a_channel(session, slug="away", status=ChannelStatus.ARCHIVED, content_config={"model_secret": "OLD_KEY"})
    found = doctor.secrets(machine)
    assert not found.ok
    assert found.message == (
        "missing: MODEL_KEY (needed by one, two); SLACK_ADDRESS (needed by one, two); "
        "SOURCE_KEY (needed by one); VOICE_KEY (needed by one)"
    )
    for name in ("MODEL_KEY", "SLACK_ADDRESS", "SOURCE_KEY", "VOICE_KEY"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert doctor.secrets(machine).message == "all 4 are there"


def test_a_channel_that_publishes_to_youtube_needs_a_working_credential(
    machine: Machine, sessions: sessionmaker[Session]
):
    with sessions.begin() as session:
        channel = a_channel(session, slug="one", operation_config={"publish": {"publish_to": "youtube"}})
    found = doctor.youtube(machine)
    assert (found.ok, found.remedy) == (False, "run `shorts youtube connect one`")
    with sessions.begin() as session:
        token = {"purpose": "one", "encrypted_token": Keyring.from_settings(machine.settings).seal("token")}
        credential = Credential(channel_id=channel.id, state=CredentialState.NEEDS_REAUTHORISING, **token)
        session.add(credential)
    assert not doctor.youtube(machine).ok
    with sessions.begin() as session:
        session.merge(credential).state = CredentialState.OK
    assert doctor.youtube(machine).ok
    for keys, remedy in ((new_key(), "add the key it was stored with"), ("", "shorts youtube key")):
        other = machine.settings.model_copy(update={"token_keys": SecretStr(keys)})
        found = doctor.youtube(replace(machine, settings=other))
        assert not found.ok
        assert remedy in found.remedy
