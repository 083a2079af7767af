"""Speech services over HTTP: one request within a time limit, and what their refusals mean."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

from pydantic import SecretStr

from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.resources.speech.narration import NarrationFailed

CONNECT_LIMIT = 5.0
READ_LIMIT = 20.0
"""Seconds without a byte. The whole answer has the engine's own limit."""
LARGEST = 64 * 1024 * 1024
QUOTA_REST = timedelta(minutes=30)
FindSecret = Callable[[str], SecretStr | None]


@dataclass(frozen=True)
class Service:
    """Where a service is, how it is called in messages, and the usual name of its secret."""

    name: str
    base: str
    usual_secret: str


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    kind: str
    retry_after: timedelta | None = None


def no_secrets(_name: str) -> SecretStr | None:
    """For who has none."""
    return None


def key_of(service: Service, named: str | None, find: FindSecret) -> str:
    """The key. Raises `NeedsPerson` where there is none, saying where to put it."""
    name = named or service.usual_secret
    found = find(name)
    if found is None:
        raise NeedsPerson(
            f"{service.name} needs its key: set the secret {name} in the environment or as a file in SECRETS_FOLDER "
            "(docs/channels.md), or choose another persona.tts_service"
        )
    return found.get_secret_value()


def post(service: Service, path: str, seconds: float, headers: Mapping[str, str], **body: Any) -> Answer:
    """Ask once. Raises `NarrationFailed` where no whole answer came within `seconds`."""
    import requests
    import urllib3

    deadline = time.monotonic() + seconds
    limits = (CONNECT_LIMIT, min(seconds, READ_LIMIT))
    try:
        # Never a redirect: the key would go along.
        with requests.post(
            service.base + path, headers=dict(headers), timeout=limits, stream=True, allow_redirects=False, **body
        ) as response:
            found = bytearray()
            # What has come so far, not a full block: a drip must not outwait the limit.
            while chunk := response.raw.read1(1 << 16, decode_content=True):
                found += chunk
                if time.monotonic() > deadline:
                    raise NarrationFailed(f"{service.name} did not finish within {seconds:.0f} s")
                if len(found) > LARGEST:
                    raise NarrationFailed(f"{service.name} gave more than {LARGEST >> 20} MB")
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return Answer(response.status_code, bytes(found), kind, _retry_after(response.headers))
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        # Its own text holds the address, and may hold more.
        raise NarrationFailed(f"{service.name} cannot be reached or broke off ({type(error).__name__})") from None


def refuse(service: Service, answer: Answer, named: str | None) -> NoReturn:
    """What a status other than 200 means, as far as it means the same for every service."""
    if answer.status in {401, 403}:
        raise NeedsPerson(
            f"{service.name} refuses the key ({answer.status}): check the secret {named or service.usual_secret}"
        )
    if answer.status == 429:
        raise NarrationFailed(f"{service.name} has had too many requests (429)", delay=answer.retry_after)
    raise NarrationFailed(f"{service.name} failed (status {answer.status})", delay=answer.retry_after)


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    told = headers.get("Retry-After", "")
    return timedelta(seconds=min(int(told), 86_400)) if told.isdigit() else None
