"""How the channel's own shorts did changes what a new story like them is worth."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from shorts_pipeline.database import PerformanceAge, ScriptStatus, Topic, TopicStatus, VideoStatus
from shorts_pipeline.topics.outcomes import COLLECTION, REMEMBERED, forget_outcomes, open_outcomes
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.rows import a_channel, a_script, a_source, a_topic, a_video, an_upload
from shorts_pipeline_tests.topics.stories import Unlike, a_desk_channel, an_item

BATTERIES = [
    "지하주차장 전기차 화재, 배터리 제조사 공개 의무화된다",
    "10년 탄 전기차, 배터리는 몇 퍼센트 남았을까",
    "LFP냐 삼원계냐… 전기차 살 때 배터리부터 봐야 하는 이유",
    "전기차 배터리 교체 비용 얼마나 드나",
]
NEW_BATTERY, NEW_OTHER = "전기차 배터리 화재 막는 새 소재 나왔다", "주말 전국에 장맛비, 최대 100mm"


def told(session, channel, title, percentile, *, age_days=7, ago=timedelta(days=30)):
    """A topic of which a short was published so long ago and stands there."""
    at = NINE_IN_SEOUL - ago
    topic = a_topic(session, channel, title_original=title, status=TopicStatus.USED, published_at=at, summary=None)
    video = a_video(session, a_script(session, topic, status=ScriptStatus.USED), status=VideoStatus.PUBLISHED)
    upload = an_upload(session, video, published_at=at)
    session.add(stands(upload, age_days, percentile))
    session.flush()
    return topic, upload


def stands(upload, age_days, percentile):
    return PerformanceAge(
        upload_id=upload.id, age_days=age_days, views=100, percentile=percentile, computed_at=NINE_IN_SEOUL
    )


def novelty(sessions, title):
    with sessions() as session:
        parts = session.scalars(select(Topic.score_parts).where(Topic.title_original == title)).one()
    return parts["parts"]["novelty"]


def chosen(sessions, choose, percentile):
    """The novelty of two new stories in a channel whose battery stories stand at `percentile`."""
    with sessions.begin() as session:
        channel = a_desk_channel(session, "news")
        for title in BATTERIES if percentile is not None else ():
            told(session, channel, title, percentile)
        source = a_source(session, channel)
        for title in (NEW_BATTERY, NEW_OTHER):
            an_item(session, source, title)
    choose("news")
    return novelty(sessions, NEW_BATTERY), novelty(sessions, NEW_OTHER)


def test_a_story_like_those_that_did_badly_is_worth_less(sessions, choose):
    battery, other = chosen(sessions, choose, 5.0)
    assert battery["alike"] >= 3
    assert battery["standing"] < 0.4
    assert battery["value"] < 0.6
    assert other["value"] == 1
    assert "standing" not in other


def test_a_story_like_those_that_did_well_loses_nothing(sessions, choose):
    battery, _ = chosen(sessions, choose, 95.0)
    assert battery["standing"] > 0.6
    assert battery["value"] == 1


def test_without_figures_the_score_is_what_it_was(sessions, choose):
    for part in chosen(sessions, choose, None):
        assert part == {"value": 1.0, "weight": part["weight"], "points": part["weight"]}


def test_another_channels_results_say_nothing(sessions, choose):
    with sessions.begin() as session:
        other = a_channel(session)
        for title in BATTERIES:
            told(session, other, title, 1.0)
    battery, _ = chosen(sessions, choose, None)
    assert "standing" not in battery


def test_the_oldest_age_up_to_a_week_counts_and_several_shorts_of_a_topic_by_their_mean(sessions, store, clock):
    model = Unlike()
    with sessions.begin() as session:
        channel = a_channel(session)
        young, _ = told(session, channel, "가", 30.0, age_days=1)
        grown, upload = told(session, channel, "나", 10.0, age_days=1)
        session.add_all([stands(upload, 7, 60.0), stands(upload, 28, 90.0)])
        twice, first = told(session, channel, "다", 20.0)
        again = an_upload(session, a_video(session, a_script(session, twice, script_version=2)))
        again.published_at = first.published_at
        session.add(stands(again, 7, 40.0))
        told(session, channel, "라", None)
        wanted = {young.id: 0.3, grown.id: 0.6, twice.id: pytest.approx(0.3)}
    assert open_outcomes(sessions, store, model, channel.id, clock.now()).standings == wanted
    assert store.count(COLLECTION, channel.id) == 3


def test_what_was_embedded_is_not_embedded_again_and_a_removed_videos_figures_are_gone(sessions, store, clock):
    model = Unlike()
    with sessions.begin() as session:
        channel = a_channel(session)
        _, upload = told(session, channel, "가", 30.0)
        told(session, channel, "나", 70.0)
    open_outcomes(sessions, store, model, channel.id, clock.now())
    with sessions.begin() as session:
        session.execute(delete(PerformanceAge).where(PerformanceAge.upload_id == upload.id))
    outcomes = open_outcomes(sessions, store, model, channel.id, clock.now())
    assert sorted(model.asked) == ["가", "나"]
    removed, kept = outcomes.expected(model.embed(["가", "나"]))
    assert removed is None
    assert kept
    assert kept.standing > 0.5


def test_old_stories_are_forgotten_with_their_vectors(sessions, store, clock):
    model = Unlike()
    with sessions.begin() as session:
        channel = a_channel(session)
        told(session, channel, "옛날", 50.0, ago=REMEMBERED + timedelta(days=1))
        kept = {told(session, channel, f"{days}일 전", 50.0, ago=timedelta(days=days))[0].id for days in (1, 179)}
    assert set(open_outcomes(sessions, store, model, channel.id, clock.now()).standings) == kept
    forget_outcomes(store, clock.now())
    assert store.count(COLLECTION) == 2
    clock.move(timedelta(days=2))
    forget_outcomes(store, clock.now())
    assert store.count(COLLECTION) == len(open_outcomes(sessions, store, model, channel.id, clock.now()).standings) == 1
