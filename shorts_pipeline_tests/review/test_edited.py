import pytest
from sqlalchemy import select, update

from shorts_pipeline.database import (
    Notice,
    ReviewDecision,
    ReviewQueue,
    ReviewStatus,
    ReviewType,
    Script,
    ScriptStatus,
    TopicStatus,
    VideoStatus,
)
from shorts_pipeline.review.decisions import approve
from shorts_pipeline.review.edited import REASON, ask_again
from shorts_pipeline.review.gates import submit
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


@pytest.mark.parametrize(
    ("kind", "column", "waits"),
    [
        (ReviewType.TOPIC, "title_original", TopicStatus.PENDING),
        (ReviewType.SCRIPT, "script_text", ScriptStatus.IN_REVIEW),
        (ReviewType.VIDEO, "video_path", VideoStatus.IN_REVIEW),
    ],
)
def test_what_is_edited_after_its_approval_waits_for_a_person_again(session, clock, kind, column, waits):
    channel = a_channel(session)
    topic = a_topic(session, channel)
    script = a_script(session, topic)
    video = a_video(session, script, status=VideoStatus.GENERATED, video_path="videos/a.mp4")
    row = {ReviewType.TOPIC: topic, ReviewType.SCRIPT: script, ReviewType.VIDEO: video}[kind]
    submit(session, [about(row, channel, mode="auto")], now=clock.now())
    assert ask_again(session, kind, channel.id, now=clock.now()) == 0
    session.execute(update(type(row)).where(type(row).id == row.id).values({column: "something else"}))
    assert ask_again(session, kind, channel.id, now=clock.now()) == 1
    session.refresh(row)
    review = session.scalars(select(ReviewQueue)).one()
    assert (row.status, review.status, review.reviewed_by) == (waits, ReviewStatus.PENDING, None)
    assert review.risk_reasons[0] == REASON
    assert review.expires_at > clock.now()
    assert ask_again(session, kind, channel.id, now=clock.now()) == 0
    approve(session, review.id, by="kim", now=clock.now())
    assert ask_again(session, kind, channel.id, now=clock.now()) == 0
    assert len(session.scalars(select(ReviewDecision)).all()) == 2


def test_people_are_told_again_of_a_review_that_began_anew(session, clock):
    channel = a_channel(session)
    script = a_script(session, a_topic(session, channel))
    submit(session, [about(script, channel)], now=clock.now())
    review = session.scalars(select(ReviewQueue)).one()
    for subject in (review.id, script.id):
        notice = Notice(channel_id=channel.id, event="waiting", subject=str(subject), claimed_until=clock.now())
        session.add(notice)
    approve(session, review.id, by="kim", now=clock.now())
    session.execute(update(Script).values(script_text="다른 말이에요."))
    ask_again(session, ReviewType.SCRIPT, channel.id, now=clock.now())
    assert session.scalars(select(Notice.subject)).all() == [str(script.id)]


def test_another_channels_rows_are_left_alone(session, clock):
    mine, other = a_channel(session), a_channel(session)
    script = a_script(session, a_topic(session, other))
    submit(session, [about(script, other, mode="auto")], now=clock.now())
    session.execute(update(Script).values(script_text="다른 말이에요."))
    assert ask_again(session, ReviewType.SCRIPT, mine.id, now=clock.now()) == 0
