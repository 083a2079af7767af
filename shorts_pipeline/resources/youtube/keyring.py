"""The keys that stored tokens are sealed with: the first one seals, all of them open.

A Fernet key is 32 random bytes, URL-safe base64 (https://github.com/fernet/spec).
"""

from typing import TYPE_CHECKING

from shorts_pipeline.errors import ConfigurationError, NeedsPerson
from shorts_pipeline.settings import Settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

_MAKE_ONE = "run `shorts youtube key` and put what it prints into the environment or .env as TOKEN_KEYS"


class Keyring:
    """Seals and opens texts. Neither keys nor texts are ever shown."""

    def __init__(self, fernet: "MultiFernet") -> None:
        self._fernet = fernet

    @classmethod
    def from_settings(cls, settings: Settings) -> "Keyring":
        """The keys of TOKEN_KEYS; raises `ConfigurationError` where there are none or one of them is no key."""
        from cryptography.fernet import Fernet, MultiFernet

        given = settings.token_keys.get_secret_value() if settings.token_keys else ""
        keys = [key for part in given.split(",") if (key := part.strip())]
        if not keys:
            raise ConfigurationError(f"YouTube tokens are stored encrypted and there is no key yet: {_MAKE_ONE}")
        fernets = []
        for number, key in enumerate(keys, start=1):
            try:
                fernets.append(Fernet(key))
            except ValueError:
                message = f"key {number} of {len(keys)} in TOKEN_KEYS is no Fernet key: {_MAKE_ONE}"
                raise ConfigurationError(message) from None
        return cls(MultiFernet(fernets))

    def seal(self, text: str) -> str:
        """The text under the first key."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text again; raises `NeedsPerson` where no key fits."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise NeedsPerson(
                "no key of TOKEN_KEYS opens the stored YouTube token: add the key it was stored with, "
                "or authorise the channel again with `shorts youtube connect <channel>`"
            ) from None


def new_key() -> str:
    """A key for TOKEN_KEYS."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
