from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from shorts_pipeline.database import (
    ReviewDecision,
    ReviewQueue,
    ReviewStatus,
    Script,
    ScriptStatus,
    Topic,
    TopicStatus,
    UploadStatus,
    VideoStatus,
)
from shorts_pipeline.review.decisions import AlreadyDecided, NotInReview, approve, reject, waiting
from shorts_pipeline.review.expire import Deadline, expire, overdue
from shorts_pipeline.review.gates import submit
from shorts_pipeline.review.queue import WhichReview, named, shown
from shorts_pipeline.review.risk import Risk
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video, an_upload


def a_waiting(session, row, channel, clock, **over):
    submit(session, [about(row, channel, **over)], now=clock.now())
    return session.scalars(select(ReviewQueue.id).where(ReviewQueue.target_id == row.id)).one()


def test_two_reviewers_at_once_one_wins_and_the_other_is_told(sessions, clock):
    rounds = 100
    with sessions.begin() as session:
        channel = a_channel(session)
        first = a_topic(session, channel)
        scripts = [a_script(session, first, script_version=number + 1) for number in range(rounds)]
        submit(session, [about(script, channel) for script in scripts], now=clock.now())
        ids = list(session.scalars(select(ReviewQueue.id)))
    start = Barrier(2)

    def decide(name, verb):
        outcomes = []
        for review_id in ids:
            start.wait()
            try:
                with sessions.begin() as session:
                    verb(session, review_id, by=name, now=clock.now())
                outcomes.append(None)
            except AlreadyDecided as told:
                outcomes.append(str(told))
        return outcomes

    with ThreadPoolExecutor(2) as pool:
        kim = pool.submit(decide, "kim", approve)
        lee = pool.submit(decide, "lee", reject)
        results = list(zip(ids, kim.result(), lee.result(), strict=True))
    with sessions() as session:
        rows = {review.id: review for review in session.scalars(select(ReviewQueue))}
        statuses = dict(session.execute(select(Script.id, Script.status)).all())
        assert session.scalar(select(func.count()).select_from(ReviewDecision)) == rounds
    for review_id, kim_told, lee_told in results:
        assert (kim_told is None) != (lee_told is None)
        winner = "kim" if kim_told is None else "lee"
        review = rows[review_id]
        assert review.reviewed_by == winner
        assert winner in (kim_told or lee_told)
        expected = ScriptStatus.APPROVED if winner == "kim" else ScriptStatus.REJECTED
        assert statuses[review.target_id] is expected


def test_a_decision_moves_the_row_and_keeps_who_when_why_and_what(sessions, clock):
    with sessions.begin() as session:
        channel = a_channel(session)
        script = a_script(session, a_topic(session, channel))
        review_id = a_waiting(session, script, channel, clock)
        approve(session, review_id, by="kim", now=clock.now(), notes="좋아요")
    with sessions() as session:
        script = session.get_one(Script, script.id)
        assert (script.status, script.reviewed_by, script.reviewed_at) == (ScriptStatus.APPROVED, "kim", clock.now())
        assert script.review_notes == "좋아요"
        review = session.get_one(ReviewQueue, review_id)
        assert (review.status, review.review_action, review.review_notes) == (
            ReviewStatus.APPROVED,
            "approve",
            "좋아요",
        )
        entry = session.scalars(select(ReviewDecision)).one()
        assert (entry.decided_by, entry.decided_at, entry.reason) == ("kim", clock.now(), "좋아요")
        assert len(entry.content_hash) == 64


@pytest.mark.parametrize(
    "rewriting", ["UPDATE review_decisions SET decided_by = 'lee'", "DELETE FROM review_decisions"]
)
def test_a_decision_is_never_rewritten(sessions, clock, rewriting):
    with sessions.begin() as session:
        channel = a_channel(session)
        submit(session, [about(a_topic(session, channel), channel, mode="auto")], now=clock.now())
    with sessions() as session, pytest.raises(IntegrityError, match="append-only"):
        session.execute(text(rewriting))
    with sessions() as session:
        assert session.scalars(select(ReviewDecision.decided_by)).all() == ["rule:auto"]


def test_each_kind_of_row_can_be_refused(sessions, clock):
    with sessions.begin() as session:
        channel = a_channel(session)
        topic = a_topic(session, channel)
        script = a_script(session, topic)
        video = a_video(session, script, status=VideoStatus.GENERATED)
        upload = an_upload(session, video)
        for row in (topic, script, video, upload):
            reject(session, a_waiting(session, row, channel, clock), by="kim", now=clock.now())
            session.refresh(row)
        assert topic.status is TopicStatus.REJECTED
        assert script.status is ScriptStatus.REJECTED
        assert video.status is VideoStatus.REJECTED
        assert upload.upload_status is UploadStatus.REJECTED


def test_a_review_that_does_not_exist_is_said_to_be_so(sessions, clock):
    with sessions.begin() as session, pytest.raises(NotInReview):
        approve(session, uuid4(), by="kim", now=clock.now())


def test_a_topic_that_expired_meanwhile_cannot_be_approved_and_nothing_changes(sessions, clock):
    with sessions.begin() as session:
        channel = a_channel(session)
        topic = a_topic(session, channel)
        review_id = a_waiting(session, topic, channel, clock)
        topic.status = TopicStatus.EXPIRED
    with pytest.raises(AlreadyDecided, match="is expired by now"), sessions.begin() as session:
        approve(session, review_id, by="kim", now=clock.now())
    with sessions() as session:
        assert session.get_one(ReviewQueue, review_id).status is ReviewStatus.PENDING
        assert session.scalars(select(ReviewDecision)).all() == []


def test_the_waiting_list_shows_the_most_pressing_first_with_what_it_is_about(sessions, clock):
    with sessions.begin() as session:
        channel, other = a_channel(session), a_channel(session)
        topic = a_topic(session, channel, title_original="조용한 소식", summary="작은 요약")
        risky = a_topic(session, channel, title_original="위험한 소식")
        script = a_script(session, topic, script_text="대본의 첫 문장입니다.")
        video = a_video(session, script, status=VideoStatus.GENERATED, video_path="v/1.mp4")
        upload = an_upload(session, video, title="올릴 제목", description="설명")
        elsewhere = a_topic(session, other)
        requests = [
            about(topic, channel, risk=Risk(1.0)),
            about(risky, channel, risk=Risk(80.0)),
            about(script, channel, priority=5),
            about(video, channel, risk=Risk(0.5)),
            about(upload, channel, risk=Risk(0.1)),
            about(elsewhere, other),
        ]
        submit(session, requests, now=clock.now())
        listed = waiting(session, channel.id)
        assert [review.title for review in listed] == [
            "조용한 소식",
            "위험한 소식",
            "조용한 소식",
            "조용한 소식",
            "올릴 제목",
        ]
        assert [review.target_id for review in listed] == [script.id, risky.id, topic.id, video.id, upload.id]
        assert [listed[0].preview, listed[2].preview, listed[4].preview] == [
            "대본의 첫 문장입니다.",
            "작은 요약",
            "설명",
        ]
        assert listed[3].preview.startswith("v/1.mp4\n대본의")
        assert len(waiting(session)) == 6
        assert waiting(session, limit=1)[0].target_id == script.id


def test_a_decided_review_no_longer_waits_but_can_be_shown(sessions, clock):
    with sessions.begin() as session:
        channel = a_channel(session)
        review_id = a_waiting(session, a_topic(session, channel), channel, clock)
        approve(session, review_id, by="kim", now=clock.now())
        assert waiting(session, channel.id) == []
        assert shown(session, review_id).status is ReviewStatus.APPROVED


def test_a_review_can_be_named_by_the_start_of_its_id(sessions, clock):
    with sessions.begin() as session:
        channel = a_channel(session)
        review_id = a_waiting(session, a_topic(session, channel), channel, clock)
        assert named(session, str(review_id)[:8]) == review_id
        for wrong in ("12", "zzzz", "%%%%", "ffff0000"):
            with pytest.raises(WhichReview):
                named(session, wrong)


def test_a_review_is_overdue_from_its_very_second_on(clock):
    now = clock.now()
    late, just, early, never = (uuid4() for _ in range(4))
    deadlines = [
        Deadline(just, now),
        Deadline(early, now + timedelta(seconds=1)),
        Deadline(never, None),
        Deadline(late, now - timedelta(days=1)),
    ]
    assert overdue(deadlines, now) == [late, just]
    assert overdue([], now) == []


def test_what_nobody_decided_in_time_does_not_go_on(sessions, clock):
    with sessions.begin() as session:
        channel = a_channel(session)
        topic, script = a_topic(session, channel), a_script(session, a_topic(session, channel))
        for row in (topic, script):
            a_waiting(session, row, channel, clock, expires_at=clock.now() + timedelta(hours=1))
    clock.move(timedelta(hours=1))
    with sessions.begin() as session:
        assert {ended.target_id for ended in expire(session, now=clock.now())} == {topic.id, script.id}
        assert expire(session, now=clock.now()) == []
        assert session.get_one(Topic, topic.id).status is TopicStatus.EXPIRED
        assert session.get_one(Script, script.id).status is ScriptStatus.REJECTED
        assert {review.status for review in session.scalars(select(ReviewQueue))} == {ReviewStatus.EXPIRED}


def test_an_overdue_review_of_a_row_that_moved_on_just_ends(sessions, clock):
    with sessions.begin() as session:
        channel = a_channel(session)
        topic = a_topic(session, channel)
        a_waiting(session, topic, channel, clock, expires_at=clock.now())
        topic.status = TopicStatus.REJECTED
    with sessions.begin() as session:
        assert len(expire(session, now=clock.now())) == 1
        assert session.get_one(Topic, topic.id).status is TopicStatus.REJECTED
