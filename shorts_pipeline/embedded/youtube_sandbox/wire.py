"""The connection below a request, so that a fault can cut it. uvicorn hides it; this protocol remembers it."""

import asyncio
from typing import Any

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

_open: dict[tuple[str, int], asyncio.Transport] = {}


class RememberedProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, its connections kept by the client's address."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        # Two servers of one process share this book; a client's address is one connection on this machine.
        self._peer: tuple[str, int] = tuple(transport.get_extra_info("peername")[:2])
        _open[self._peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _open.pop(self._peer, None)
        super().connection_lost(exc)


async def cut(scope: Scope) -> None:
    """Break the connection that a request came on."""
    client = tuple(scope["client"])
    transport = _open.get(client)
    if transport is None:
        return
    transport.abort()
    # The protocol hears of it in the loop's next turn; only then does uvicorn expect no answer any more.
    while client in _open:
        await asyncio.sleep(0)
