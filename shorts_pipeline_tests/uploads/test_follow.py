"""From sent to public: processing, schedules, refusals, and what YouTube made of our wish."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from shorts_pipeline.database import PrivacyStatus, StageAttempt, UploadStatus, Video, VideoStatus
from shorts_pipeline.resources.youtube import VideoState
from shorts_pipeline.uploads.follow import Followed, judge

NOW = datetime(2026, 3, 2, tzinfo=UTC)
POST = {"method": "POST", "path": "/upload/youtube/v3/videos"}
UNLISTED = {"publish": {"privacy": "unlisted"}, "uploads": {"golden_hours": [9]}}


def video_status(studio) -> VideoStatus:
    with studio.sessions() as session:
        return session.scalars(select(Video.status)).one()


def test_a_scheduled_upload_goes_private_and_is_published_as_the_clock_moves(studio, kept):
    channel = studio.channel("news")
    studio.video(channel)
    studio.refresh(channel)
    upload = studio.upload()
    assert (kept()[0]["privacy_now"], upload.upload_status) == ("private", UploadStatus.PROCESSING)
    studio.clock.move(timedelta(minutes=2))
    studio.refresh(channel)
    assert (studio.upload().upload_status, video_status(studio)) == (UploadStatus.UPLOADED, VideoStatus.UPLOADED)
    assert studio.upload().error_message is None
    studio.clock.move(timedelta(hours=2, minutes=57))
    assert studio.refresh(channel).following.looked_at == 0
    studio.clock.move(timedelta(minutes=2))
    assert studio.refresh(channel).following.published == 1
    upload = studio.upload()
    assert (upload.upload_status, video_status(studio)) == (UploadStatus.PUBLISHED, VideoStatus.PUBLISHED)
    assert upload.published_at == upload.scheduled_at == datetime(2026, 3, 2, 3, tzinfo=UTC)


def test_an_unlisted_upload_ends_as_uploaded(studio):
    channel = studio.channel("news", publish={"privacy": "unlisted"})
    studio.video(channel)
    studio.refresh(channel)
    studio.clock.move(timedelta(hours=4))
    studio.refresh(channel)
    studio.clock.move(timedelta(minutes=2))
    studio.refresh(channel)
    assert (studio.upload().upload_status, video_status(studio)) == (UploadStatus.UPLOADED, VideoStatus.UPLOADED)
    assert studio.refresh(channel).following.looked_at == 0


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"rejection_reason": "duplicate"}, "YouTube rejected the video: duplicate"),
        ({"failure_reason": "codec"}, "YouTube could not process the video: codec"),
    ],
)
def test_what_youtube_has_against_a_video_is_kept_and_shown(studio, sandbox, order, said):
    channel = studio.channel("news")
    studio.video(channel)
    sandbox.order(match=POST, do={"order": order})
    studio.refresh(channel)
    studio.clock.move(timedelta(minutes=2))
    assert said in studio.refresh(channel).as_metadata()["problems"][0]
    assert (studio.upload().upload_status, studio.upload().error_message) == (UploadStatus.FAILED, said)
    assert video_status(studio) is VideoStatus.FAILED
    assert studio.refresh(channel).published.video_ids == []


def test_a_video_that_youtube_keeps_private_against_our_word_needs_a_person(studio, sandbox):
    channel = studio.channel("news")
    studio.video(channel)
    sandbox.order(match=POST, do={"order": {"lock_private": True}})
    studio.refresh(channel)
    studio.clock.move(timedelta(hours=5))
    problems = studio.refresh(channel).as_metadata()["problems"]
    assert "asked for public, YouTube says private" in problems[0]
    assert studio.upload().upload_status is UploadStatus.UPLOADED
    assert "audit" in studio.upload().error_message


def test_thumbnail_and_playlist_follow_once_the_video_is_processed(studio, sandbox):
    channel = studio.channel("news", publish={"privacy": "public", "playlist": "PL-best"})
    studio.video(channel, thumbnail=True)
    assert studio.refresh(channel).finished.thumbnails == 0
    studio.clock.move(timedelta(minutes=2))
    finished = studio.refresh(channel).finished
    assert (finished.thumbnails, finished.playlist, finished.failed) == (1, 1, ())
    assert sandbox.state()["videos"][0]["thumbnail"].endswith(".jpg")
    studio.refresh(channel)
    calls = sandbox.state()["calls"]
    assert (calls["thumbnails.set"], calls["playlistItems.insert"]) == (1, 1)


def test_a_failed_thumbnail_is_tried_again_without_a_second_upload(studio, kept, sandbox):
    channel = studio.channel("news")
    studio.video(channel, thumbnail=True)
    studio.refresh(channel)
    studio.clock.move(timedelta(minutes=2))
    sandbox.order(match={"path": "/upload/youtube/v3/thumbnails"}, do={"status": 503})
    refreshed = studio.refresh(channel)
    assert "503" in refreshed.finished.failed[0]
    assert studio.upload().upload_status is UploadStatus.UPLOADED
    with studio.sessions() as session:
        assert session.scalars(select(StageAttempt.stage)).all() == ["upload_thumbnail"]
    studio.clock.move(timedelta(minutes=5))
    assert studio.refresh(channel).finished.thumbnails == 1
    assert len(kept()) == 1


def test_youtube_being_away_while_following_loses_nothing(studio, sandbox):
    channel = studio.channel("news")
    studio.video(channel)
    studio.refresh(channel)
    studio.clock.move(timedelta(minutes=2))
    sandbox.order(match={"path": "/youtube/v3/videos"}, do={"status": 503})
    with pytest.raises(Exception, match="503"):
        studio.refresh(channel)
    studio.refresh(channel)
    assert studio.upload().upload_status is UploadStatus.UPLOADED


def a_row(**over) -> Followed:
    return Followed(
        **{
            "id": uuid4(),
            "video_id": uuid4(),
            "youtube_video_id": "abc",
            "status": UploadStatus.PROCESSING,
            "privacy": PrivacyStatus.PUBLIC,
            "scheduled_at": None,
            "uploaded_at": NOW,
            **over,
        }
    )


def a_state(**over) -> VideoState:
    return VideoState(
        **{
            "id": "abc",
            "title": "t",
            "upload_status": "processed",
            "processing_status": "succeeded",
            "failure_reason": None,
            "rejection_reason": None,
            "privacy_status": "public",
            "publish_at": None,
            "published_at": NOW,
            "file_name": None,
            "file_size": None,
            "views": None,
            **over,
        }
    )


def test_a_video_not_in_the_list_yet_is_waited_for_and_later_counts_as_deleted():
    assert judge(a_row(), None, NOW + timedelta(minutes=5)).status is UploadStatus.PROCESSING
    gone = judge(a_row(), None, NOW + timedelta(hours=2))
    assert (gone.status, "deleted" in str(gone.problem)) == (UploadStatus.FAILED, True)


def test_processing_for_more_than_a_day_is_said():
    state = a_state(upload_status="uploaded", processing_status="processing")
    assert judge(a_row(), state, NOW + timedelta(hours=1)).problem is None
    late = judge(a_row(), state, NOW + timedelta(hours=25))
    assert (late.status, "more than a day" in str(late.problem)) == (UploadStatus.PROCESSING, True)


def test_a_video_more_public_than_asked_for_needs_a_person():
    verdict = judge(a_row(privacy=PrivacyStatus.PRIVATE), a_state(), NOW)
    assert (verdict.status, "asked for private" in str(verdict.problem)) == (UploadStatus.UPLOADED, True)


def test_a_scheduled_video_whose_minute_has_just_come_is_no_problem_yet():
    at = NOW + timedelta(hours=1)
    scheduled = a_state(privacy_status="private", publish_at=at)
    assert judge(a_row(scheduled_at=at), scheduled, at + timedelta(seconds=5)).problem is None
