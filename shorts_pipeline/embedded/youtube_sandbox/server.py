"""The server: routes, its own small interface under /_sandbox, and running it in a thread or in the foreground."""

import json
import socket
import threading
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import uvicorn
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shorts_pipeline.clock import Clock
from shorts_pipeline.embedded.youtube_sandbox import analytics_api, captions_api, data_api, reporting_api
from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError, refusal
from shorts_pipeline.embedded.youtube_sandbox.existing import Seeds, put
from shorts_pipeline.embedded.youtube_sandbox.faults import Fault, FaultBook
from shorts_pipeline.embedded.youtube_sandbox.link import Link, SlowLink
from shorts_pipeline.embedded.youtube_sandbox.middleware import MethodOverride, PlayFaults
from shorts_pipeline.embedded.youtube_sandbox.quota import QuotaBook
from shorts_pipeline.embedded.youtube_sandbox.sessions import Sessions
from shorts_pipeline.embedded.youtube_sandbox.store import Store
from shorts_pipeline.embedded.youtube_sandbox.tokens import Authorisations
from shorts_pipeline.embedded.youtube_sandbox.wire import RememberedProtocol
from shorts_pipeline.embedded.youtube_sandbox.world import World

HOST = "127.0.0.1"
PROCESSING = timedelta(seconds=60)


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that answers at `url`, and a shorthand for its own interface."""

    url: str
    root: Path

    def order(self, *, match: Mapping[str, Any] | None = None, do: Mapping[str, Any]) -> None:
        """Order a fault: see faults.Match and faults.Do."""
        self._call("POST", "faults", {"match": dict(match or {}), "do": dict(do)})

    def clear(self) -> None:
        """Forget all faults."""
        self._call("DELETE", "faults")

    def seed(self, channel: str, videos: Sequence[Mapping[str, Any]]) -> list[str]:
        """Put videos that were there before into a channel (see existing.Existing); their ids, in order."""
        asked = {"channel": channel, "videos": [dict(each) for each in videos]}
        return [str(each) for each in self._call("POST", "videos", asked)["ids"]]

    def state(self) -> dict[str, Any]:
        """What it holds: channels, videos, sessions, quota, calls, faults."""
        return self._call("GET", "state")

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body, default=str).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox/{path}", data=data, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            return cast(dict[str, Any], json.load(answer))


def make_app(
    root: Path,
    clock: Clock,
    *,
    processing: timedelta = PROCESSING,
    quota: Mapping[str, int] | None = None,
    link: Link | None = None,
) -> Starlette:
    """The sandbox as an ASGI application, its memory in `root`."""
    store = Store(root)
    faults = FaultBook(store.root / "faults.json")
    sessions = Sessions(processing)
    authorisations = Authorisations(store.root / "revoked.json")
    app = Starlette(
        routes=[
            Route("/o/oauth2/auth", authorisations.authorise, methods=["GET"]),
            Route("/token", authorisations.token, methods=["POST"]),
            Route("/revoke", authorisations.revoke, methods=["POST"]),
            *(Route(f"{way}/upload/youtube/v3/videos", sessions.post, methods=["POST"]) for way in _UPLOAD_WAYS),
            *(Route(f"{way}/upload/youtube/v3/videos", sessions.put, methods=["PUT"]) for way in _UPLOAD_WAYS),
            *data_api.ROUTES,
            *captions_api.ROUTES,
            *analytics_api.ROUTES,
            *reporting_api.ROUTES,
            Route("/_sandbox/state", _state, methods=["GET"]),
            Route("/_sandbox/videos", _seed, methods=["POST"]),
            Route("/_sandbox/faults", _order, methods=["POST"]),
            Route("/_sandbox/faults", _clear, methods=["DELETE"]),
        ],
        middleware=[
            *([Middleware(SlowLink, link=link)] if link else []),
            Middleware(MethodOverride),
            Middleware(PlayFaults, book=faults),
        ],
        exception_handlers={ApiError: _refused, ClientDisconnect: _gone},
    )
    app.state.world = World(store, clock, QuotaBook(store.root / "quota.json", quota))
    app.state.faults = faults
    return app


_UPLOAD_WAYS = ("", "/resumable")


@contextmanager
def serve(
    root: Path,
    clock: Clock,
    port: int = 0,
    *,
    processing: timedelta = PROCESSING,
    quota: Mapping[str, int] | None = None,
    link: Link | None = None,
) -> Iterator[RunningSandbox]:
    """Run a sandbox in a thread. `processing`: how long a video takes on `clock`; `quota`: limits unlike YouTube's;
    `link`: a line slower than this machine's."""
    listening = _listen(port)
    server = uvicorn.Server(_config(make_app(root, clock, processing=processing, quota=quota, link=link)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="youtube-sandbox", daemon=True)
    thread.start()
    try:
        # The socket listens already: a first request waits for the server to take it.
        yield RunningSandbox(f"http://{HOST}:{listening.getsockname()[1]}", root)
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        listening.close()


def run(root: Path, clock: Clock, port: int, *, processing: timedelta = PROCESSING, link: Link | None = None) -> None:
    """Run a sandbox in the foreground until it is told to stop."""
    uvicorn.Server(_config(make_app(root, clock, processing=processing, link=link))).run(sockets=[_listen(port)])


def _listen(port: int) -> socket.socket:
    # Named TCP, or asyncio does not switch off Nagle's algorithm, and each answer waits 40 ms for an acknowledgement.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    listening.listen(128)
    return listening


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app, http=RememberedProtocol, loop="asyncio", lifespan="off", log_level="warning", timeout_graceful_shutdown=1
    )


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return refusal(error.status, error.reason, str(error))


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=499)


async def _state(request: Request) -> Response:
    world, faults = cast(World, request.app.state.world), cast(FaultBook, request.app.state.faults)
    now, store = world.clock.now(), world.store
    videos = [
        video.model_dump(mode="json", exclude={"session", "captions"})
        | {"privacy_now": video.privacy_now(now), "upload_status": video.upload_status(now)}
        for video in store.videos.values()
    ]
    # A session's address is a secret: only what it is about is shown.
    sessions = [
        {"channel": s.channel, "slug": s.slug, "received": store.received(s), "video_id": s.video_id}
        for s in store.sessions.values()
    ]
    return JSONResponse(
        {
            "now": now.isoformat(),
            "channels": [{"name": channel.name, "id": channel.id} for channel in store.channels.values()],
            "videos": videos,
            "sessions": sessions,
            "quota": {"spent": world.quota.spent(now), "limits": world.quota.limits},
            "calls": dict(world.calls),
            "faults": [fault.model_dump(mode="json") for fault in faults.faults],
        }
    )


async def _seed(request: Request) -> Response:
    try:
        seeds = Seeds.model_validate(await request.json())
    except (ValidationError, ValueError) as error:
        raise ApiError(400, "badRequest", str(error)) from error
    return JSONResponse({"ids": put(cast(World, request.app.state.world), seeds)})


async def _order(request: Request) -> Response:
    try:
        fault = Fault.model_validate(await request.json())
    except (ValidationError, ValueError) as error:
        raise ApiError(400, "badRequest", str(error)) from error
    cast(FaultBook, request.app.state.faults).order(fault)
    return JSONResponse(fault.model_dump(mode="json"))


async def _clear(request: Request) -> Response:
    cast(FaultBook, request.app.state.faults).clear()
    return JSONResponse({})
