from datetime import timedelta

import pytest
from sqlalchemy import select

from shorts_pipeline.database import Source, Topic, TopicStatus
from shorts_pipeline.errors import NeedsPerson, Rejected
from shorts_pipeline.topics.add import BY_HAND, add_topic
from shorts_pipeline.topics.remember import COLLECTION
from shorts_pipeline_tests.rows import a_source
from shorts_pipeline_tests.topics.stories import a_desk_channel, an_item


@pytest.fixture
def add(sessions, store, embedder, redis, clock):
    def run(title: str, channel: str = "news", **more: str):
        return add_topic(sessions, store, embedder, redis, channel=channel, title=title, clock=clock, **more)

    return run


def test_a_story_by_hand_becomes_a_topic_and_says_where_it_is_from(sessions, store, add):
    with sessions.begin() as session:
        a_desk_channel(session, "news")
    added = add(
        "우리 동네에 로봇 카페가 열렸다",
        text="로봇이 커피를 내린다. 문은 아홉 시에 연다.",
        url="https://cafe.example.com/",
    )
    assert added.status is TopicStatus.APPROVED
    assert added.sum.startswith(f"{_score(sessions)} = source")
    with sessions() as session:
        topic, source = session.execute(select(Topic, Source).join(Source, Source.id == Topic.source_id)).one()
        assert (topic.id, source.name, source.is_active) == (added.topic_id, BY_HAND, False)
        assert topic.summary == "로봇이 커피를 내린다. 문은 아홉 시에 연다."
        assert topic.source_url == "https://cafe.example.com/"
    assert store.missing(COLLECTION, [added.topic_id]) == set()


def _score(sessions) -> int:
    with sessions() as session:
        return session.scalars(select(Topic.score_total)).one()


def test_no_filter_and_no_full_queue_keeps_a_persons_story_out(sessions, add):
    with sessions.begin() as session:
        a_desk_channel(
            session,
            "news",
            include={"keywords": {"반도체": {}}},
            exclude={"keywords": ["로봇"]},
            rules=[{"keywords": ["카페"], "then": "reject"}],
            queue={"least_score": 100, "most_waiting": 1},
        )
    add("우리 동네에 로봇 카페가 열렸다")
    add("한강에 새 다리가 놓였다")
    with sessions() as session:
        assert set(session.scalars(select(Topic.status))) == {TopicStatus.APPROVED}


def test_the_channels_gate_is_asked(sessions, add):
    with sessions.begin() as session:
        a_desk_channel(session, "news", gate="manual")
    assert add("한강에 새 다리가 놓였다").status is TopicStatus.PENDING


def test_a_story_that_was_told_is_not_added_and_the_message_names_the_topic(sessions, add, choose):
    with sessions.begin() as session:
        channel = a_desk_channel(session, "news")
        an_item(session, a_source(session, channel), "현대차, 미국 조지아 공장 가동 시작")
    choose("news")
    with sessions() as session:
        topic = session.scalars(select(Topic.id)).one()
    for title in ("[단독] 현대차, 미국 조지아 공장 가동 시작", "현대자동차 조지아주 신공장 본격 가동"):
        with pytest.raises(Rejected, match=str(topic)):
            add(title)


def test_a_title_told_long_ago_is_not_added_either(sessions, add, choose, clock):
    with sessions.begin() as session:
        a_desk_channel(session, "news")
    first = add("매일 아침 스트레칭 다섯 가지")
    clock.move(timedelta(days=90))
    with pytest.raises(Rejected, match=str(first.topic_id)):
        add("매일 아침 스트레칭 다섯 가지")


def test_a_title_that_says_nothing_is_refused(sessions, add):
    with sessions.begin() as session:
        a_desk_channel(session, "news")
    with pytest.raises(Rejected, match="no title to speak of"):
        add("[속보]")


def test_a_channel_that_nobody_made_is_a_persons_business(add):
    with pytest.raises(NeedsPerson, match="there is no channel"):
        add("한강에 새 다리가 놓였다", channel="nobody")


def test_a_run_does_not_take_by_hand_items_again(sessions, add, choose):
    with sessions.begin() as session:
        a_desk_channel(session, "news")
    add("한강에 새 다리가 놓였다")
    assert choose("news").read == 0
