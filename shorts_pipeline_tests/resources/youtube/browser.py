"""A person with a browser: opens the address, chooses a channel, and sees where the browser ends."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import requests


def visit(address: str, channel: str = "news", **changed: str) -> str:
    """Allow as `channel`; returns the address that the browser is sent to. `changed` overwrites what was asked."""
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | {"login_hint": channel} | changed
    answer = requests.get(
        urlunsplit(parts._replace(query=urlencode(asked))), allow_redirects=False, timeout=10, proxies={"http": ""}
    )
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


class Elsewhere:
    """A browser on another machine, and the person who carries the address there and back."""

    def __init__(self, channel: str = "news", *, back: Callable[[str], str] = str, **changed: str) -> None:
        self.channel, self.changed, self._back = channel, changed, back
        self.ended = ""

    def show(self, address: str) -> None:
        self.ended = visit(address, self.channel, **self.changed)

    def ask(self) -> str:
        return self._back(self.ended)
