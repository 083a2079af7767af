import pytest
from sqlalchemy import select

from shorts_pipeline.database import (
    ReviewDecision,
    ReviewQueue,
    ReviewStatus,
    ReviewType,
    ScriptStatus,
    TopicStatus,
    UploadStatus,
    VideoStatus,
)
from shorts_pipeline.review.decisions import approve, reject
from shorts_pipeline.review.gates import Outcome, edited_since_approval, submit
from shorts_pipeline.review.risk import Risk
from shorts_pipeline.review.states import AlreadyMoved
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video, an_upload


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


@pytest.fixture
def channel(session):
    return a_channel(session)


@pytest.fixture
def chain(session, channel):
    """One row of each kind, each as its stage leaves it."""
    topic = a_topic(session, channel)
    script = a_script(session, topic)
    video = a_video(session, script, status=VideoStatus.GENERATED, video_path="videos/1.mp4")
    return topic, script, video, an_upload(session, video)


def reviews(session):
    return list(session.scalars(select(ReviewQueue)))


def test_auto_lets_everything_pass_and_leaves_a_trace(session, channel, chain, clock):
    requests = [about(row, channel, mode="auto", risk=Risk(99.0)) for row in chain]
    assert set(submit(session, requests, now=clock.now()).values()) == {Outcome.APPROVED}
    topic, script, video, upload = chain
    for row in chain:
        session.refresh(row)
    assert topic.status is TopicStatus.APPROVED
    assert script.status is ScriptStatus.APPROVED
    assert (script.reviewed_by, script.reviewed_at) == ("rule:auto", clock.now())
    assert video.status is VideoStatus.APPROVED
    assert upload.upload_status is UploadStatus.APPROVED
    assert {review.status for review in reviews(session)} == {ReviewStatus.APPROVED}
    decisions = list(session.scalars(select(ReviewDecision)))
    assert len(decisions) == 4
    assert {(entry.decided_by, entry.action, len(entry.content_hash)) for entry in decisions} == {
        ("rule:auto", "approve", 64)
    }


def test_manual_asks_a_person_and_says_so_on_the_row(session, channel, chain, clock):
    requests = [about(row, channel, risk=Risk(0.0)) for row in chain]
    assert set(submit(session, requests, now=clock.now()).values()) == {Outcome.WAITING}
    topic, script, video, upload = chain
    for row in chain:
        session.refresh(row)
    assert topic.status is TopicStatus.PENDING
    assert script.status is ScriptStatus.IN_REVIEW
    assert video.status is VideoStatus.IN_REVIEW
    assert upload.upload_status is UploadStatus.PENDING
    assert {review.status for review in reviews(session)} == {ReviewStatus.PENDING}
    assert session.scalars(select(ReviewDecision)).all() == []


@pytest.mark.parametrize(
    ("score", "outcome"),
    [(0.0, Outcome.APPROVED), (29.9, Outcome.APPROVED), (30.0, Outcome.WAITING), (100.0, Outcome.WAITING)],
)
def test_hybrid_asks_a_person_from_its_threshold_on(session, channel, clock, score, outcome):
    topic = a_topic(session, channel)
    request = about(topic, channel, mode="hybrid", threshold=30.0, risk=Risk(score, ("why",)))
    assert submit(session, [request], now=clock.now()) == {topic.id: outcome}


def test_a_request_keeps_risk_priority_expiry_and_analysis(session, channel, clock):
    topic = a_topic(session, channel)
    request = about(topic, channel, priority=7, expires_at=clock.now(), analysis={"model": "none"})
    submit(session, [request], now=clock.now())
    (review,) = reviews(session)
    assert (review.risk_score, review.risk_reasons, review.priority) == (10.0, ["quality: a little long"], 7)
    assert (review.expires_at, review.ai_analysis) == (clock.now(), {"model": "none"})


@pytest.mark.parametrize("mode", ["auto", "manual"])
def test_asking_twice_changes_nothing(session, channel, chain, clock, mode):
    requests = [about(row, channel, mode=mode) for row in chain]
    first = submit(session, requests, now=clock.now())
    kept = [(review.id, review.status, review.updated_at) for review in reviews(session)]
    entries = len(session.scalars(select(ReviewDecision)).all())
    assert submit(session, requests, now=clock.now()) == first
    assert [(review.id, review.status, review.updated_at) for review in reviews(session)] == kept
    assert len(session.scalars(select(ReviewDecision)).all()) == entries


def test_asking_again_after_a_decision_answers_with_it(session, channel, clock):
    yes, no = (about(a_topic(session, channel), channel) for _ in range(2))
    submit(session, [yes, no], now=clock.now())
    by_target = {review.target_id: review.id for review in reviews(session)}
    approve(session, by_target[yes.target_id], by="kim", now=clock.now())
    reject(session, by_target[no.target_id], by="kim", now=clock.now())
    assert submit(session, [yes, no], now=clock.now()) == {
        yes.target_id: Outcome.APPROVED,
        no.target_id: Outcome.REJECTED,
    }


def test_nothing_asked_is_nothing_done(session, clock):
    assert submit(session, [], now=clock.now()) == {}


def test_a_target_that_moved_on_is_refused_and_no_review_stays(sessions, clock):
    with sessions.begin() as session:
        channel = a_channel(session)
        topic = a_topic(session, channel, status=TopicStatus.EXPIRED)
    with pytest.raises(AlreadyMoved, match="not pending"), sessions.begin() as session:
        submit(session, [about(topic, channel, mode="auto")], now=clock.now())
    with sessions() as session:
        assert reviews(session) == []


def test_an_edit_after_approval_is_detected_by_its_hash(session, channel, chain, clock):
    _, script, *_ = chain
    submit(session, [about(script, channel, mode="auto")], now=clock.now())
    assert edited_since_approval(session, ReviewType.SCRIPT, [script.id]) == set()
    script.script_text += " 그리고 하나 더."
    session.flush()
    assert edited_since_approval(session, ReviewType.SCRIPT, [script.id]) == {script.id}


def test_an_edit_after_approval_asks_a_person_again(session, channel, chain, clock):
    _, script, *_ = chain
    request = about(script, channel)
    submit(session, [request], now=clock.now())
    (review,) = reviews(session)
    approve(session, review.id, by="kim", now=clock.now())
    script.script_text += " 그리고 하나 더."
    session.flush()
    assert submit(session, [request], now=clock.now()) == {script.id: Outcome.WAITING}
    session.refresh(review)
    session.refresh(script)
    assert (review.status, review.reviewed_by) == (ReviewStatus.PENDING, None)
    assert script.status is ScriptStatus.IN_REVIEW
    approve(session, review.id, by="lee", now=clock.now())
    assert submit(session, [request], now=clock.now()) == {script.id: Outcome.APPROVED}
    assert len(session.scalars(select(ReviewDecision)).all()) == 2, "the first decision is kept"


def test_an_edit_that_the_rule_lets_pass_is_recorded_with_its_new_hash(session, channel, chain, clock):
    _, script, *_ = chain
    request = about(script, channel, mode="auto")
    submit(session, [request], now=clock.now())
    script.script_text += " 그리고 하나 더."
    session.flush()
    assert submit(session, [request], now=clock.now()) == {script.id: Outcome.APPROVED}
    assert edited_since_approval(session, ReviewType.SCRIPT, [script.id]) == set()
    riskier = about(script, channel, mode="hybrid", risk=Risk(80.0))
    script.script_text += " 또 하나."
    session.flush()
    assert submit(session, [riskier], now=clock.now()) == {script.id: Outcome.WAITING}


def test_three_hundred_requests_take_a_handful_of_statements(session, channel, clock):
    source = a_topic(session, channel).source_id
    topics = [a_topic(session, channel, source_id=source) for _ in range(300)]
    statements = []

    def count(state):
        statements.append(state.statement)

    from sqlalchemy import event

    event.listen(session, "do_orm_execute", count)
    submit(session, [about(topic, channel, mode="auto") for topic in topics], now=clock.now())
    event.remove(session, "do_orm_execute", count)
    assert len(statements) <= 6
    assert len(reviews(session)) == 300
