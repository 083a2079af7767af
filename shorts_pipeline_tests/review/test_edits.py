import pytest
from sqlalchemy import select

from shorts_pipeline.database import (
    ReviewDecision,
    ReviewQueue,
    ReviewStatus,
    ReviewType,
    ScriptStatus,
    UploadStatus,
    VideoStatus,
)
from shorts_pipeline.review.decisions import AlreadyDecided, NotEditable, approve, reject
from shorts_pipeline.review.gates import edited_since_approval, submit
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video, an_upload


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


@pytest.fixture
def waiting(session, clock):
    """Puts a row before a person; its review's id."""
    channel = a_channel(session)

    def wait(row):
        submit(session, [about(row, channel)], now=clock.now())
        return session.scalars(select(ReviewQueue.id).where(ReviewQueue.target_id == row.id)).one()

    wait.channel = channel
    return wait


def test_a_script_is_approved_with_the_words_of_the_reviewer(session, waiting, clock):
    script = a_script(session, a_topic(session, waiting.channel), script_text="값이 올랐어요.\n\n내일 봐요.")
    review_id = waiting(script)
    approve(session, review_id, by="kim", now=clock.now(), edits={"script_text": " 값이 8% 올랐어요.\n\n내일 봐요. "})
    session.refresh(script)
    assert (script.status, script.script_text) == (ScriptStatus.APPROVED, "값이 8% 올랐어요.\n\n내일 봐요.")
    assert script.word_count == 5
    assert script.estimated_duration > 1
    decision = session.scalars(select(ReviewDecision)).one()
    assert decision.edits == {
        "script_text": {"from": "값이 올랐어요.\n\n내일 봐요.", "to": "값이 8% 올랐어요.\n\n내일 봐요."}
    }
    assert edited_since_approval(session, ReviewType.SCRIPT, [script.id]) == set()


def test_topics_and_uploads_take_their_own_edits(session, waiting, clock):
    topic = a_topic(session, waiting.channel)
    approve(session, waiting(topic), by="kim", now=clock.now(), edits={"title_original": "새 제목"})
    script = a_script(session, topic)
    upload = an_upload(session, a_video(session, script, status=VideoStatus.APPROVED))
    edits = {"title": "다른 제목", "description": "", "tags": ["반도체"]}
    approve(session, waiting(upload), by="kim", now=clock.now(), edits=edits)
    session.refresh(topic)
    session.refresh(upload)
    assert topic.title_original == "새 제목"
    assert (upload.title, upload.description, upload.tags) == ("다른 제목", "", ["반도체"])
    assert upload.upload_status is UploadStatus.APPROVED


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"status": "used"}, "not status"),
        ({"script_text": "  "}, "script_text would be empty"),
        ({"title": "제목"}, "of a script script_text can be edited"),
    ],
)
def test_what_may_not_be_edited_changes_nothing(sessions, clock, edits, said):
    with sessions.begin() as session:
        channel = a_channel(session)
        script = a_script(session, a_topic(session, channel))
        submit(session, [about(script, channel)], now=clock.now())
        review_id = session.scalars(select(ReviewQueue.id)).one()
    with pytest.raises(NotEditable, match=said), sessions.begin() as session:
        approve(session, review_id, by="kim", now=clock.now(), edits=edits)
    with sessions() as session:
        assert session.get_one(ReviewQueue, review_id).status is ReviewStatus.PENDING


def test_who_comes_second_edits_nothing(session, waiting, clock):
    script = a_script(session, a_topic(session, waiting.channel))
    review_id, before = waiting(script), script.script_text
    reject(session, review_id, by="lee", now=clock.now())
    with pytest.raises(AlreadyDecided):
        approve(session, review_id, by="kim", now=clock.now(), edits={"script_text": "늦었어요."})
    session.refresh(script)
    assert script.script_text == before


def test_edits_that_change_nothing_are_none(session, waiting, clock):
    script = a_script(session, a_topic(session, waiting.channel))
    approve(session, waiting(script), by="kim", now=clock.now(), edits={"script_text": script.script_text})
    assert session.scalars(select(ReviewDecision.edits)).one() == {}
