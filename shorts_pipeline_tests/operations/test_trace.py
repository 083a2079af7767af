"""From feed item to views: everything that belongs to one short, and nothing secret."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import (
    ContentChunk,
    ItemJudgement,
    JobType,
    JudgementOutcome,
    MediaCredit,
    Notice,
    Performance,
    PerformanceDay,
    RetrievalView,
    ReviewDecision,
    ReviewQueue,
    ReviewType,
    Script,
    ScriptRetrieval,
    Series,
    SourceItem,
    StageAttempt,
    Topic,
    TopicSighting,
)
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.operations.trace import Node, trace
from shorts_pipeline_tests.rows import a_channel, a_script, a_source, a_topic, a_video, an_upload

SECRET = "https://upload.example/session?upload_id=very-secret"
Ids = dict[str, str]


def labels(root: Node) -> list[str]:
    """The kind of every node, in reading order."""
    return [node.label.split(" ")[0] for node in root.walk()]


def the(root: Node, kind: str) -> Node:
    [found] = [node for node in root.walk() if node.label.startswith(kind)]
    return found


@pytest.fixture
def ids(sessions: sessionmaker[Session], clock: ManualClock) -> Ids:
    """A short that went the whole way."""
    topic = a_told_story(sessions, clock)
    script = a_decided_script(sessions, clock, topic)
    with sessions.begin() as session:
        video = a_video(session, script, video_path="oneul-tech/1.mp4")
        session.add(MediaCredit(video_id=video.id, source="pexels", licence="Pexels"))
        session.add(StageAttempt(stage="videos", target_id=video.id, attempts=2, reason="killed"))
        upload = an_upload(session, video, youtube_video_id="abc-DEF_123", session_uri=SECRET)
        session.add(Performance(upload_id=upload.id, views=1234))
        for day in (1, 2):
            session.add(PerformanceDay(upload_id=upload.id, day=date(2026, 3, day), views=600, pulled_at=clock.now()))
    rows = {"topic": topic, "script": script, "video": video, "upload": upload}
    return {name: str(row.id) for name, row in rows.items()} | {"youtube": "abc-DEF_123"}


def a_told_story(sessions: sessionmaker[Session], clock: ManualClock) -> Topic:
    """A topic that one run made of a feed item, and that another source told too."""
    with sessions.begin() as session:
        channel = a_channel(session, slug="oneul-tech")
        source, other = a_source(session, channel, name="Wire"), a_source(session, channel, name="Paper")
        item = SourceItem(source_id=source.id, item_key="1", title="Chips", fetched_at=clock.now(), run_id="run-items")
        session.add(item)
    run = {"run_id": "run-topics"}
    with (
        logged(sessions, JobType.COLLECT, clock=clock, channel_id=channel.id, metadata=run),
        sessions.begin() as session,
    ):
        topic = a_topic(session, channel, source_id=source.id, title_original="칩이 돌아왔다")
        judged = {"channel_id": channel.id, "topic_id": topic.id, "judged_at": clock.now()}
        session.add(ItemJudgement(source_item_id=item.id, outcome=JudgementOutcome.TOPIC, **judged))
        told = {"topic_id": topic.id, "seen_at": clock.now()}
        session.add(TopicSighting(source_item_id=item.id, source_id=source.id, title="Chips", **told))
        session.add(TopicSighting(source_item_id=None, source_id=other.id, title="Also chips", **told))
    return topic


def a_decided_script(sessions: sessionmaker[Session], clock: ManualClock, topic: Topic) -> Script:
    """A script that one run wrote with a retrieved chunk and that a person approved."""
    about = {"channel_id": topic.channel_id}
    with logged(sessions, JobType.GENERATE_SCRIPT, clock=clock, **about), sessions.begin() as session:
        script = a_script(session, topic, generation_model="extractive")
        chunk = ContentChunk(script_id=script.id, chunk_index=0, chunk_text="hook text", **about)
        review = ReviewQueue(review_type=ReviewType.SCRIPT, target_id=script.id, risk_reasons=["numbers"], **about)
        session.add_all([chunk, review])
        session.flush()
        seen = {"view": RetrievalView.SIMILAR, "rank": 1, "score": 0.9}
        session.add(ScriptRetrieval(script_id=script.id, chunk_id=chunk.id, **seen))
        decided = {"decided_by": "kim", "decided_at": clock.now(), "action": "approve", "reason": "good"}
        session.add(ReviewDecision(review_id=review.id, content_hash="0" * 64, **decided))
    return script


def test_the_whole_way_is_shown_in_order(sessions: sessionmaker[Session], ids: Ids):
    with sessions() as session:
        root = trace(session, ids["video"])
    assert labels(root) == [
        "channel", "topic", "item", "judgement", "sighting", "run",
        "script", "retrieved", "run", "review", "approve",
        "video", "credit", "attempts",
        "upload", "performance", "day", "day",
    ]  # fmt: skip
    assert the(root, "item").facts["run"] == "run-items"
    assert the(root, "judgement").facts["outcome"] == "topic"
    assert the(root, "run of topics").facts["run"] == "run-topics"
    assert the(root, "sighting").facts["source"] == "Paper"
    assert the(root, "approve by kim").facts["reason"] == "good"
    assert the(root, "performance").facts["views"] == 1234
    assert the(root, "attempts of videos").facts == {"times": 2, "reason": "killed"}


def test_what_was_changed_who_was_told_and_its_series_are_shown(
    sessions: sessionmaker[Session], ids: Ids, clock: ManualClock
):
    with sessions.begin() as session:
        topic = session.get_one(Topic, ids["topic"])
        review = session.query(ReviewQueue).one()
        edited = {"decided_by": "lee", "decided_at": clock.now(), "action": "approve", "content_hash": "1" * 64}
        session.add(ReviewDecision(review_id=review.id, edits={"script_text": {"from": "짧다", "to": "더"}}, **edited))
        series = Series(channel_id=topic.channel_id, name="칩 이야기", episode_count=4)
        told = {"channel_id": topic.channel_id, "claimed_until": clock.now(), "sent_at": clock.now()}
        notices = [
            Notice(event="waiting", subject=str(review.id), **told),
            Notice(event="upload-failed", subject=f"{ids['upload']}:0a1b2c", **told),
        ]
        session.add_all([series, *notices])
        session.flush()
        topic.series_id = series.id
    with sessions() as session:
        root = trace(session, ids["upload"])
    assert the(root, "topic").facts["series"] == "칩 이야기 (active, 4 episodes)"
    assert the(root, "approve by lee").texts["edits"] == "script_text to 더, from 짧다"
    assert the(root, "approve by lee").texts["of content"] == "1" * 12
    assert [node.kind for node in the(root, "review").children] == [
        "told waiting", "approve by kim", "approve by lee",
    ]  # fmt: skip
    assert the(root, "told upload-failed").facts["at"] == clock.now()


def test_a_year_of_figures_is_a_week_of_days_and_a_sum(sessions: sessionmaker[Session], ids: Ids, clock: ManualClock):
    with sessions.begin() as session:
        for number in range(3, 366):
            row = PerformanceDay(
                upload_id=ids["upload"], day=date(2026, 3, 1) + timedelta(days=number), pulled_at=clock.now(),
                views=None if number > 360 else 2, run_id=f"run-{number % 5}",
            )  # fmt: skip
            session.add(row)
    with sessions() as session:
        shown = [node.kind for node in the(trace(session, ids["video"]), "performance").children]
        rest = the(trace(session, ids["video"]), "353 more days").facts
    assert shown[:7] == [f"day 2026-03-0{day}" for day in (1, 2, 4, 5, 6, 7, 8)]
    assert shown[7:] == [
        "353 more days to 2027-02-24", "5 days without figures",
        "fetched", "fetched", "fetched", "fetched by 2 more runs",
    ]  # fmt: skip
    assert rest == {"views": 353 * 2}


@pytest.mark.parametrize("name", ["topic", "script", "video", "upload", "youtube"])
def test_every_id_on_the_way_finds_it_and_eight_letters_do(sessions: sessionmaker[Session], ids: Ids, name: str):
    with sessions() as session:
        whole = trace(session, ids[name])
        assert whole == trace(session, ids["video"])
        if name != "youtube":
            assert trace(session, ids[name][:8].upper()) == whole


@pytest.mark.parametrize("reference", ["nobody", "00000000", "%%%%%%%%", "________", ""])
def test_an_unknown_id_is_told(sessions: sessionmaker[Session], ids: Ids, reference: str):
    with sessions() as session, pytest.raises(ConfigurationError, match="no video, upload, script or topic"):
        trace(session, reference)


def test_the_address_of_an_upload_session_is_never_shown(sessions: sessionmaker[Session], ids: Ids):
    with sessions() as session:
        assert "secret" not in str(trace(session, ids["upload"]))


def test_a_topic_that_got_no_further_is_shown_as_far_as_it_came(sessions: sessionmaker[Session]):
    with sessions.begin() as session:
        topic = a_topic(session, a_channel(session))
        assert labels(trace(session, str(topic.id))) == ["channel", "topic"]


def test_a_long_history_costs_no_more_queries(sessions: sessionmaker[Session], ids: Ids, clock: ManualClock):
    def queries(reference: str) -> int:
        counted: list[str] = []
        with sessions() as session:
            engine = session.get_bind()
            listen = ("before_cursor_execute", lambda *_: counted.append("one"))
            event.listen(engine, *listen)
            trace(session, reference)
            event.remove(engine, *listen)
        return len(counted)

    before = queries(ids["youtube"])
    with sessions.begin() as session:
        topic = a_topic(session, a_channel(session))
        for version in range(1, 6):
            script = a_script(session, topic, script_version=version)
            upload = an_upload(session, a_video(session, script), youtube_video_id=f"many-{version}")
            session.add(PerformanceDay(upload_id=upload.id, day=clock.now().date(), pulled_at=clock.now()))
    assert queries("many-1") == before
