"""Sending a file in a resumable session, around three traps of the Python client.

1. The request forgets its session: the address is kept by the caller and put into a request built anew.
2. The client's first `next_chunk` opens the session and sends bytes at once: here opening is alone.
3. Its retries send a consumed stream: this file gives bytes (`has_stream` is False).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shorts_pipeline.clock import Clock
from shorts_pipeline.errors import Rejected, RetryLater
from shorts_pipeline.resources.youtube.faults import SessionExpired, explain, explained, retry_after
from shorts_pipeline.resources.youtube.states import SessionState, VideoMetadata
from shorts_pipeline.resources.youtube.transport import PIECE_BYTES, Services

PATIENCE = 5
LONGEST_PAUSE_SECONDS = 60.0
Progress = Callable[[int, int], None]


def open_session(services: Services, metadata: VideoMetadata, file: Path, slug: str, clock: Clock) -> str:
    """Open a session and send nothing; returns its address, which is a secret."""
    from googleapiclient.errors import HttpError

    size = file.stat().st_size
    if size == 0:
        raise Rejected(f"{file.name} is empty")
    with explained(clock):
        request = services.youtube.videos().insert(
            part="snippet,status",
            body=metadata.body(),
            notifySubscribers=metadata.notify_subscribers,
            media_body=_media(file),
        )
        headers = request.headers | {
            "X-Upload-Content-Type": request.resumable.mimetype(),
            "X-Upload-Content-Length": str(size),
            "Slug": slug,
        }
        answer, content = services.http.request(request.uri, method="POST", body=request.body, headers=headers)
        if answer.status != 200 or "location" not in answer:
            raise HttpError(answer, content)
        return str(answer["location"])


def ask(services: Services, address: str, size: int, clock: Clock) -> SessionState:
    """Where a session stands. Raises SessionExpired where it is gone."""
    from googleapiclient.errors import HttpError

    headers = {"Content-Range": f"bytes */{size}", "Content-Length": "0"}
    with explained(clock):
        answer, content = services.http.request(services.rooted(address), method="PUT", headers=headers)
        if answer.status in {200, 201}:
            return SessionState(size, str(json.loads(content)["id"]))
        if answer.status == 308:
            return SessionState(_received(answer.get("range")))
        if answer.status in {404, 410}:
            raise SessionExpired("the upload session has expired")
        raise HttpError(answer, content)


def send(
    services: Services,
    address: str,
    file: Path,
    *,
    clock: Clock,
    on_progress: Progress,
    sleep: Callable[[float], None],
) -> str:
    """Send what the session does not have yet, from any process; returns the video's id.

    After a lost connection or a 5xx it asks where the session stands and goes on from there, backing off.
    """
    request = services.youtube.videos().insert(part="snippet,status", body={}, media_body=_media(file))
    request.resumable_uri = services.rooted(address)
    request._in_error_state = True
    size, failures = file.stat().st_size, 0
    while True:
        try:
            status, response = _next(request)
        except _Passing as passing:
            failures += 1
            pause = passing.pause(failures, clock)
            if failures > PATIENCE or pause > LONGEST_PAUSE_SECONDS:
                raise explain(passing.error, clock.now()) from None
            sleep(pause)
            continue
        except Exception as error:
            if getattr(getattr(error, "resp", None), "status", None) in {404, 410}:
                raise SessionExpired("the upload session has expired") from None
            with explained(clock):
                raise
        failures = 0
        if response is not None:
            on_progress(size, size)
            return str(response["id"])
        on_progress(int(status.resumable_progress), size)


class _Passing(Exception):
    """Worth asking the session again."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def pause(self, failures: int, clock: Clock) -> float:
        """Seconds to wait: as long as told, else doubling."""
        told = retry_after(self.error, clock.now())
        return told.total_seconds() if told is not None else float(2 ** (failures - 1))


def _next(request: Any) -> tuple[Any, Any]:
    from http.client import HTTPException

    from googleapiclient.errors import HttpError
    from httplib2 import HttpLib2Error

    try:
        status, response = request.next_chunk()
    except HttpError as error:
        if int(error.resp.status) in {500, 502, 503, 504}:
            raise _Passing(error) from None
        raise
    except (HttpLib2Error, HTTPException, OSError) as error:
        raise _Passing(error) from None
    return status, response


def _media(file: Path) -> Any:
    from googleapiclient.http import MediaFileUpload

    class FileBytes(MediaFileUpload):  # type: ignore[misc]
        """A file read piece by piece: a retry sends the same bytes again, where a stream would be at its end."""

        def has_stream(self) -> bool:
            return False

    return FileBytes(str(file), mimetype="video/mp4", chunksize=PIECE_BYTES, resumable=True)


def _received(header: str | None) -> int:
    """Bytes that `Range: bytes=0-N` says have arrived."""
    if not header:
        return 0
    try:
        return int(header.rpartition("-")[2]) + 1
    except ValueError:
        raise RetryLater("YouTube gave a Range that cannot be read") from None
