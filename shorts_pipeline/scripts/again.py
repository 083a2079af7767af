"""Again: channels whose topics have waited long enough: for the budget, for a model, after a failure or a dead run."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, ChannelStatus, StageAttempt, Topic, TopicStatus

STAGE = "scripts"


@dataclass(frozen=True)
class Again:
    """A channel to ask for its scripts, and since when the last of its waiting topics may be tried."""

    slug: str
    since: datetime

    @property
    def run_key(self) -> str:
        """The same until another wait is over: a run that needs no more scripts is not asked for twice."""
        return f"scripts-again:{self.slug}:{self.since.isoformat()}"


def channels_to_ask_again(session: Session, now: datetime, partitions: Collection[str]) -> list[Again]:
    """Active channels that have a partition, and an approved topic that failed or waited and may be tried now."""
    due = func.coalesce(StageAttempt.next_attempt_at, StageAttempt.parked_until, StageAttempt.claimed_until)
    found = session.execute(
        select(Channel.slug, func.max(due))
        .join(Topic, Topic.channel_id == Channel.id)
        .join(StageAttempt, StageAttempt.target_id == Topic.id)
        .where(
            StageAttempt.stage == STAGE,
            due <= now,
            Topic.status == TopicStatus.APPROVED,
            or_(Topic.expires_at.is_(None), Topic.expires_at > now),
            Channel.status == ChannelStatus.ACTIVE,
        )
        .group_by(Channel.slug)
        .order_by(Channel.slug)
    )
    return [Again(slug, since) for slug, since in found if slug in partitions]
