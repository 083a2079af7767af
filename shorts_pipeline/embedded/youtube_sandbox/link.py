"""A slow line to the sandbox: what comes in passes at so many bytes a second, and every answer takes its time.

One line for all connections. What the machine itself is late by is made up for, up to `SLACK`: a real line goes on
sending while its receiver is busy.
"""

import asyncio
import time
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SLACK = 0.1


@dataclass(frozen=True)
class Link:
    """Bytes a second towards the sandbox, and seconds until its answer is back."""

    bytes_per_second: float
    delay: float = 0.0


class SlowLink:
    """Holds each request's body to the line's speed, and its answer for the line's delay."""

    def __init__(self, app: ASGIApp, link: Link) -> None:
        self.app = app
        self.link = link
        self._free_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_sandbox"):
            await self.app(scope, receive, send)
            return

        async def slowly() -> Message:
            message = await receive()
            await self._pass(len(message.get("body", b"")))
            return message

        async def later(message: Message) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(self.link.delay)
            await send(message)

        await self.app(scope, slowly, later)

    async def _pass(self, size: int) -> None:
        now = time.monotonic()
        self._free_at = max(self._free_at, now - SLACK) + size / self.link.bytes_per_second
        if self._free_at > now:
            await asyncio.sleep(self._free_at - now)
