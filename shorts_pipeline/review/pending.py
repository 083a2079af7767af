"""Pending: the set `review:pending:{channel_id}` in Redis, a copy of what waits in PostgreSQL.

Written after a commit and always whole, from the table, so that it can be lost or stale but never
decides anything. Redis being away is not an error.
"""

from collections.abc import Iterable
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import Channel, ReviewQueue
from shorts_pipeline.review.queue import OPEN


def key(channel_id: UUID) -> str:
    """The channel's key in Redis."""
    return f"review:pending:{channel_id}"


def refresh(sessions: sessionmaker[Session], redis: Redis | None, channel_ids: Iterable[UUID] | None = None) -> bool:
    """Write the sets of these channels (all, if None) anew from the table; False where Redis is away."""
    if redis is None:
        return False
    with sessions() as session:
        wanted = list(session.scalars(select(Channel.id)) if channel_ids is None else dict.fromkeys(channel_ids))
        rows = session.execute(
            select(ReviewQueue.channel_id, ReviewQueue.id).where(
                ReviewQueue.status.in_(OPEN), ReviewQueue.channel_id.in_(wanted)
            )
        ).all()
    ids: dict[UUID, list[str]] = {channel_id: [] for channel_id in wanted}
    for channel_id, review_id in rows:
        ids[channel_id].append(str(review_id))
    try:
        with redis.pipeline(transaction=True) as pipe:
            for channel_id, members in ids.items():
                pipe.delete(key(channel_id))
                if members:
                    pipe.sadd(key(channel_id), *members)
            pipe.execute()
    except RedisError:
        return False
    return True
