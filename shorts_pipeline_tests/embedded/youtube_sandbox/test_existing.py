"""A channel that was there before, as the true Google client reads it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox, serve
from shorts_pipeline.resources.youtube.faults import reason_of
from shorts_pipeline.resources.youtube.transport import Services

AT = datetime(2026, 1, 5, 11, tzinfo=UTC)
SRT = "1\n00:00:00,500 --> 00:00:02,000\n안녕하세요.\n"


def a_video(number: int = 0, **over: Any) -> dict[str, Any]:
    return {"title": f"영상 {number}", "published_at": (AT + timedelta(hours=number)).isoformat(), **over}


def uploads_of(services: Services) -> str:
    channel = services.youtube.channels().list(part="contentDetails", mine=True).execute()["items"][0]
    return str(channel["contentDetails"]["relatedPlaylists"]["uploads"])


def test_pages_follow_one_another_newest_first(sandbox: RunningSandbox, services: Services):
    ids = sandbox.seed("demo", [a_video(number) for number in range(120)])
    playlist, token, seen, sizes = uploads_of(services), None, [], []
    while True:
        request = services.youtube.playlistItems().list(
            part="contentDetails", playlistId=playlist, maxResults=50, pageToken=token
        )
        page = request.execute()
        seen += [item["contentDetails"]["videoId"] for item in page["items"]]
        sizes.append(len(page["items"]))
        token = page.get("nextPageToken")
        if token is None:
            break
    assert sizes == [50, 50, 20]
    assert seen == ids[::-1]
    assert page["pageInfo"]["totalResults"] == 120


def test_a_video_has_its_past_date_its_length_its_shape_and_its_figures(sandbox: RunningSandbox, services: Services):
    [youtube_id] = sandbox.seed("demo", [a_video(duration=125, width=1920, height=1080, tags=["하나"], live="was")])
    parts = "snippet,contentDetails,status,statistics,liveStreamingDetails,player"
    [item] = services.youtube.videos().list(part=parts, id=youtube_id, maxHeight=720).execute()["items"]
    assert item["snippet"]["publishedAt"] == "2026-01-05T11:00:00Z"
    assert item["contentDetails"] == {"duration": "PT2M5S", "dimension": "2d", "definition": "hd", "caption": "false"}
    assert item["player"]["embedWidth"] == "1280"
    assert "liveStreamingDetails" in item
    assert int(item["statistics"]["viewCount"]) > 100
    [bare] = services.youtube.videos().list(part="player", id=youtube_id).execute()["items"]
    assert "embedWidth" not in bare["player"]


def test_a_deleted_video_stands_in_the_playlist_only(sandbox: RunningSandbox, services: Services):
    [youtube_id] = sandbox.seed("demo", [a_video(deleted=True)])
    request = services.youtube.playlistItems().list(part="snippet,contentDetails", playlistId=uploads_of(services))
    [item] = request.execute()["items"]
    assert item["snippet"]["title"] == "Deleted video"
    assert "videoPublishedAt" not in item["contentDetails"]
    assert services.youtube.videos().list(part="snippet", id=youtube_id).execute()["items"] == []


def test_captions_are_listed_and_downloaded_for_what_they_cost(sandbox: RunningSandbox, services: Services):
    [youtube_id] = sandbox.seed("demo", [a_video(captions=[{"text": SRT, "kind": "asr"}])])
    [track] = services.youtube.captions().list(part="snippet", videoId=youtube_id).execute()["items"]
    assert (track["snippet"]["trackKind"], track["snippet"]["language"]) == ("asr", "ko")
    assert services.youtube.captions().download(id=track["id"], tfmt="srt").execute().decode() == SRT
    vtt = services.youtube.captions().download(id=track["id"], tfmt="vtt").execute().decode()
    assert vtt.startswith("WEBVTT\n\n1\n00:00:00.500 --> 00:00:02.000")
    assert sandbox.state()["quota"]["spent"]["units"] == 50 + 200 + 200


def test_a_wrong_question_is_refused_in_googles_words(sandbox: RunningSandbox, services: Services):
    [youtube_id] = sandbox.seed("demo", [a_video(captions=[{"text": SRT}])])
    captions = services.youtube.captions()
    [track] = captions.list(part="snippet", videoId=youtube_id).execute()["items"]
    for request, status, reason in (
        (captions.list(part="snippet", videoId="nobody"), 404, "videoNotFound"),
        (captions.download(id="nothing"), 404, "captionNotFound"),
        (captions.download(id=track["id"], tfmt="xyz"), 400, "couldNotConvert"),
    ):
        with pytest.raises(HttpError) as refused:
            request.execute()
        assert (refused.value.resp.status, reason_of(refused.value)) == (status, reason)


def test_nobody_reads_another_channels_captions(sandbox: RunningSandbox, other: Services):
    [youtube_id] = sandbox.seed("demo", [a_video(captions=[{"text": SRT}])])
    with pytest.raises(HttpError) as refused:
        other.youtube.captions().list(part="snippet", videoId=youtube_id).execute()
    assert (refused.value.resp.status, reason_of(refused.value)) == (403, "forbidden")


def test_what_was_seeded_is_still_there_after_a_restart(sandbox: RunningSandbox, clock: ManualClock):
    ids = sandbox.seed("demo", [a_video(number) for number in range(3)])
    with serve(sandbox.root, clock) as again:
        assert {video["id"] for video in again.state()["videos"]} == set(ids)
