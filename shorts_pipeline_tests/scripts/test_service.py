from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shorts_pipeline.database import (
    ChannelStatus,
    JobLog,
    JobStatus,
    ReviewQueue,
    ReviewStatus,
    Script,
    ScriptStatus,
    StageAttempt,
    Topic,
    TopicStatus,
    VideoStatus,
)
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.operations.work import AllFailed
from shorts_pipeline.review.gates import submit
from shorts_pipeline.scripts.extractive import ExtractiveWriter
from shorts_pipeline.scripts.index import chunk_scripts
from shorts_pipeline.scripts.service import write_scripts
from shorts_pipeline.selection import Selection
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_script, a_topic, a_video
from shorts_pipeline_tests.scripts.newsdesk import a_retelling, a_told_topic
from shorts_pipeline_tests.scripts.stories import BUS, CHIP, LOAN, MEMORY


@pytest.fixture
def write(sessions, store, embedder, clock):
    def run(**over):
        given = {"channel": "oneul", "clock": clock, "owner": "run-1", **over}
        return write_scripts(sessions, store, embedder, **given)

    return run


def all_scripts(sessions):
    with sessions() as session:
        return session.scalars(select(Script).order_by(Script.created_at, Script.script_version)).all()


class WeakThenGood(ExtractiveWriter):
    """Gives a hook that says nothing until its `good`th attempt."""

    def __init__(self, good):
        super().__init__()
        self.good = good

    def write(self, brief):
        draft = super().write(brief)
        weak = replace(draft, hook=(f"안녕하세요, {'또 ' * brief.attempt}왔어요.",))
        return draft if brief.attempt >= self.good else weak


def test_approved_topics_become_scripts_best_first_and_are_used_up(sessions, channel, write):
    with sessions.begin() as session:
        low = a_told_topic(session, channel, LOAN, score_total=40)
        high = a_told_topic(session, channel, CHIP, score_total=90)
        waiting = a_told_topic(session, channel, BUS, status=TopicStatus.PENDING)
    written = write()
    assert [each.topic_id for each in written.written] == [high.id, low.id]
    with sessions() as session:
        statuses = {topic.id: topic.status for topic in session.scalars(select(Topic))}
    assert statuses[high.id] is statuses[low.id] is TopicStatus.USED
    assert statuses[waiting.id] is TopicStatus.PENDING
    first, second = all_scripts(sessions)
    for script in (first, second):
        assert script.status is ScriptStatus.APPROVED
        assert script.generation_model == "extractive"
        assert script.generation_config["claims"]
        assert script.quality_score_style > 0.8
        assert script.quality_score_hook > 0.5
        assert 15 < script.estimated_duration < 40
        assert script.word_count == len(script.script_text.split())


def test_a_second_run_writes_nothing_twice(sessions, channel, write):
    with sessions.begin() as session:
        a_told_topic(session, channel, CHIP)
    assert len(write().written) == 1
    assert write().written == ()
    assert len(all_scripts(sessions)) == 1


def test_a_manual_gate_waits_for_a_person(sessions, channel, write, redis):
    with sessions.begin() as session:
        row = session.merge(channel)
        row.operation_config = {"review": {"script": {"mode": "manual", "expires_after_hours": 5.0}}}
        a_told_topic(session, row, CHIP, score_total=77)
    written = write(redis=redis)
    assert written.written[0].waiting
    (script,) = all_scripts(sessions)
    assert script.status is ScriptStatus.IN_REVIEW
    with sessions() as session:
        review = session.scalars(select(ReviewQueue)).one()
    assert (review.status, review.priority) == (ReviewStatus.PENDING, 77)
    assert review.ai_analysis["style"] == script.quality_score_style
    assert redis.smembers(f"review:pending:{channel.id}") == {str(review.id)}


def test_a_word_that_is_sensitive_to_the_channel_is_shown_to_a_person(sessions, channel, write):
    with sessions.begin() as session:
        row = session.merge(channel)
        gates = {"script": {"mode": "hybrid", "threshold": 60}, "sensitive_words": ["반도체"]}
        row.operation_config = {"review": gates}
        a_told_topic(session, row, CHIP)
    assert write().written[0].waiting
    with sessions() as session:
        assert "sensitive (the channel's own): 반도체" in session.scalars(select(ReviewQueue.risk_reasons)).one()


def test_a_topic_edited_after_its_approval_is_asked_about_before_it_is_written(sessions, channel, write, clock):
    with sessions.begin() as session:
        topic = a_told_topic(session, channel, CHIP, status=TopicStatus.PENDING)
        submit(session, [about(topic, channel, mode="auto")], now=clock.now())
        session.execute(update(Topic).values(title_original="다른 제목"))
    assert write().written == ()
    with sessions() as session:
        assert session.scalars(select(ReviewQueue.status)).all() == [ReviewStatus.PENDING]


def test_no_more_is_written_than_the_channel_needs(sessions, channel, write):
    """Two uploads a day, two days ahead: four; one script and one video are under way."""
    with sessions.begin() as session:
        under_way = a_script(session, a_topic(session, channel), status=ScriptStatus.APPROVED)
        a_video(session, under_way, status=VideoStatus.PUBLISHED)
        told = a_script(session, a_topic(session, channel), status=ScriptStatus.USED)
        a_video(session, told, status=VideoStatus.GENERATED)
        for number in range(5):
            a_told_topic(session, channel, (f"{CHIP[0]} {number}", CHIP[1]))
    written = write()
    assert (written.needed, len(written.written)) == (2, 2)
    assert write().needed == 0


def test_a_script_below_the_gates_is_written_again_as_a_new_version(sessions, channel, write):
    with sessions.begin() as session:
        a_told_topic(session, channel, CHIP)
    written = write(writer=WeakThenGood(good=2))
    assert written.written[0].version == 2
    first, second = all_scripts(sessions)
    assert (first.status, first.reviewed_by) == (ScriptStatus.REJECTED, "rule:rewrite")
    assert "hook" in first.review_notes
    assert second.status is ScriptStatus.APPROVED


def test_after_two_rewrites_a_person_decides_even_at_an_automatic_gate(sessions, channel, write):
    with sessions.begin() as session:
        a_told_topic(session, channel, CHIP)
    written = write(writer=WeakThenGood(good=9))
    assert written.written[0].waiting
    scripts = all_scripts(sessions)
    assert [script.status for script in scripts].count(ScriptStatus.REJECTED) == 2
    live = next(script for script in scripts if script.status is ScriptStatus.IN_REVIEW)
    assert any("hook" in issue for issue in live.quality_issues)
    with sessions() as session:
        assert any("hook" in reason for reason in session.scalars(select(ReviewQueue)).one().risk_reasons)


def test_a_topic_that_cannot_be_told_is_explained_and_does_not_stop_the_others(sessions, channel, write):
    with sessions.begin() as session:
        mute = a_told_topic(session, channel, ("속보", ""), score_total=99)
        a_told_topic(session, channel, CHIP, score_total=10)
    written = write()
    assert len(written.written) == 1
    assert (written.failed[0].target_id, written.failed[0].parked) == (mute.id, True)
    with sessions() as session:
        assert "told aloud" in session.scalars(select(StageAttempt)).one().reason
        assert session.get_one(Topic, mute.id).status is TopicStatus.APPROVED


def test_a_run_fails_only_when_every_topic_failed(sessions, channel, write):
    with sessions.begin() as session:
        a_told_topic(session, channel, ("속보", ""))
    with pytest.raises(AllFailed):
        write()
    with sessions() as session:
        assert session.scalars(select(JobLog)).one().status is JobStatus.FAILED


def test_what_the_writer_cannot_translate_and_what_is_too_old_is_left_alone(sessions, channel, write, clock):
    with sessions.begin() as session:
        a_told_topic(session, channel, MEMORY, language="en")
        a_told_topic(session, channel, CHIP, expires_at=clock.now() - timedelta(minutes=1))
    assert write().written == ()
    with sessions() as session:
        assert session.scalars(select(StageAttempt)).all() == []


def test_a_dry_run_names_the_stories_and_writes_nothing(sessions, channel, write):
    with sessions.begin() as session:
        a_told_topic(session, channel, CHIP)
    assert write(selection=Selection(dry_run=True)).planned == (CHIP[0],)
    assert all_scripts(sessions) == []


def test_a_limit_is_kept(sessions, channel, write):
    with sessions.begin() as session:
        for told in (CHIP, LOAN, BUS):
            a_told_topic(session, channel, told)
    assert len(write(selection=Selection(limit=2)).written) == 2


def test_scripts_named_by_a_person_are_written_again_once_each(sessions, channel, write):
    with sessions.begin() as session:
        session.merge(channel).operation_config = {"review": {"script": {"mode": "manual"}}}
        for told in (CHIP, LOAN):
            a_told_topic(session, channel, told)
    first = write()
    again = write(selection=Selection(only=tuple(each.script_id for each in first.written)))
    assert sorted(each.version for each in again.written) == [2, 2]
    scripts = {script.id: script for script in all_scripts(sessions)}
    assert all(scripts[each.script_id].status is ScriptStatus.REJECTED for each in first.written)
    with sessions() as session:
        statuses = sorted(review.status for review in session.scalars(select(ReviewQueue)))
    assert statuses == ["pending", "pending", "rejected", "rejected"]


def test_a_script_in_use_is_not_written_again(sessions, channel, write):
    with sessions.begin() as session:
        script = a_script(session, a_topic(session, channel, status=TopicStatus.USED), status=ScriptStatus.USED)
    assert write(selection=Selection(only=(script.id,))).written == ()


def test_a_paused_channel_rests_and_an_unknown_one_is_named(sessions, channel, write):
    with sessions.begin() as session:
        session.merge(channel).status = ChannelStatus.PAUSED
        a_told_topic(session, channel, CHIP)
    assert write().note == "the channel is not active"
    with pytest.raises(NeedsPerson, match="nowhere"):
        write(channel="nowhere")


def test_other_tellings_of_the_story_are_read_too(sessions, channel, write):
    with sessions.begin() as session:
        topic = a_told_topic(session, channel, (CHIP[0], "한별반도체가 새 칩의 양산을 시작했다고 2일 밝혔다."))
        a_retelling(session, topic, CHIP)
    assert "평택" in write().written[0].text


def test_a_story_told_before_is_seen_as_a_repetition(sessions, channel, write, store, embedder, clock):
    with sessions.begin() as session:
        a_told_topic(session, channel, CHIP)
    write()
    chunk_scripts(sessions, store, embedder, channel="oneul", clock=clock, owner="run-1")
    with sessions.begin() as session:
        a_told_topic(session, channel, (f"{CHIP[0]} 다시", CHIP[1]))
        a_told_topic(session, channel, BUS, score_total=1)
    again, other = write().written
    assert again.waiting
    assert any(issue.startswith("repeats earlier content") for issue in again.issues)
    assert not other.waiting
    assert other.issues == ()


def test_a_run_is_logged_with_its_numbers(sessions, channel, write):
    with sessions.begin() as session:
        a_told_topic(session, channel, CHIP)
    metadata = write().as_metadata()
    assert (metadata["written"], metadata["approved"], metadata["failed"]) == (1, 1, 0)
    with sessions() as session:
        job = session.scalars(select(JobLog)).one()
    assert (job.status, job.channel_id, job.result["written"]) == (JobStatus.COMPLETED, channel.id, 1)
    assert job.run_metadata["run_id"] == "run-1"
