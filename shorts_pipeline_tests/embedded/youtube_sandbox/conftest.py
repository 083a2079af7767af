"""The true Google client, driven over HTTP against a sandbox in this process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.http import MediaFileUpload

from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox
from shorts_pipeline.resources.youtube.transport import Services, sandbox_credentials

BODY: dict[str, Any] = {
    "snippet": {"title": "반도체 수출이 늘었다", "description": "본문", "tags": ["반도체"], "categoryId": "28"},
    "status": {"privacyStatus": "public", "selfDeclaredMadeForKids": False},
}


@pytest.fixture
def services(sandbox: RunningSandbox) -> Services:
    """Google's own service objects for the sandbox channel `demo`."""
    return Services(sandbox_credentials("demo", sandbox.url), sandbox.url)


@pytest.fixture
def other(sandbox: RunningSandbox) -> Services:
    """The same for another channel."""
    return Services(sandbox_credentials("other", sandbox.url), sandbox.url)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A file of 700 KiB: two pieces of 256 KiB and a rest."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(bytes(range(256)) * 2800)
    return path


@pytest.fixture
def upload(services: Services, clip: Path) -> Callable[..., dict[str, Any]]:
    """Upload the clip the way Google's documentation shows, with these changes to snippet and status."""

    def go(*, by: Services = services, status: dict[str, Any] | None = None, **snippet: Any) -> dict[str, Any]:
        body = {"snippet": BODY["snippet"] | snippet, "status": BODY["status"] if status is None else status}
        media = MediaFileUpload(str(clip), mimetype="video/mp4", chunksize=256 * 1024, resumable=True)
        request = by.youtube.videos().insert(part="snippet,status", body=body, media_body=media)
        response: dict[str, Any] = request.execute()
        return response

    return go
