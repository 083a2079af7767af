from redis import Redis
from sqlalchemy import select

from shorts_pipeline.database import ReviewQueue
from shorts_pipeline.review.decisions import approve
from shorts_pipeline.review.gates import submit
from shorts_pipeline.review.pending import key, refresh
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_topic


def test_the_set_in_redis_is_what_waits_and_is_rebuilt_from_the_table(sessions, redis, clock):
    with sessions.begin() as session:
        channel, quiet = a_channel(session), a_channel(session)
        submit(session, [about(a_topic(session, channel), channel) for _ in range(3)], now=clock.now())
        ids = list(session.scalars(select(ReviewQueue.id)))
    redis.sadd(key(quiet.id), "stale")
    assert refresh(sessions, redis)
    assert redis.smembers(key(channel.id)) == {str(review_id) for review_id in ids}
    assert not redis.exists(key(quiet.id))
    with sessions.begin() as session:
        approve(session, ids[0], by="kim", now=clock.now())
    assert refresh(sessions, redis, [channel.id])
    assert redis.smembers(key(channel.id)) == {str(review_id) for review_id in ids[1:]}


def test_redis_being_away_stops_nothing(sessions, clock):
    with sessions.begin() as session:
        a_channel(session)
    assert not refresh(sessions, Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2))
    assert not refresh(sessions, None)
