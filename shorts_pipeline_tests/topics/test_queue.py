from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from shorts_pipeline.database import (
    ItemJudgement,
    ReviewQueue,
    ReviewStatus,
    ReviewType,
    StageAttempt,
    Topic,
    TopicStatus,
)
from shorts_pipeline.database.documents import TopicConfig
from shorts_pipeline.database.documents.operation_config import GateConfig
from shorts_pipeline.review.gates import ReviewRequest, submit
from shorts_pipeline.review.risk import Risk
from shorts_pipeline.topics.queue import (
    Place,
    count_waiting,
    evict,
    expire_topics,
    expires_at,
    lowest_places,
    make_room,
)
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.rows import a_channel, a_source, a_topic
from shorts_pipeline_tests.topics.stories import an_item

PLACES = st.lists(st.integers(0, 100), max_size=12).map(lambda scores: [Place(uuid4(), score) for score in scores])


@given(PLACES, PLACES, st.integers(1, 15))
def test_the_best_stay_and_nobody_is_lost(waiting, new, most):
    room = make_room(waiting, new, most)
    gone = {*room.turned_away, *room.evicted}
    staying = [place for place in [*waiting, *new] if place.id not in gone]
    assert len(staying) == min(max(most, len(waiting)), len(waiting) + len(new))
    assert {*room.admitted, *room.turned_away} == {place.id for place in new}
    assert len(room.evicted) <= len(room.admitted)
    leaving = [place.score for place in [*waiting, *new] if place.id in gone]
    assert not leaving or max(leaving) <= min((place.score for place in staying), default=100)


def test_of_equal_scores_the_one_that_waits_stays():
    waiting, new = Place(uuid4(), 50), Place(uuid4(), 50)
    assert make_room([waiting], [new], 1).turned_away == (new.id,)


def test_a_smaller_queue_puts_nobody_out_by_itself():
    waiting = [Place(uuid4(), score) for score in (70, 60, 50)]
    assert make_room(waiting, [], 1).evicted == ()
    assert make_room(waiting, [Place(uuid4(), 90)], 1).evicted == (waiting[2].id,)


def test_the_shortest_time_of_the_categories_counts():
    config = TopicConfig.model_validate({"expiry": {"hours_by_category": {"ai": 100}, "hours_otherwise": 50}})
    hours = {
        names: (expires_at(NINE_IN_SEOUL, names, config) - NINE_IN_SEOUL) / timedelta(hours=1)
        for names in [("tech",), ("tech", "breaking"), ("ai", "evergreen"), ("요리",), ()]
    }
    assert list(hours.values()) == [168, 6, 100, 50, 50]


def status_of(session, topic: UUID) -> TopicStatus:
    return session.scalars(select(Topic.status).where(Topic.id == topic)).one()


def test_what_is_too_old_ends_with_its_review_and_says_why(sessions):
    past = NINE_IN_SEOUL - timedelta(minutes=1)
    with sessions.begin() as session:
        channel = a_channel(session)
        source = a_source(session, channel)
        old = a_topic(session, channel, expires_at=past)
        used = a_topic(session, channel, expires_at=past, status=TopicStatus.USED)
        young = a_topic(session, channel, expires_at=NINE_IN_SEOUL + timedelta(hours=1))
        item = an_item(session, source, "old")
        session.add(
            ItemJudgement(
                channel_id=channel.id, source_item_id=item.id, outcome="topic", topic_id=old.id, judged_at=past
            )
        )
        submit(session, [ReviewRequest(channel.id, ReviewType.TOPIC, old.id, GateConfig(), Risk(0.0))], now=past)
        channel_id, ids = channel.id, (old.id, used.id, young.id)
    with sessions.begin() as session:
        assert expire_topics(session, channel_id, now=NINE_IN_SEOUL) == 1
    with sessions() as session:
        assert [status_of(session, id) for id in ids] == [TopicStatus.EXPIRED, TopicStatus.USED, TopicStatus.PENDING]
        assert session.scalars(select(ItemJudgement.reason)).one() == "too old to be told"
        review = session.scalars(select(ReviewQueue)).one()
        assert (review.status, review.review_notes) == (ReviewStatus.EXPIRED, "too old to be told")


def test_what_a_script_is_being_written_for_stays(sessions):
    with sessions.begin() as session:
        channel = a_channel(session)
        topic = a_topic(session, channel, status=TopicStatus.APPROVED, expires_at=NINE_IN_SEOUL)
        lease = StageAttempt(
            stage="scripts", target_id=topic.id, claimed_by="run", claimed_until=NINE_IN_SEOUL + timedelta(minutes=5)
        )
        session.add(lease)
        channel_id, topic_id = channel.id, topic.id
    with sessions.begin() as session:
        assert evict(session, channel_id, [topic_id], reason="room", now=NINE_IN_SEOUL) == set()
        assert expire_topics(session, channel_id, now=NINE_IN_SEOUL) == 0
        assert expire_topics(session, channel_id, now=NINE_IN_SEOUL + timedelta(minutes=6)) == 1


def test_only_pending_and_approved_topics_wait(sessions):
    with sessions.begin() as session:
        channel = a_channel(session)
        for index, status in enumerate(TopicStatus):
            a_topic(session, channel, status=status, score_total=index)
        assert count_waiting(session, channel.id) == 2
        found = lowest_places(session, channel.id, 5)
    assert [place.score for place in found] == [1, 0]
