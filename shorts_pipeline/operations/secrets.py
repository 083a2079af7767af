"""Secrets by name: from the environment, else from a file of that name in SECRETS_FOLDER. Never stored, never shown."""

import os
import re
from typing import Final

from pydantic import SecretStr

from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.settings import Settings

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_OWN: Final = frozenset(str(field.alias) for field in Settings.model_fields.values())
"""The program's own variables hold passwords too; a channel file cannot have them sent anywhere."""


def find_secret(name: str, settings: Settings) -> SecretStr | None:
    """The secret of this name; None where there is none. Raises `ConfigurationError` for a name it cannot have."""
    if not _NAME.fullmatch(name) or name in _OWN:
        raise ConfigurationError(f"{name[:20]!r} cannot be the name of a secret; write another in the channel's file")
    if value := os.environ.get(name, "").strip():
        return SecretStr(value)
    if settings.secrets_folder is None:
        return None
    try:
        value = (settings.secrets_folder / name).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return SecretStr(value) if value else None


def secret(name: str, settings: Settings) -> SecretStr:
    """The secret of this name, or what to do where it is missing."""
    found = find_secret(name, settings)
    if found is None:
        raise ConfigurationError(f"no secret {name}: set it in the environment, or as a file in SECRETS_FOLDER")
    return found
