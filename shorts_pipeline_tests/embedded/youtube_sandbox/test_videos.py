"""Videos, channels and playlists after an upload; OAuth; faults on order."""

import json
import socket
from datetime import timedelta
from pathlib import Path

import google.auth.exceptions
import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox, mp4, serve
from shorts_pipeline.embedded.youtube_sandbox.server import _listen
from shorts_pipeline.resources.youtube.transport import Services, sandbox_credentials

ALL = "snippet,status,processingDetails,fileDetails,contentDetails,statistics"
JPEG = b"\xff\xd8\xff\xe0 a picture"


def listed(services: Services, video_id: str):
    return services.youtube.videos().list(part=ALL, id=video_id).execute()["items"]


def states(video) -> tuple[str, str]:
    return video["status"]["uploadStatus"], video["processingDetails"]["processingStatus"]


def test_processing_takes_time_on_the_clock(upload, services: Services, clock: ManualClock):
    video_id = upload()["id"]
    (video,) = listed(services, video_id)
    assert (video["status"]["uploadStatus"], video["processingDetails"]["processingStatus"]) == (
        "uploaded",
        "processing",
    )
    clock.move(timedelta(seconds=61))
    (video,) = listed(services, video_id)
    assert (video["status"]["uploadStatus"], video["processingDetails"]["processingStatus"]) == (
        "processed",
        "succeeded",
    )


def test_processing_may_take_no_time_at_all(tmp_path: Path, clock: ManualClock, upload):
    with serve(tmp_path / "quick", clock, processing=timedelta(0)) as quick:
        services = Services(sandbox_credentials("demo", quick.url), quick.url)
        assert upload(by=services)["status"]["uploadStatus"] == "processed"


def test_a_scheduled_video_is_private_until_its_time(upload, services: Services, other: Services, clock: ManualClock):
    status = {"privacyStatus": "private", "publishAt": "2026-03-02T09:00:00Z"}
    video_id = upload(status=status)["id"]
    assert listed(services, video_id)[0]["status"]["privacyStatus"] == "private"
    assert listed(other, video_id) == []
    clock.move(timedelta(hours=9))
    (video,) = listed(other, video_id)
    assert (video["status"]["privacyStatus"], video["snippet"]["publishedAt"]) == ("public", "2026-03-02T09:00:00Z")
    assert "fileDetails" not in video


def test_a_schedule_in_the_past_publishes_at_once(upload):
    status = {"privacyStatus": "private", "publishAt": "2026-03-01T00:00:00Z"}
    assert upload(status=status)["status"]["privacyStatus"] == "public"


def test_an_update_overwrites_what_it_does_not_name(upload, services: Services):
    video_id = upload(tags=["하나"], description="본문")["id"]
    body = {"id": video_id, "snippet": {"title": "새 제목", "categoryId": "25"}}
    services.youtube.videos().update(part="snippet", body=body).execute()
    (video,) = listed(services, video_id)
    assert (video["snippet"]["title"], video["snippet"]["description"]) == ("새 제목", "")
    assert "tags" not in video["snippet"]
    assert video["status"]["privacyStatus"] == "public"


def test_a_published_video_cannot_be_scheduled(upload, services: Services):
    video_id = upload()["id"]
    status = {"privacyStatus": "private", "publishAt": "2026-03-09T00:00:00Z"}
    with pytest.raises(HttpError, match="never published"):
        services.youtube.videos().update(part="status", body={"id": video_id, "status": status}).execute()


def test_a_thumbnail_is_taken_once_the_video_is_processed(upload, services: Services, sandbox, clock: ManualClock):
    video_id = upload()["id"]

    def set_to(picture: bytes):
        media = MediaInMemoryUpload(picture, mimetype="image/jpeg")
        return services.youtube.thumbnails().set(videoId=video_id, media_body=media)

    with pytest.raises(HttpError, match="not processed"):
        set_to(JPEG).execute()
    clock.move(timedelta(seconds=61))
    with pytest.raises(HttpError, match="invalid"):
        set_to(b"GIF89a").execute()
    set_to(JPEG).execute()
    assert (sandbox.root / "thumbnails" / f"{video_id}.jpg").read_bytes() == JPEG


def test_each_credential_has_its_own_channel_and_uploads(upload, services: Services, other: Services):
    mine = services.youtube.channels().list(part="snippet,contentDetails", mine=True).execute()["items"][0]
    theirs = other.youtube.channels().list(part="contentDetails", mine=True).execute()["items"][0]
    assert mine["snippet"]["title"] == "demo"
    assert mine["id"] != theirs["id"]
    ids = [upload(title=f"Short {number}")["id"] for number in range(3)]
    playlist = mine["contentDetails"]["relatedPlaylists"]["uploads"]
    items = services.youtube.playlistItems()
    first = items.list(part="contentDetails", playlistId=playlist, maxResults=2).execute()
    second = items.list(
        part="contentDetails", playlistId=playlist, maxResults=2, pageToken=first["nextPageToken"]
    ).execute()
    found = [item["contentDetails"]["videoId"] for item in first["items"] + second["items"]]
    assert sorted(found) == sorted(ids)
    with pytest.raises(HttpError):
        other.youtube.playlistItems().list(part="contentDetails", playlistId=playlist).execute()


def test_a_playlist_takes_videos(upload, services: Services):
    video_id = upload()["id"]
    snippet = {"playlistId": "PL-best", "resourceId": {"kind": "youtube#video", "videoId": video_id}}
    services.youtube.playlistItems().insert(part="snippet", body={"snippet": snippet}).execute()
    items = services.youtube.playlistItems().list(part="contentDetails", playlistId="PL-best").execute()["items"]
    assert [item["contentDetails"]["videoId"] for item in items] == [video_id]
    assert services.youtube.playlists().list(part="snippet", mine=True).execute()["items"][0]["id"] == "PL-best"


def test_an_unknown_credential_is_refused(sandbox: RunningSandbox):
    credentials = sandbox_credentials("demo", sandbox.url)
    credentials._refresh_token = "stolen"
    with pytest.raises(google.auth.exceptions.RefreshError, match="invalid_grant"):
        Services(credentials, sandbox.url).youtube.channels().list(part="id", mine=True).execute()


def test_invalid_grant_can_be_ordered_for_one_channel(sandbox: RunningSandbox, services: Services, other: Services):
    sandbox.order(
        match={"path": "/token", "credential": "demo", "times": 0}, do={"status": 400, "reason": "invalid_grant"}
    )
    with pytest.raises(google.auth.exceptions.RefreshError) as refused:
        services.youtube.channels().list(part="id", mine=True).execute()
    assert refused.value.args[1]["error"] == "invalid_grant"
    assert other.youtube.channels().list(part="id", mine=True).execute()["items"]


def test_a_fault_is_met_as_often_as_ordered_and_says_when_to_come_back(sandbox: RunningSandbox, services: Services):
    sandbox.order(match={"path": "/youtube/v3/channels", "skip": 1}, do={"status": 503, "retry_after": 7})
    asked = services.youtube.channels().list(part="id", mine=True)
    asked.execute()
    with pytest.raises(HttpError) as refused:
        asked.execute()
    assert (refused.value.resp.status, refused.value.resp["retry-after"]) == (503, "7")
    assert asked.execute()["items"]


def test_faults_can_be_forgotten(sandbox: RunningSandbox, services: Services):
    sandbox.order(match={"times": 0}, do={"drop": True})
    sandbox.clear()
    assert services.youtube.channels().list(part="id", mine=True).execute()["items"]


def test_a_dropped_connection_is_a_lost_connection_and_not_an_answer(sandbox: RunningSandbox, services: Services):
    sandbox.order(match={"times": 0}, do={"drop": True})
    with pytest.raises((OSError, google.auth.exceptions.TransportError)):
        services.youtube.channels().list(part="id", mine=True).execute()


def test_a_failed_and_a_rejected_and_a_locked_video_can_be_ordered(sandbox, upload, services, clock: ManualClock):
    post = {"method": "POST", "path": "/upload"}
    sandbox.order(match=post, do={"order": {"failure_reason": "codec"}})
    sandbox.order(match=post, do={"order": {"rejection_reason": "duplicate"}})
    sandbox.order(match=post, do={"order": {"lock_private": True}})
    failed, rejected, locked = (upload(title=title)["id"] for title in ("one", "two", "three"))
    clock.move(timedelta(minutes=2))
    states = [listed(services, video_id)[0]["status"] for video_id in (failed, rejected, locked)]
    assert (states[0]["uploadStatus"], states[0]["failureReason"]) == ("failed", "codec")
    assert (states[1]["uploadStatus"], states[1]["rejectionReason"]) == ("rejected", "duplicate")
    assert (states[2]["uploadStatus"], states[2]["privacyStatus"]) == ("processed", "private")


def test_a_deleted_video_is_gone_with_its_places_and_stays_gone_after_a_restart(
    sandbox: RunningSandbox, upload, services: Services, other: Services, clock: ManualClock
):
    gone, kept = (upload(title=title)["id"] for title in ("one", "two"))
    clock.move(timedelta(minutes=2))
    resource = {"kind": "youtube#video", "videoId": gone}
    body = {"snippet": {"playlistId": "PL-best", "resourceId": resource}}
    services.youtube.playlistItems().insert(part="snippet", body=body).execute()
    with pytest.raises(HttpError, match="403"):
        other.youtube.videos().delete(id=gone).execute()
    services.youtube.videos().delete(id=gone).execute()
    assert listed(services, gone) == []
    assert len(listed(services, kept)) == 1
    playlist = services.youtube.playlistItems().list(part="contentDetails", playlistId="PL-best").execute()
    assert playlist["items"] == []
    with pytest.raises(HttpError, match="404"):
        services.youtube.videos().delete(id=gone).execute()
    with serve(sandbox.root, clock) as again:
        assert [video["id"] for video in again.state()["videos"]] == [kept]


def test_an_answer_can_be_ordered_word_for_word(sandbox: RunningSandbox, services: Services):
    sandbox.order(match={"path": "/youtube/v3/videos"}, do={"answer": {"items": [{"id": "odd"}]}})
    assert listed(services, "any") == [{"id": "odd"}]
    assert listed(services, "any") == []


def test_the_state_shows_no_session_address(sandbox: RunningSandbox, upload):
    upload()
    (session,) = (sandbox.root / "sessions").glob("*.json")
    assert session.stem not in json.dumps(sandbox.state())


def test_it_listens_on_this_machine_only(sandbox: RunningSandbox):
    assert sandbox.url.startswith("http://127.0.0.1:")


def test_the_length_of_a_video_is_read_from_its_header(tmp_path: Path):
    header = b"\0\0\0\0" + b"\0" * 8 + (1000).to_bytes(4) + (42_500).to_bytes(4) + b"\0" * 80
    mvhd = (len(header) + 8).to_bytes(4) + b"mvhd" + header
    file = tmp_path / "some.mp4"
    file.write_bytes(b"\0\0\0\x08ftyp" + (len(mvhd) + 8).to_bytes(4) + b"moov" + mvhd)
    assert mp4.duration(file) == 42.5
    file.write_bytes(b"no video at all, only words")
    assert mp4.duration(file) is None


def test_the_listening_socket_says_that_it_is_tcp():
    """Without the protocol's name asyncio left Nagle's algorithm on, and every answer took 40 ms instead of 1.5."""
    with _listen(0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
