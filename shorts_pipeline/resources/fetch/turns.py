"""Turns: when a request to a host may start. The fetcher takes one for every hop; its caller says when it comes."""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Protocol


class Turn(Protocol):
    """A turn at the host of `address`: entering waits for it, leaving gives it back.

    `near`: the request goes to this machine (a mirror, a test), where nobody is hurt by haste.
    A failure of the request leaves through it, so that it hears what the host asked for.
    """

    def __call__(self, address: str, *, now: datetime, near: bool) -> AbstractContextManager[None]: ...


def at_once(address: str, *, now: datetime, near: bool) -> AbstractContextManager[None]:  # noqa: ARG001
    """No waiting."""
    return nullcontext()
