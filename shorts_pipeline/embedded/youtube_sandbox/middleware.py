"""Between the wire and the answers: long GETs sent as POST, and the playing of faults."""

import asyncio
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shorts_pipeline.embedded.youtube_sandbox.answers import refusal
from shorts_pipeline.embedded.youtube_sandbox.faults import Fault, FaultBook
from shorts_pipeline.embedded.youtube_sandbox.tokens import bearer, name_in_form
from shorts_pipeline.embedded.youtube_sandbox.wire import cut

OWN = "/_sandbox"


class MethodOverride:
    """The client sends a GET whose address is too long (200 video ids) as a POST with X-HTTP-Method-Override."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            override = Headers(scope=scope).get("x-http-method-override")
            if override is not None:
                body = await _whole_body(receive)
                scope = {**scope, "method": override.upper(), "query_string": body}
                receive = _again(b"")
        await self.app(scope, receive, send)


class PlayFaults:
    """Meets each request with the fault on order for it, if there is one."""

    def __init__(self, app: ASGIApp, book: FaultBook) -> None:
        self.app = app
        self.book = book

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(OWN):
            await self.app(scope, receive, send)
            return
        credential = bearer(Headers(scope=scope))
        if urlsplit(scope["path"]).path == "/token":
            body = await _whole_body(receive)
            credential, receive = name_in_form(body), _again(body)
        fault = self.book.take(scope["method"], scope["path"], credential)
        if fault is None:
            await self.app(scope, receive, send)
        else:
            await self._play(fault, scope, receive, send)

    async def _play(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        do = fault.do
        await asyncio.sleep(do.delay)
        if do.order is not None:
            scope = {**scope, "sandbox.order": do.order}
        if fault.match.after_bytes is not None:
            await self.app(scope, _ending_after(fault.match.after_bytes, receive), _nowhere)
        elif do.lose_reply:
            await self.app(scope, receive, _nowhere)
        if do.drop or do.lose_reply:
            await cut(scope)
        elif do.status is not None:
            # A body that is not read would break the connection before the answer arrives.
            await _whole_body(receive)
            answer = refusal(do.status, do.reason, retry_after=do.retry_after)
            await answer(scope, receive, send)
        elif do.answer is not None:
            await _whole_body(receive)
            await JSONResponse(do.answer)(scope, receive, send)
        elif fault.match.after_bytes is None:
            await self.app(scope, receive, send)
        else:
            await cut(scope)


def _ending_after(limit: int, receive: Receive) -> Receive:
    """The request's body as if the line had gone dead after `limit` bytes."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        if seen >= limit:
            return {"type": "http.disconnect"}
        message = await receive()
        body = message.get("body", b"")[: limit - seen]
        seen += len(body)
        return {"type": "http.request", "body": body, "more_body": True} if body else message

    return limited


async def _nowhere(message: Message) -> None:
    """An answer that nobody gets."""


async def _whole_body(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(pieces)
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)


def _again(body: bytes) -> Receive:
    """A body that was read, to be read once more."""
    told = False

    async def receive() -> Message:
        nonlocal told
        if told:
            return {"type": "http.disconnect"}
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
