"""Notices over apprise: Telegram, Slack, e-mail, webhooks and a hundred more, by one address each.

An address holds passwords and tokens: it is never shown, and apprise's own log, which may, is not listened to.
"""

import logging
from typing import TYPE_CHECKING, Protocol

import dagster as dg
from pydantic import SecretStr

from shorts_pipeline.errors import NeedsPerson, RetryLater

if TYPE_CHECKING:
    from apprise import Apprise

TIME_LIMIT = 10
"""Seconds to connect, and again to answer."""


class Said(Protocol):
    """A title and a body."""

    @property
    def title(self) -> str: ...

    @property
    def body(self) -> str: ...


class NoticesResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Sends messages."""

    def send(self, address: SecretStr, message: Said) -> None:
        """Send one message. Raises `NeedsPerson` for what is no address, `RetryLater` where it was not taken."""
        to = _opened(address)
        if not to.notify(body=message.body, title=message.title):
            raise RetryLater("the message was not taken; is the address right and the service up?")


def _opened(address: SecretStr) -> "Apprise":
    from apprise import Apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    to = Apprise()
    value = address.get_secret_value()
    limits = f"cto={TIME_LIMIT}&rto={TIME_LIMIT}"
    if not to.add(value + ("&" if "?" in value else "?") + limits):
        raise NeedsPerson("the secret is no address that apprise knows, such as tgram://token/chat or mailto://…")
    return to
