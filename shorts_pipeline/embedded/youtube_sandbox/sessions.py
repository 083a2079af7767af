"""Resumable sessions: POST opens one, PUT sends bytes or asks where it stands, a finished one repeats its answer.

After Google's protocol guide: 308 with `Range: bytes=0-N` while bytes are missing, pieces in multiples of 256 KiB.
"""

import asyncio
import re
import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from shorts_pipeline.embedded.youtube_sandbox import mp4, views
from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError
from shorts_pipeline.embedded.youtube_sandbox.metadata import checked_snippet, checked_status
from shorts_pipeline.embedded.youtube_sandbox.records import SESSION_LIFE, Order, SessionRecord, VideoRecord
from shorts_pipeline.embedded.youtube_sandbox.store import sha256_of
from shorts_pipeline.embedded.youtube_sandbox.tokens import asking
from shorts_pipeline.embedded.youtube_sandbox.world import World, world_of

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@dataclass
class Sessions:
    """One writer at a time for each session."""

    processing: timedelta
    locks: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def post(self, request: Request) -> Response:
        """Open a session: metadata in, its address (a secret) out."""
        world = world_of(request)
        now, name = world.clock.now(), asking(request)
        world.called("videos.insert")
        if request.query_params.get("uploadType") != "resumable":
            raise ApiError(400, "wrongUploadType", "The sandbox takes resumable uploads only.")
        metadata = await _json(request)
        checked_snippet(metadata.get("snippet", {}))
        checked_status(metadata.get("status", {}), now)
        world.quota.charge("insert", 1, now)
        size = request.headers.get("x-upload-content-length")
        session = SessionRecord(
            id=secrets.token_hex(20),
            channel=world.store.channel(name, now).name,
            metadata=metadata,
            parts=request.query_params.get("part", "snippet,status").split(","),
            slug=request.headers.get("slug", "unknown"),
            size=None if size is None else int(size),
            opened_at=now,
            order=request.scope.get("sandbox.order") or Order(),
        )
        world.store.save_session(session)
        address = request.url.include_query_params(upload_id=session.id)
        return Response(status_code=200, headers={"Location": str(address)})

    async def put(self, request: Request) -> Response:
        """Bytes for a session, or the question where it stands."""
        world = world_of(request)
        session = world.store.sessions.get(request.query_params.get("upload_id", ""))
        if session is None or world.clock.now() - session.opened_at > SESSION_LIFE:
            raise ApiError(404, "notFound", "The upload session has expired.")
        async with self.locks[session.id]:
            session = world.store.sessions[session.id]
            if session.video_id is not None:
                return self._answer(world, session, world.store.videos[session.video_id])
            begin, end, total = _content_range(request)
            if session.size is not None and total is not None and total != session.size:
                raise ApiError(400, "badRequest", "The size differs from X-Upload-Content-Length.")
            if begin is not None and end is not None:
                await _take(world, session, request, begin, end, total)
            if total is not None and world.store.received(session) == total:
                return self._answer(world, session, self._finish(world, session))
            return _incomplete(world.store.received(session))

    def _finish(self, world: World, session: SessionRecord) -> VideoRecord:
        now, path = world.clock.now(), world.store.part(session)
        path.touch()
        snippet = checked_snippet(_part(session, "snippet"))
        status = checked_status(_part(session, "status"), now)
        if session.order.lock_private:
            status |= {"privacy": "private", "publish_at": None, "published_at": None}
        video_id, number = world.store.new_video_id(session.channel, snippet["title"])
        video = VideoRecord(
            id=video_id,
            channel=session.channel,
            session=session.id,
            number=number,
            uploaded_at=now,
            processed_at=now + self.processing,
            slug=session.slug,
            size=path.stat().st_size,
            sha256=sha256_of(path),
            duration=mp4.duration(path) or 30.0,
            order=session.order,
            **snippet,
            **status,
        )
        world.store.finish(video)
        return video

    def _answer(self, world: World, session: SessionRecord, video: VideoRecord) -> Response:
        return JSONResponse(views.video(world, video, session.parts), status_code=200)


async def _take(
    world: World, session: SessionRecord, request: Request, begin: int, end: int, total: int | None
) -> None:
    """Append what is new of bytes `begin`…`end`. What came before a broken line stays, in whole pieces."""
    length, received = end - begin + 1, world.store.received(session)
    if total is not None and end + 1 > total:
        raise ApiError(400, "badRequest", "More bytes than the upload has.")
    if end + 1 != total and length % PIECE:
        raise ApiError(400, "badRequest", "All pieces but the last are multiples of 256 KiB.")
    if begin > received:
        return
    path, at = world.store.part(session), begin
    with path.open("ab") as file:
        try:
            async for piece in request.stream():
                new = piece[max(0, received - at) :]
                file.write(new)
                at += len(piece)
                received = max(received, at)
        except ClientDisconnect:
            file.truncate(file.tell() // PIECE * PIECE)
            raise
    if at != end + 1:
        raise ApiError(400, "badRequest", "The body is not as long as Content-Range says.")


def _content_range(request: Request) -> tuple[int | None, int | None, int | None]:
    """(first, last, total); without the header the whole body is the upload."""
    text = request.headers.get("content-range")
    if text is None:
        length = int(request.headers.get("content-length", "0"))
        return (0, length - 1, length) if length else (None, None, 0)
    found = _RANGE.fullmatch(text)
    if found is None:
        raise ApiError(400, "badRequest", "Content-Range cannot be read.")
    first, last, total = found.groups()
    whole = None if total == "*" else int(total)
    return (None, None, whole) if first is None else (int(first), int(last), whole)


def _incomplete(received: int) -> Response:
    headers = {"Range": f"bytes=0-{received - 1}"} if received else {}
    return Response(status_code=308, headers=headers)


def _part(session: SessionRecord, name: str) -> dict[str, Any]:
    part = session.metadata.get(name, {})
    return part if isinstance(part, dict) else {}


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise ApiError(400, "parseError", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise ApiError(400, "parseError", "The body is not a JSON object.")
    return body
