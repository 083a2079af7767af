"""Sent exactly once, whatever fails and whoever dies."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from shorts_pipeline.database import (
    ReviewDecision,
    ReviewQueue,
    ReviewType,
    StageAttempt,
    Upload,
    UploadStatus,
    Video,
    VideoStatus,
)
from shorts_pipeline.database.only_one import only_one
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.operations.work import AllFailed
from shorts_pipeline.resources.youtube import NeedsAuthorising, YouTube, YouTubeResource
from shorts_pipeline.review.targets import standings
from shorts_pipeline.uploads import publish as publishing
from shorts_pipeline.uploads.send import Send
from shorts_pipeline.uploads.stops import stopped

PUT = {"method": "PUT", "path": "/upload"}
POST = {"method": "POST", "path": "/upload/youtube/v3/videos"}


class Killed(BaseException):
    """The process is gone: nothing below catches this."""


@contextmanager
def dying(owner: type, step: str, *, after: bool = False) -> Iterator[None]:
    """The process dies before, or just after, this step."""
    original = getattr(owner, step)

    def die(*args, **kwargs):
        if after:
            original(*args, **kwargs)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, step, die)
        yield


def video_status(studio) -> list[VideoStatus]:
    with studio.sessions() as session:
        return list(session.scalars(select(Video.status).order_by(Video.created_at, Video.id)))


def test_an_approved_video_is_sent_once_and_its_bytes_arrive(studio, kept, sandbox):
    channel = studio.channel("news")
    studio.video(channel)
    assert len(studio.refresh(channel).published.video_ids) == 1
    upload = studio.upload()
    (video,) = kept()
    assert (upload.youtube_video_id, upload.youtube_url) == (video["id"], f"sandbox:{video['id']}")
    assert (upload.upload_status, upload.uploaded_at) == (UploadStatus.PROCESSING, studio.clock.now())
    assert (upload.session_uri, upload.error_message) == (None, None)
    assert upload.content_sha256 == video["sha256"]
    assert video["slug"] == f"{upload.id}-{video['sha256'][:16]}.mp4"
    assert (video["made_for_kids"], video["synthetic"]) == (False, True)
    assert (video["category_id"], video["language"], video["audio_language"]) == ("28", "ko", "ko")
    assert video_status(studio) == [VideoStatus.UPLOADING]


def test_materialized_twice_it_makes_nothing_twice(studio, kept, sandbox):
    channel = studio.channel("news")
    for _ in range(3):
        studio.video(channel)
    studio.refresh(channel)
    before = [(u.id, u.youtube_video_id, u.scheduled_at) for u in studio.uploads()]
    again = studio.refresh(channel)
    assert (again.published.video_ids, again.planned.planned) == ([], 0)
    assert before == [(u.id, u.youtube_video_id, u.scheduled_at) for u in studio.uploads()]
    assert (len(kept()), sandbox.state()["quota"]["spent"]["insert"]) == (3, 3)


@pytest.mark.parametrize("step", ["_begin", "_open", "resume", "_save"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_around_any_step_costs_no_video_and_makes_no_second_one(studio, kept, step, when):
    channel = studio.channel("news")
    studio.video(channel)
    owner = YouTube if step == "resume" else Send
    with dying(owner, step, after=when == "after"), pytest.raises(Killed):
        studio.refresh(channel)
    studio.refresh(channel)
    (video,) = kept()
    assert studio.upload().youtube_video_id == video["id"]
    assert studio.upload().upload_status is UploadStatus.PROCESSING


@pytest.mark.parametrize("piece", [1, 2, 3])
def test_a_death_between_two_pieces_is_resumed_from_there(studio, kept, monkeypatch, piece, sandbox):
    channel = studio.channel("news")
    studio.video(channel)
    original, sent = YouTube.resume, []

    def dying(self, address, file, on_progress=None):
        def progress(done: int, size: int) -> None:
            sent.append(done)
            if len(sent) == piece:
                raise Killed

        return original(self, address, file, progress)

    with monkeypatch.context() as patch:
        patch.setattr(YouTube, "resume", dying)
        with pytest.raises(Killed):
            studio.refresh(channel)
    assert sandbox.state()["sessions"][0]["received"] == (sent[-1] if piece < 3 else 0)
    studio.refresh(channel)
    (video,) = kept()
    assert video["sha256"] == studio.upload().content_sha256
    assert len(sandbox.state()["sessions"]) == 1


def test_a_death_is_not_the_uploads_fault_however_often(studio, kept):
    channel = studio.channel("news")
    studio.video(channel)

    for _ in range(7):
        with dying(YouTube, "resume"), pytest.raises(Killed):
            studio.refresh(channel)
    assert len(studio.refresh(channel).published.video_ids) == 1
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("match", "do"),
    [
        (PUT | {"skip": 1}, {"drop": True}),
        (PUT | {"skip": 1}, {"lose_reply": True}),
        (PUT | {"skip": 3}, {"lose_reply": True}),
        (PUT | {"after_bytes": 300_000}, {"drop": True}),
        (PUT | {"times": 2}, {"status": 503}),
        (PUT | {"skip": 2}, {"status": 500, "retry_after": 1}),
    ],
)
def test_a_passing_fault_while_sending_is_overcome_in_the_same_run(studio, kept, sandbox, match, do):
    channel = studio.channel("news")
    studio.video(channel)
    sandbox.order(match=match, do=do)
    assert len(studio.refresh(channel).published.video_ids) == 1
    (video,) = kept()
    assert video["sha256"] == studio.upload().content_sha256


def test_a_lost_reply_to_the_opening_leaves_an_empty_session_and_no_second_video(studio, kept, sandbox):
    channel = studio.channel("news")
    studio.video(channel)
    sandbox.order(match=POST | {"times": 5}, do={"lose_reply": True})
    with pytest.raises(AllFailed):
        studio.refresh(channel)
    sandbox.clear()
    assert studio.upload().error_message.startswith("the connection to YouTube was lost")
    studio.clock.move(timedelta(minutes=5))
    studio.refresh(channel)
    assert len(kept()) == 1
    assert sum(session["video_id"] is not None for session in sandbox.state()["sessions"]) == 1


def test_an_expired_session_whose_video_is_complete_is_found_by_its_name(studio, kept, sandbox):
    channel = studio.channel("news")
    studio.video(channel)

    with dying(Send, "_save"), pytest.raises(Killed):
        studio.refresh(channel)
    studio.clock.move(timedelta(days=8))
    studio.refresh(channel)
    (video,) = kept()
    assert studio.upload().youtube_video_id == video["id"]
    assert len(sandbox.state()["sessions"]) == 1


def test_a_lost_address_does_not_make_a_second_video(studio, kept, sandbox):
    channel = studio.channel("news")
    studio.video(channel)
    with dying(Send, "_save"), pytest.raises(Killed):
        studio.refresh(channel)
    with studio.sessions.begin() as session:
        session.execute(update(Upload).values(session_uri=None, session_opened_at=None))
    studio.refresh(channel)
    (video,) = kept()
    assert studio.upload().youtube_video_id == video["id"]
    assert len(sandbox.state()["sessions"]) == 1


def test_an_expired_session_without_a_video_is_replaced(studio, kept, sandbox):
    channel = studio.channel("news")
    studio.video(channel)

    with dying(YouTube, "resume"), pytest.raises(Killed):
        studio.refresh(channel)
    studio.clock.move(timedelta(days=8))
    studio.refresh(channel)
    (video,) = kept()
    assert studio.upload().youtube_video_id == video["id"]
    assert [session["video_id"] for session in sandbox.state()["sessions"]].count(None) == 1


def test_the_address_is_stored_before_the_first_byte(studio, monkeypatch, sandbox):
    channel = studio.channel("news")
    studio.video(channel)
    seen = []

    def look(self, address, file, on_progress=None):
        seen.append((studio.upload().session_uri == address, sandbox.state()["sessions"][0]["received"]))
        raise Killed

    monkeypatch.setattr(YouTube, "resume", look)
    with pytest.raises(Killed):
        studio.refresh(channel)
    assert seen == [(True, 0)]


def test_of_two_runs_at_once_one_sends_and_the_other_leaves_it_to_it(studio, kept):
    channel = studio.channel("news")
    for _ in range(4):
        studio.video(channel)
    results = []
    threads = [threading.Thread(target=lambda: results.append(studio.refresh(channel))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(result.published.video_ids) for result in results) == 4
    assert len(kept()) == 4


def test_a_busy_channel_is_said_to_be_busy(studio, kept):
    channel = studio.channel("news")
    studio.video(channel)
    with only_one(studio.sessions, f"uploads:{channel.id}") as mine:
        assert mine
        assert studio.refresh(channel).published.stopped == "another process is sending for this channel"
    assert kept() == []
    assert len(studio.refresh(channel).published.video_ids) == 1


def test_quota_parks_until_pacific_midnight_and_other_channels_do_not_even_ask(studio, kept, sandbox):
    news, tech = studio.channel("news"), studio.channel("tech")
    for channel in (news, news, tech):
        studio.video(channel)
    sandbox.order(match=POST | {"times": 0}, do={"status": 403, "reason": "quotaExceeded"})
    assert "quota" in studio.refresh(news).published.stopped
    assert "quota" in studio.refresh(tech).published.stopped
    assert sandbox.state()["faults"][0]["met"] == 1
    sandbox.clear()
    studio.clock.move(timedelta(hours=7, minutes=59))
    assert studio.refresh(news).published.video_ids == []
    studio.clock.move(timedelta(minutes=1))  # 00:00 in California
    assert len(studio.refresh(news).published.video_ids) == 2
    assert len(studio.refresh(tech).published.video_ids) == 1


def test_a_daily_limit_of_one_channel_leaves_the_others_alone(studio, kept, sandbox):
    news, tech = studio.channel("news"), studio.channel("tech")
    for channel in (news, news, tech):
        studio.video(channel)
    match = POST | {"times": 0, "credential": "news"}
    sandbox.order(match=match, do={"status": 400, "reason": "uploadLimitExceeded"})
    assert "no more for a day" in studio.refresh(news).published.stopped
    assert len(studio.refresh(tech).published.video_ids) == 1
    sandbox.clear()
    assert "no more for a day" in studio.refresh(news).published.stopped
    studio.clock.move(timedelta(hours=24))
    assert len(studio.refresh(news).published.video_ids) == 2


def test_invalid_grant_stops_one_channel_tells_a_person_and_costs_no_row_its_tries(studio, kept, sandbox):
    news, tech = studio.channel("news"), studio.channel("tech")
    for channel in (news, news, tech):
        studio.video(channel)
    match = {"path": "/token", "credential": "news", "times": 0}
    sandbox.order(match=match, do={"status": 400, "reason": "invalid_grant"})
    with pytest.raises(NeedsAuthorising, match="shorts youtube connect"):
        studio.refresh(news)
    assert len(studio.refresh(tech).published.video_ids) == 1
    sandbox.clear()
    assert "invalid_grant" in studio.refresh(news).published.stopped
    with studio.sessions() as session:
        assert session.scalar(select(func.count()).where(StageAttempt.stage == "uploads")) == 0
    studio.clock.move(timedelta(hours=1))
    assert len(studio.refresh(news).published.video_ids) == 2


def test_a_person_who_mended_the_credential_need_not_wait(studio, sandbox):
    news = studio.channel("news")
    studio.video(news)
    sandbox.order(match={"path": "/token"}, do={"status": 400, "reason": "invalid_grant"})
    with pytest.raises(NeedsAuthorising):
        studio.refresh(news)
    assert len(studio.refresh(news, force=True).published.video_ids) == 1


def test_a_credential_that_dies_midway_stops_the_channel_and_the_rest_goes_on_later(studio, kept, sandbox):
    news = studio.channel("news")
    for _ in range(3):
        studio.video(news)
    sandbox.order(match=POST | {"skip": 1, "times": 2}, do={"status": 401, "reason": "authError"})
    with pytest.raises(NeedsAuthorising):
        studio.refresh(news)
    assert len(kept()) == 1
    with studio.sessions() as session:
        assert stopped(session, news.id, studio.clock.now()) is not None
    studio.clock.move(timedelta(hours=1))
    studio.refresh(news)
    assert len(kept()) == 3


def test_a_refused_upload_fails_for_good_with_its_reason_and_the_others_go_on(studio, kept, sandbox):
    channel = studio.channel("news")
    bad, _ = studio.video(channel), studio.video(channel)
    studio.refresh(channel, dry_run=True)
    publishing_plan(studio)
    sandbox.order(match=POST, do={"status": 400, "reason": "invalidTitle"})
    with pytest.raises(AllFailed):
        studio.refresh(channel, only=(bad,))
    done = studio.refresh(channel)
    assert len(done.published.video_ids) == 1
    (failed,) = [upload for upload in studio.uploads() if upload.video_id == bad]
    assert failed.upload_status is UploadStatus.FAILED
    assert failed.error_message == "YouTube answered 400 invalidTitle: the request is refused for good"
    assert studio.refresh(channel).published.video_ids == []
    assert sorted(video_status(studio)) == [VideoStatus.APPROVED, VideoStatus.UPLOADING]


def test_words_that_a_person_edited_past_a_limit_are_not_sent_and_can_be_mended(studio, kept, sandbox):
    channel = studio.channel("news")
    video = studio.video(channel)
    publishing_plan(studio)
    with studio.sessions.begin() as session:
        session.execute(update(Upload).values(title="a < b", description="가" * 1667))
        approve_as_it_is(session, studio.clock.now())
    with pytest.raises(AllFailed, match=r"title: < and >.*5001 bytes"):
        studio.refresh(channel)
    assert (sandbox.state()["calls"].get("videos.insert"), studio.upload().upload_status) == (
        None,
        UploadStatus.APPROVED,
    )
    with studio.sessions.begin() as session:
        session.execute(update(Upload).values(title="a or b", description="가" * 1666))
        approve_as_it_is(session, studio.clock.now())
    assert len(studio.refresh(channel, force=True).published.video_ids) == 1
    assert (len(kept()), kept()[0]["title"], video_status(studio)) == (1, "a or b", [VideoStatus.UPLOADING])
    assert video == studio.upload().video_id


def publishing_plan(studio) -> None:
    from shorts_pipeline.uploads.plan import plan_uploads

    plan_uploads(studio.sessions, channel="news", clock=studio.clock)


def approve_as_it_is(session, now) -> None:
    """A person has approved these very words: an upload edited since would be asked about again."""
    review = session.scalars(select(ReviewQueue).where(ReviewQueue.review_type == ReviewType.UPLOAD)).one()
    standing = standings(session, ReviewType.UPLOAD, [review.target_id])[review.target_id]
    decision = {"decided_by": "kim", "decided_at": now, "action": "approve", "content_hash": standing.content_hash}
    session.add(ReviewDecision(review_id=review.id, **decision))


def test_a_strangers_channel_never_gets_an_upload(studio, kept, monkeypatch):
    channel = studio.channel("news")
    studio.video(channel)
    original = YouTubeResource.connect

    def wrong(self, *, publish_to, credential, clock=None):
        return original(self, publish_to=publish_to, credential="stranger", clock=clock)

    with monkeypatch.context() as patch:
        patch.setattr(YouTubeResource, "connect", wrong)
        with pytest.raises(NeedsPerson, match="not to news"):
            studio.refresh(channel)
    assert (kept(), studio.upload().upload_status) == ([], UploadStatus.APPROVED)
    assert len(studio.refresh(channel).published.video_ids) == 1


def test_whose_the_credential_is_is_asked_before_each_upload(studio, kept, sandbox, monkeypatch):
    channel = studio.channel("news")
    for _ in range(3):
        studio.video(channel)
    answers, original = [], YouTube.my_channel

    def changes(self):
        mine = original(self)
        answers.append(mine)
        return mine if len(answers) < 3 else replace(mine, title="stranger")

    monkeypatch.setattr(YouTube, "my_channel", changes)
    with pytest.raises(NeedsPerson, match="not to news"):
        studio.refresh(channel)
    assert len(kept()) == 2
    assert sorted(upload.upload_status for upload in studio.uploads()) == ["approved", "processing", "processing"]


def test_a_slot_that_passes_while_its_upload_is_interrupted_is_not_missed_twice(studio, kept):
    """The session was opened with a time that lies behind when the file is complete: YouTube publishes at once."""
    channel = studio.channel("news")
    studio.video(channel)
    with dying(YouTube, "resume"), pytest.raises(Killed):
        studio.refresh(channel)
    studio.clock.move(timedelta(hours=4))
    studio.refresh(channel)
    assert [video["privacy_now"] for video in kept()] == ["public"]
    studio.clock.move(timedelta(minutes=2))
    studio.refresh(channel)
    assert (len(kept()), studio.upload().upload_status) == (1, UploadStatus.PUBLISHED)


def test_the_real_youtube_without_a_credential_needs_a_person(studio, kept):
    channel = studio.channel("news", publish={"publish_to": "youtube", "privacy": "public"})
    assert studio.refresh(channel).published.video_ids == []
    studio.video(channel)
    with pytest.raises(NeedsPerson, match="shorts youtube connect"):
        studio.refresh(channel)
    assert kept() == []


def test_a_missing_file_needs_a_person_and_is_never_sent_half(studio, kept):
    channel = studio.channel("news")
    video = studio.video(channel)
    with studio.sessions() as session:
        studio.media.path(session.get_one(Video, video).video_path).unlink()
    with pytest.raises(AllFailed, match="the video file is missing"):
        studio.refresh(channel)
    assert (kept(), studio.upload().upload_status) == ([], UploadStatus.APPROVED)


def test_a_file_that_changes_during_its_upload_is_not_mixed(studio, kept):
    channel = studio.channel("news")
    video = studio.video(channel)

    with dying(YouTube, "resume"), pytest.raises(Killed):
        studio.refresh(channel)
    with studio.sessions() as session:
        studio.media.write_bytes(session.get_one(Video, video).video_path, b"another film")
    with pytest.raises(AllFailed, match="changed while it was being uploaded"):
        studio.refresh(channel)
    assert kept() == []


def test_a_private_upload_waits_for_its_time_and_a_public_one_goes_up_early(studio, kept):
    early = studio.channel("early")
    later = studio.channel("later", publish={"privacy": "unlisted"})
    studio.video(early)
    studio.video(later)
    assert len(studio.refresh(early).published.video_ids) == 1
    assert kept()[0]["publish_at"] == "2026-03-02T03:00:00Z"
    assert studio.refresh(later).published.video_ids == []
    studio.clock.move(timedelta(hours=3))
    assert len(studio.refresh(later).published.video_ids) == 1
    assert {video["privacy"] for video in kept()} == {"private", "unlisted"}


def test_a_slot_missed_by_a_late_yes_is_made_up_at_once_and_the_next_one_keeps_its_distance(studio, kept):
    channel = studio.channel("news", uploads={"golden_hours": [12, 13], "least_hours_between": 1})
    for _ in range(2):
        studio.video(channel)
    publishing_plan(studio)
    studio.clock.move(timedelta(hours=6))  # 15:00: both slots are over
    studio.refresh(channel)
    assert [upload.scheduled_at for upload in studio.uploads()] == [
        datetime(2026, 3, 2, 6, tzinfo=UTC),
        datetime(2026, 3, 3, 3, tzinfo=UTC),
    ]
    assert sorted(video["privacy"] for video in kept()) == ["private", "public"]


def test_redis_knows_the_last_upload_and_the_days_count_and_may_be_gone(studio, redis):
    channel = studio.channel("news")
    for _ in range(2):
        studio.video(channel)
    studio.refresh(channel)
    assert redis.get(f"channel:{channel.id}:last_upload") == studio.clock.now().isoformat()
    assert redis.get(f"channel:{channel.id}:daily:2026-03-02") == "2"
    assert 0 < redis.ttl(f"channel:{channel.id}:daily:2026-03-02") <= 2 * 86_400
    redis.flushall()
    studio.redis = None
    studio.video(channel)
    assert len(studio.refresh(channel).published.video_ids) == 1


def test_only_and_limit_send_what_they_say(studio, kept):
    channel = studio.channel("news")
    first, second, third = (studio.video(channel) for _ in range(3))
    publishing_plan(studio)
    assert len(studio.refresh(channel, only=(second,)).published.video_ids) == 1
    (sent,) = [upload for upload in studio.uploads() if upload.youtube_video_id]
    assert sent.video_id == second
    assert len(studio.refresh(channel, limit=1).published.video_ids) == 1
    assert len(kept()) == 2
    assert first != third


def test_no_secret_stands_in_job_log_attempts_or_rows_after_a_failing_run(studio, sandbox):
    channel = studio.channel("news")
    studio.video(channel)
    sandbox.order(match=PUT | {"times": 0}, do={"status": 503})
    with pytest.raises(AllFailed) as failure:
        studio.refresh(channel)
    address = studio.upload().session_uri
    key = address.split("upload_id=")[1]
    with studio.sessions() as session:
        dump = [str(session.execute(text).all()) for text in TABLES]
    assert key not in "".join(dump) + str(failure.value)
    assert publishing.STAGE in "".join(dump)


TABLES = [
    select(StageAttempt.stage, StageAttempt.reason),
    select(Upload.error_message),
]


def test_what_was_sent_is_what_was_rendered(studio, kept):
    channel = studio.channel("news")
    videos = [studio.video(channel, size=size) for size in (1024, 256 * 1024 - 4, 256 * 1024, 600 * 1024)]
    studio.refresh(channel)
    with studio.sessions() as session:
        paths = [session.get_one(Video, video).video_path for video in videos]
    rendered = {hashlib.sha256(studio.media.path(path).read_bytes()).hexdigest() for path in paths}
    assert {video["sha256"] for video in kept()} == rendered
