"""From an approved video to an upload with words, a time and a gate."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from shorts_pipeline.database import (
    ChannelStatus,
    MediaCredit,
    PublishingTime,
    ReviewQueue,
    Script,
    Upload,
    UploadStatus,
    Video,
    VideoStatus,
    WeekdayClass,
)
from shorts_pipeline.review.decisions import approve
from shorts_pipeline.review.gates import submit
from shorts_pipeline.uploads.plan import plan_uploads
from shorts_pipeline_tests.review.asking import about

MANUAL = {"review": {"upload": {"mode": "manual"}}, "publish": {"privacy": "public"}}


def test_each_approved_video_gets_one_upload_with_its_own_slot(studio):
    channel = studio.channel("news")
    for _ in range(3):
        studio.video(channel)
    planned = plan_uploads(studio.sessions, channel="news", clock=studio.clock)
    assert (planned.planned, planned.approved, planned.without_slot) == (3, 3, 0)
    uploads = studio.uploads()
    assert len({upload.scheduled_at for upload in uploads}) == 3
    assert all(upload.scheduled_at > studio.clock.now() for upload in uploads)
    again = plan_uploads(studio.sessions, channel="news", clock=studio.clock)
    assert (again.planned, len(studio.uploads())) == (0, 3)


def test_the_words_come_from_topic_channel_and_credits(studio):
    channel = studio.channel("news", publish={"privacy": "unlisted", "category": "25"})
    video = studio.video(channel, title_original="반도체 수출 증가", keywords=["반도체"], summary="수출이 늘었다.")
    with studio.sessions.begin() as session:
        session.add(MediaCredit(video_id=video, source="Pexels", author="Kim", licence="Pexels License"))
    plan_uploads(studio.sessions, channel="news", clock=studio.clock)
    upload = studio.upload()
    assert (upload.title, upload.tags, upload.category_id) == ("반도체 수출 증가", ["반도체"], "25")
    assert upload.privacy_status == "unlisted"
    assert upload.description.startswith("수출이 늘었다.\n\n출처: https://news.example.com/")
    assert "- Kim (Pexels License)" in upload.description


def test_the_title_and_tags_that_a_model_suggested_go_before_the_sources(studio):
    channel = studio.channel("news")
    studio.video(channel, title_original="Chip exports rise", keywords=["chips"])
    with studio.sessions.begin() as session:
        session.execute(
            update(Script).values(generation_config={"title": "반도체 수출, 왜 늘었을까", "tags": ["수출"]})
        )
    plan_uploads(studio.sessions, channel="news", clock=studio.clock)
    assert (studio.upload().title, studio.upload().tags) == ("반도체 수출, 왜 늘었을까", ["수출", "chips"])


def test_a_manual_gate_holds_an_upload_until_a_person_says_yes(studio, kept):
    channel = studio.channel("news", **MANUAL)
    studio.video(channel)
    assert studio.refresh(channel).planned.waiting == 1
    assert (studio.upload().upload_status, kept()) == (UploadStatus.PENDING, [])
    with studio.sessions.begin() as session:
        review = session.scalars(select(ReviewQueue)).one()
        approve(session, review.id, by="demo", now=studio.clock.now())
    assert len(studio.refresh(channel).published.video_ids) == 1


def test_a_video_replaced_after_its_approval_is_asked_about_before_it_is_planned(studio, kept):
    channel = studio.channel("news")
    video_id = studio.video(channel)
    with studio.sessions.begin() as session:
        video = session.get_one(Video, video_id)
        video.status = VideoStatus.GENERATED
        session.flush()
        submit(session, [about(video, channel, mode="auto")], now=studio.clock.now())
        session.execute(update(Video).values(video_path="news/another.mp4"))
    assert studio.refresh(channel).planned.planned == 0
    with studio.sessions() as session:
        assert session.get_one(Video, video_id).status is VideoStatus.IN_REVIEW


def test_an_upload_edited_after_its_approval_is_asked_about_again(studio, kept):
    channel = studio.channel("news", **MANUAL)
    studio.video(channel)
    plan_uploads(studio.sessions, channel="news", clock=studio.clock)
    with studio.sessions.begin() as session:
        review = session.scalars(select(ReviewQueue)).one()
        approve(session, review.id, by="demo", now=studio.clock.now())
        session.execute(update(Upload).values(title="다른 제목"))
    studio.refresh(channel)
    assert (studio.upload().upload_status, kept()) == (UploadStatus.PENDING, [])


def test_a_paused_channel_plans_and_sends_nothing(studio, kept):
    channel = studio.channel("news")
    studio.video(channel)
    with studio.sessions.begin() as session:
        session.merge(channel).status = ChannelStatus.PAUSED
    assert studio.refresh(channel).as_metadata() == {"skipped": "the channel is paused"}
    assert (studio.uploads(), kept()) == ([], [])


def test_a_dry_run_says_what_it_would_do_and_does_nothing(studio, kept):
    channel = studio.channel("news")
    studio.video(channel)
    said = studio.refresh(channel, dry_run=True).as_metadata()
    assert said["planned"] == 1
    assert said["preview"][0]["scheduled_at"] == "2026-03-02T03:00:00+00:00"
    assert (studio.uploads(), kept()) == ([], [])


def test_what_the_channel_has_learnt_decides_its_hours(studio):
    channel = studio.channel("news")
    studio.video(channel)
    with studio.sessions.begin() as session:
        session.add(
            PublishingTime(
                channel_id=channel.id,
                weekday=WeekdayClass.WEEKDAY,
                hour_band=15,
                score=0.9,
                confidence=0.97,
                samples=40,
                computed_at=studio.clock.now(),
            )
        )
    plan_uploads(studio.sessions, channel="news", clock=studio.clock)
    assert studio.upload().scheduled_at == datetime(2026, 3, 2, 7, tzinfo=UTC)


def test_a_title_like_an_earlier_one_is_a_risk(studio):
    channel = studio.channel("news", review={"upload": {"mode": "hybrid", "threshold": 30}})
    studio.video(channel, title_original="반도체 수출 석 달 연속 증가")
    studio.refresh(channel)
    studio.clock.move(timedelta(days=1))
    studio.video(channel, title_original="반도체 수출 석 달 연속 증가!")
    assert studio.refresh(channel).planned.waiting == 1
    with studio.sessions() as session:
        reasons = session.scalars(select(ReviewQueue.risk_reasons).where(ReviewQueue.status == "pending")).one()
    assert "nearly repeats" in reasons[0]


def test_a_word_that_is_sensitive_to_the_channel_is_shown_to_a_person(studio):
    gates = {"upload": {"mode": "hybrid", "threshold": 30}, "sensitive_words": ["누리전자"]}
    channel = studio.channel("news", review=gates)
    studio.video(channel, title_original="누리전자 새 공장 문 열어")
    assert studio.refresh(channel).planned.waiting == 1
