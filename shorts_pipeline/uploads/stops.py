"""Stops: a channel that may not send for a while, and why.

Kept in `stage_attempts` with the channel as target: a daily limit of YouTube's, or a credential that only a person can
mend. The latter is looked at again after an hour, so that a renewed credential needs no further word.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shorts_pipeline.database import StageAttempt
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.resources.youtube import ChannelLimit

STAGE = "upload_channel"
LOOK_AGAIN = timedelta(hours=1)


def stop(session: Session, channel_id: UUID, error: PipelineError, now: datetime) -> None:
    """Send nothing more for this channel until the error's time is over."""
    until = error.until if isinstance(error, ChannelLimit) else now + LOOK_AGAIN
    values = {"parked_until": until, "reason": str(error)[:2000]}
    statement = insert(StageAttempt).values(id=uuid4(), stage=STAGE, target_id=channel_id, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["stage", "target_id"], set_={**values, "updated_at": func.now()}
        )
    )


def stopped(session: Session, channel_id: UUID, now: datetime) -> str | None:
    """Why the channel sends nothing now; None: it may."""
    return session.scalars(
        select(StageAttempt.reason).where(
            StageAttempt.stage == STAGE, StageAttempt.target_id == channel_id, StageAttempt.parked_until > now
        )
    ).first()


def free(session: Session, channel_id: UUID) -> None:
    """Let the channel send again: a person mended what stopped it."""
    session.execute(delete(StageAttempt).where(StageAttempt.stage == STAGE, StageAttempt.target_id == channel_id))
