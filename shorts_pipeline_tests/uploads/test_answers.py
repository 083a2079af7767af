"""Every answer of the facts' table, met by the true client: where the row, its channel and the others stand."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from shorts_pipeline.database import StageAttempt, UploadStatus
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.operations.attempts import FOREVER
from shorts_pipeline.uploads import stops

POST = {"method": "POST", "path": "/upload/youtube/v3/videos", "times": 0, "credential": "news"}
PUT = {"method": "PUT", "path": "/upload", "times": 0, "credential": "news"}
TOKEN = {"path": "/token", "times": 0, "credential": "news"}
MIDNIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)
APPROVED, UPLOADING, FAILED = UploadStatus.APPROVED, UploadStatus.UPLOADING, UploadStatus.FAILED


def meet(studio, sandbox, match, do):
    """Two channels meet the answer; it is meant for the first one."""
    news, tech = studio.channel("news"), studio.channel("tech")
    for channel in (news, tech):
        studio.video(channel)
    sandbox.order(match=match, do=do)
    said = ""
    try:
        said = studio.refresh(news).published.stopped or ""
    except PipelineError as error:
        said = str(error)
    return news, tech, said


def attempt(studio):
    with studio.sessions() as session:
        return session.scalars(select(StageAttempt).where(StageAttempt.stage == "uploads")).one_or_none()


def status_of(studio, video_channel):
    with studio.sessions() as session:
        from shorts_pipeline.database import Upload, Video

        return session.scalars(
            select(Upload.upload_status)
            .join(Video, Video.id == Upload.video_id)
            .where(Video.channel_id == video_channel.id)
        ).one()


def goes_on(studio, sandbox, channel) -> bool:
    sandbox.clear()
    return len(studio.refresh(channel).published.video_ids) == 1


@pytest.mark.parametrize(
    ("match", "do"),
    [
        (POST, {"status": 500}),
        (POST, {"drop": True}),
        (PUT, {"status": 502}),
        (PUT, {"status": 503}),
        (PUT, {"status": 504}),
        (PUT, {"drop": True}),
    ],
    ids=["500-opening", "lost-opening", "502-sending", "503-sending", "504-sending", "lost-sending"],
)
def test_their_own_trouble_is_tried_again_later_from_where_it_stands(studio, sandbox, kept, match, do):
    news, tech, _ = meet(studio, sandbox, match, do)
    row = attempt(studio)
    assert (status_of(studio, news), row.attempts, row.parked_until) == (UPLOADING, 1, None)
    assert row.next_attempt_at > studio.clock.now()
    assert len(studio.refresh(tech).published.video_ids) == 1
    studio.clock.move(timedelta(minutes=5))
    assert goes_on(studio, sandbox, news)
    assert len(kept()) == 2


@pytest.mark.parametrize(
    "do",
    [
        {"status": 429, "reason": "rateLimitExceeded"},
        {"status": 403, "reason": "rateLimitExceeded"},
        {"status": 403, "reason": "userRateLimitExceeded"},
    ],
    ids=["429", "rate", "user-rate"],
)
def test_too_fast_is_backed_off_as_long_as_they_say(studio, sandbox, do):
    news, tech, _ = meet(studio, sandbox, POST, do | {"retry_after": 600})
    assert attempt(studio).next_attempt_at == studio.clock.now() + timedelta(minutes=10)
    assert status_of(studio, news) is UPLOADING
    assert len(studio.refresh(tech).published.video_ids) == 1
    studio.clock.move(timedelta(minutes=10))
    assert goes_on(studio, sandbox, news)


@pytest.mark.parametrize("reason", ["quotaExceeded", "dailyLimitExceeded"])
def test_spent_quota_parks_every_channel_to_pacific_midnight(studio, sandbox, reason):
    news, tech, said = meet(studio, sandbox, POST, {"status": 403, "reason": reason})
    assert reason in said
    assert attempt(studio).parked_until == MIDNIGHT
    assert attempt(studio).attempts == 0
    sandbox.clear()
    assert studio.refresh(tech).published.video_ids == []
    studio.clock.move(MIDNIGHT - studio.clock.now())
    assert goes_on(studio, sandbox, news)
    assert goes_on(studio, sandbox, tech)


def test_an_upload_limit_parks_this_channel_for_a_day(studio, sandbox):
    news, tech, said = meet(studio, sandbox, POST, {"status": 400, "reason": "uploadLimitExceeded"})
    assert "no more for a day" in said
    assert attempt(studio).attempts == 0
    assert len(studio.refresh(tech).published.video_ids) == 1
    sandbox.clear()
    studio.clock.move(timedelta(hours=23, minutes=59))
    assert studio.refresh(news).published.video_ids == []
    studio.clock.move(timedelta(minutes=1))
    assert goes_on(studio, sandbox, news)


def test_a_401_is_refreshed_once_and_then_stops_this_channel_for_a_person(studio, sandbox):
    news, tech, said = meet(studio, sandbox, POST, {"status": 401, "reason": "authError"})
    assert "shorts youtube connect" in said
    assert sandbox.state()["faults"][0]["met"] == 2
    with studio.sessions() as session:
        assert stops.stopped(session, news.id, studio.clock.now()) is not None
    assert len(studio.refresh(tech).published.video_ids) == 1


def test_invalid_grant_stops_this_channel_for_a_person(studio, sandbox):
    news, tech, said = meet(studio, sandbox, TOKEN, {"status": 400, "reason": "invalid_grant"})
    assert "invalid_grant" in said
    assert status_of(studio, news) is APPROVED
    assert len(studio.refresh(tech).published.video_ids) == 1


@pytest.mark.parametrize("do", [{"status": 503}, {"drop": True}, {"status": 400, "reason": "internal_failure"}])
def test_any_other_failure_to_refresh_is_passing(studio, sandbox, do):
    news, tech, _ = meet(studio, sandbox, TOKEN, do)
    with studio.sessions() as session:
        assert stops.stopped(session, news.id, studio.clock.now()) is None
    assert attempt(studio) is None
    assert len(studio.refresh(tech).published.video_ids) == 1
    assert goes_on(studio, sandbox, news)


def test_a_404_on_the_session_looks_for_the_video_and_then_opens_a_new_one(studio, sandbox, kept):
    channel = studio.channel("news")
    studio.video(channel)
    sandbox.order(match=PUT | {"times": 1, "credential": None}, do={"status": 404, "reason": "notFound"})
    assert len(studio.refresh(channel).published.video_ids) == 1
    calls = sandbox.state()["calls"]
    assert (calls["playlistItems.list"], calls["videos.insert"], len(kept())) == (1, 2, 1)


@pytest.mark.parametrize(
    "do",
    [
        {"status": 400, "reason": "invalidTitle"},
        {"status": 403, "reason": "forbidden"},
        {"status": 413, "reason": "uploadTooLarge"},
    ],
)
def test_any_other_refusal_is_for_good_and_never_sent_again(studio, sandbox, do):
    news, _, said = meet(studio, sandbox, POST, do)
    assert do["reason"] in said
    assert (status_of(studio, news), attempt(studio).parked_until) == (FAILED, FOREVER)
    studio.clock.move(timedelta(days=30))
    assert studio.refresh(news).published.video_ids == []
    assert sandbox.state()["faults"][0]["met"] == 1


@pytest.mark.parametrize("reason", ["accessNotConfigured", "insufficientPermissions", "youtubeSignupRequired"])
def test_a_project_that_lacks_something_stops_this_channel_for_a_person(studio, sandbox, reason):
    news, tech, said = meet(studio, sandbox, POST, {"status": 403, "reason": reason})
    assert "Google project" in said
    assert len(studio.refresh(tech).published.video_ids) == 1
    sandbox.clear()
    studio.clock.move(timedelta(hours=1))
    assert goes_on(studio, sandbox, news)
