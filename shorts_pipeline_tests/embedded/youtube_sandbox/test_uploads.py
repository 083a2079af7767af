"""Resumable sessions, as Google's protocol guide and its Python client have them."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaFileUpload

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox, serve
from shorts_pipeline.resources.youtube.transport import Services, sandbox_credentials
from shorts_pipeline_tests.embedded.youtube_sandbox.conftest import BODY

PIECE = 256 * 1024


def request_for(services: Services, clip: Path, body: dict[str, Any] = BODY) -> Any:
    media = MediaFileUpload(str(clip), mimetype="video/mp4", chunksize=PIECE, resumable=True)
    return services.youtube.videos().insert(part="snippet,status", body=body, media_body=media)


def reason(refused: pytest.ExceptionInfo[HttpError]) -> str:
    return str(json.loads(refused.value.content)["error"]["errors"][0]["reason"])


def put(address: str, body: bytes, content_range: str) -> tuple[int, str | None]:
    request = urllib.request.Request(address, data=body, method="PUT", headers={"Content-Range": content_range})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers.get("Range")
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Range")


def test_the_true_client_uploads_and_the_bytes_are_kept(upload, sandbox: RunningSandbox, clip: Path):
    video = upload()
    kept = sandbox.root / "videos" / f"{video['id']}.mp4"
    assert kept.read_bytes() == clip.read_bytes()
    (state,) = sandbox.state()["videos"]
    assert state["sha256"] == hashlib.sha256(clip.read_bytes()).hexdigest()


def test_a_session_says_308_and_how_far_it_is_until_the_last_byte(services: Services, clip: Path):
    request, content = request_for(services, clip), clip.read_bytes()
    request.next_chunk()
    address = request.resumable_uri
    assert put(address, b"", f"bytes */{len(content)}") == (308, f"bytes=0-{PIECE - 1}")
    second = content[PIECE : 2 * PIECE]
    assert put(address, second, f"bytes {PIECE}-{2 * PIECE - 1}/{len(content)}") == (308, f"bytes=0-{2 * PIECE - 1}")
    rest = content[2 * PIECE :]
    assert put(address, rest, f"bytes {2 * PIECE}-{len(content) - 1}/{len(content)}")[0] == 200


def test_a_finished_session_repeats_its_answer_and_makes_nothing_twice(
    services: Services, clip: Path, sandbox: RunningSandbox
):
    request = request_for(services, clip)
    video = request.execute()
    request._in_error_state = True
    _, again = request.next_chunk()
    assert again["id"] == video["id"]
    assert len(sandbox.state()["videos"]) == 1


def test_a_piece_that_is_sent_again_is_taken_once_and_one_too_far_ahead_not_at_all(services: Services, clip: Path):
    request, content = request_for(services, clip), clip.read_bytes()
    request.next_chunk()
    size, first = len(content), content[:PIECE]
    assert put(request.resumable_uri, first, f"bytes 0-{PIECE - 1}/{size}") == (308, f"bytes=0-{PIECE - 1}")
    ahead = f"bytes {2 * PIECE}-{size - 1}/{size}"
    assert put(request.resumable_uri, content[2 * PIECE :], ahead) == (308, f"bytes=0-{PIECE - 1}")
    assert put(request.resumable_uri, first[:-1], f"bytes {PIECE}-{2 * PIECE - 2}/{size}")[0] == 400


def test_a_session_expires_after_a_week(services: Services, clip: Path, clock: ManualClock):
    request = request_for(services, clip)
    request.next_chunk()
    clock.move(timedelta(days=8))
    assert put(request.resumable_uri, b"", f"bytes */{clip.stat().st_size}")[0] == 404


@pytest.mark.parametrize(
    ("snippet", "status", "expected"),
    [
        ({"title": ""}, None, "invalidTitle"),
        ({"title": "가" * 101}, None, "invalidTitle"),
        ({"title": "a < b"}, None, "invalidTitle"),
        ({"description": "가" * 1667}, None, "invalidDescription"),
        ({"tags": ["a" * 100, "b" * 100, "c" * 100, "d" * 100, "e" * 97]}, None, "invalidTags"),
        ({"tags": ["a b" + "c" * 496]}, None, "invalidTags"),
        ({}, {"privacyStatus": "public", "publishAt": "2026-03-05T00:00:00Z"}, "invalidPublishAt"),
        ({}, {"privacyStatus": "private", "publishAt": "tomorrow"}, "invalidPublishAt"),
        ({}, {"privacyStatus": "secret"}, "invalidVideoMetadata"),
    ],
)
def test_metadata_past_a_limit_is_refused(upload, snippet, status, expected):
    with pytest.raises(HttpError) as refused:
        upload(status=status, **snippet)
    assert (refused.value.resp.status, reason(refused)) == (400, expected)


def test_metadata_at_its_limits_is_taken(upload):
    tags = ["a" * 100, "b" * 100, "c" * 100, "d d" + "d" * 97, "e" * 94]
    video = upload(title="가" * 100, description="가" * 1666 + "xx", tags=tags)
    assert video["snippet"]["tags"] == tags


def test_privacy_left_out_means_public(upload):
    assert upload(status={})["status"]["privacyStatus"] == "public"


def test_a_video_id_is_made_of_channel_and_title_so_that_a_repeated_demo_is_comparable(
    upload, other: Services, tmp_path: Path, clock: ManualClock, clip: Path
):
    mine, theirs, twice = upload()["id"], upload(by=other)["id"], upload()["id"]
    assert len({mine, theirs, twice}) == 3
    with serve(tmp_path / "another", clock) as another:
        again = Services(sandbox_credentials("demo", another.url), another.url)
        assert upload(by=again)["id"] == mine


def test_the_hundred_and_first_upload_of_a_pacific_day_is_refused(tmp_path: Path, clock: ManualClock, upload):
    with serve(tmp_path / "small", clock, quota={"insert": 1}) as small:
        services = Services(sandbox_credentials("demo", small.url), small.url)
        upload(by=services)
        with pytest.raises(HttpError) as refused:
            upload(by=services)
        assert (refused.value.resp.status, reason(refused)) == (403, "quotaExceeded")
        clock.move(timedelta(hours=9))  # past 00:00 in California
        assert upload(by=services)["id"]


def test_what_came_before_a_cut_line_is_kept(services: Services, clip: Path, sandbox: RunningSandbox):
    request = request_for(services, clip)
    request.next_chunk()
    content = clip.read_bytes()
    sandbox.order(match={"method": "PUT", "path": "/upload", "after_bytes": 300_000}, do={"drop": True})
    address, size = request.resumable_uri, len(content)
    with pytest.raises(OSError):
        put(address, content[PIECE:], f"bytes {PIECE}-{size - 1}/{size}")
    assert put(address, b"", f"bytes */{size}") == (308, f"bytes=0-{2 * PIECE - 1}")


def test_a_lost_reply_loses_no_video(services: Services, clip: Path, sandbox: RunningSandbox):
    sandbox.order(match={"method": "PUT", "path": "/upload", "skip": 2, "times": 2}, do={"lose_reply": True})
    request = request_for(services, clip)
    response = None
    while response is None:
        try:
            _, response = request.next_chunk()
        except OSError:
            continue
    assert [video["id"] for video in sandbox.state()["videos"]] == [response["id"]]


def test_what_it_was_given_survives_sigkill(tmp_path: Path, clip: Path):
    root, port = tmp_path / "killed", free_port()
    url, content = f"http://127.0.0.1:{port}", clip.read_bytes()
    services = Services(sandbox_credentials("demo", url), url)
    server = started(root, port)
    request = request_for(services, clip)
    try:
        request.next_chunk()
        RunningSandbox(url, root).order(match={"path": "/youtube"}, do={"status": 503})
        server.kill()
        server.wait()
        server = started(root, port)
        address = request.resumable_uri
        assert put(address, b"", f"bytes */{len(content)}") == (308, f"bytes=0-{PIECE - 1}")
        assert put(address, content[PIECE:], f"bytes {PIECE}-{len(content) - 1}/{len(content)}")[0] == 200
        server.send_signal(signal.SIGKILL)
        server.wait()
        server = started(root, port)
        state = RunningSandbox(url, root).state()
        assert [video["sha256"] for video in state["videos"]] == [hashlib.sha256(content).hexdigest()]
        assert len(state["faults"]) == 1
    finally:
        server.kill()
        server.wait()


def test_a_kill_between_a_video_and_the_end_of_its_session_is_mended_at_the_next_start(
    upload, sandbox: RunningSandbox, clock: ManualClock, clip: Path, tmp_path: Path
):
    video = upload()
    root = sandbox.root
    (session,) = (root / "sessions").glob("*.json")
    half = json.loads(session.read_text()) | {"video_id": None}
    session.write_text(json.dumps(half))
    (root / "videos" / f"{video['id']}.mp4").rename(session.with_suffix(".part"))
    with serve(root, clock) as again:
        assert again.state()["sessions"][0]["video_id"] == video["id"]
    assert (root / "videos" / f"{video['id']}.mp4").read_bytes() == clip.read_bytes()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def started(root: Path, port: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "shorts_pipeline.embedded.youtube_sandbox", "--root", str(root)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3])}
    server = subprocess.Popen([*command, "--port", str(port)], env=environment)
    for _ in range(200):
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.05)
    raise AssertionError("the sandbox does not listen")
