from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.database import ReviewType, TopicStatus
from shorts_pipeline.review.decided import MOST_RUNS_A_TICK, Approved, Cursor, Decision, plan, read_decisions
from shorts_pipeline.review.decisions import approve, reject, waiting
from shorts_pipeline.review.gates import submit
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_topic

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def a_decision(**over):
    defaults = {
        "id": uuid4(),
        "created_at": NOON,
        "channel": "news",
        "review_type": ReviewType.TOPIC,
        "approved": True,
        "open": True,
        "by": "kim",
    }
    return Decision(**defaults | over)


def assets_of(planned):
    return [(run.channel, run.assets) for run in planned.runs]


def test_an_approved_row_stands_in_the_graph_and_asks_for_the_next_step():
    planned = plan([a_decision()], Cursor(), {"news"})
    assert planned.approved == [Approved("approved_topics", "news", 1, ("kim",))]
    assert assets_of(planned) == [("news", ("scripts",))]


def test_every_kind_leads_to_its_own_next_step():
    planned = plan([a_decision(review_type=kind) for kind in ReviewType], Cursor(), {"news"})
    steps = {(approved.asset, run.assets) for approved, run in zip(planned.approved, planned.runs, strict=True)}
    assert steps == {
        ("approved_topics", ("scripts",)),
        ("approved_scripts", ("content_chunks", "videos")),
        ("approved_videos", ("uploads",)),
        ("approved_uploads", ("uploads",)),
    }


def test_decisions_of_one_channel_and_kind_are_one_run():
    planned = plan([a_decision(by="kim"), a_decision(by="lee"), a_decision(channel="tech")], Cursor(), {"news", "tech"})
    assert {(a.channel, a.count, a.by) for a in planned.approved} == {
        ("news", 2, ("kim", "lee")),
        ("tech", 1, ("kim",)),
    }
    assert len(planned.runs) == 2


def test_a_refused_row_leads_nowhere_but_is_seen():
    refused = a_decision(approved=False, open=False)
    planned = plan([refused], Cursor(), {"news"})
    assert (planned.approved, planned.runs) == ([], [])
    assert str(refused.id) in planned.cursor.seen


def test_a_row_that_went_on_already_is_shown_and_asks_for_no_run():
    planned = plan([a_decision(open=False)], Cursor(), {"news"})
    assert len(planned.approved) == 1
    assert planned.runs == []


def test_a_channel_without_a_partition_does_not_stop_the_others():
    planned = plan([a_decision(channel="new"), a_decision(channel="news")], Cursor(), {"news"})
    assert assets_of(planned) == [("news", ("scripts",))]


def test_the_same_decisions_never_ask_twice():
    decisions = [a_decision(), a_decision(created_at=NOON + timedelta(seconds=1))]
    first = plan(decisions, Cursor(), {"news"})
    second = plan(decisions, first.cursor, {"news"})
    assert (second.approved, second.runs, second.cursor) == ([], [], first.cursor)


def test_the_run_key_is_made_of_the_decisions_and_nothing_else():
    one, two = a_decision(), a_decision()
    keys = [plan(made, Cursor(), {"news"}).runs[0].run_key for made in ([one, two], [two, one], [one])]
    assert keys[0] == keys[1] != keys[2]


def test_a_decision_that_becomes_visible_late_is_still_seen():
    """A long transaction commits after a later one: its time lies before the cursor."""
    first = plan([a_decision()], Cursor(), {"news"})
    late = a_decision(created_at=NOON - timedelta(seconds=90))
    assert len(plan([late], first.cursor, {"news"}).runs) == 1


def test_what_is_too_much_for_one_tick_waits_for_the_next():
    channels = [f"c{number:03d}" for number in range(MOST_RUNS_A_TICK + 20)]
    decisions = [a_decision(channel=slug, created_at=NOON + timedelta(seconds=i)) for i, slug in enumerate(channels)]
    first = plan(decisions, Cursor(), set(channels))
    second = plan(decisions, first.cursor, set(channels))
    assert len(first.runs) == MOST_RUNS_A_TICK
    assert [run.channel for run in (*first.runs, *second.runs)] == channels


def test_a_cursor_is_read_as_it_was_written():
    cursor = Cursor(NOON, frozenset({"a", "b"}))
    assert Cursor.read(cursor.written()) == cursor
    assert Cursor.read(None) == Cursor()


@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.sampled_from(["a", "b"]), st.sampled_from(list(ReviewType)), st.booleans()),
        max_size=40,
    ),
    st.integers(1, 7),
)
def test_whatever_the_ticks_every_approval_is_shown_exactly_once(made, size):
    decisions = [
        a_decision(created_at=NOON + timedelta(seconds=at), channel=slug, review_type=kind, approved=yes)
        for at, slug, kind, yes in sorted(made, key=lambda each: each[0])
    ]
    cursor, shown = Cursor(), 0
    for end in range(size, len(decisions) + size, size):
        planned = plan(decisions[:end], cursor, {"a", "b"})
        shown += sum(approved.count for approved in planned.approved)
        cursor = planned.cursor
    assert shown == sum(decision.approved for decision in decisions)


def test_decisions_are_read_from_the_table_once_each(sessions, clock):
    with sessions.begin() as session:
        channel = a_channel(session, slug="news")
        topics = [a_topic(session, channel) for _ in range(3)]
        submit(session, [about(topics[0], channel, mode="auto")], now=clock.now())
        submit(session, [about(topic, channel) for topic in topics[1:]], now=clock.now())
    with sessions.begin() as session:
        by_target = {review.target_id: review.id for review in waiting(session)}
        approve(session, by_target[topics[1].id], by="kim", now=clock.now())
        reject(session, by_target[topics[2].id], by="kim", now=clock.now())
        session.get_one(type(topics[0]), topics[0].id).status = TopicStatus.USED
    with sessions() as session:
        found = read_decisions(session, Cursor())
        assert {(decision.by, decision.approved, decision.open) for decision in found} == {
            ("rule:auto", True, False),
            ("kim", True, True),
            ("kim", False, False),
        }
        planned = plan(found, Cursor(), {"news"})
        again = plan(read_decisions(session, planned.cursor), planned.cursor, {"news"})
    assert [(approved.asset, approved.count) for approved in planned.approved] == [("approved_topics", 2)]
    assert len(planned.runs) == 1
    assert replace(again, cursor=planned.cursor) == replace(planned, approved=[], runs=[])
