"""Stops: a channel that may not send for a while, or all of them, and why.

Kept in `stage_attempts`. With the channel as target: a daily limit of YouTube's, or a credential that only a person can
mend. The latter is looked at again after an hour, so that a renewed credential needs no further word. With nobody as
target: somebody stopped all uploads.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shorts_pipeline.database import StageAttempt
from shorts_pipeline.errors import Parked, PipelineError
from shorts_pipeline.operations.attempts import FOREVER
from shorts_pipeline.resources.youtube import ChannelLimit

STAGE = "upload_channel"
LOOK_AGAIN = timedelta(hours=1)
ALL_STAGE, ALL = "upload_all", UUID(int=0)


class Halted(Parked):
    """Somebody stopped all uploads. What is on its way stays where it is and is resumed."""


def stop(session: Session, channel_id: UUID, error: PipelineError, now: datetime) -> None:
    """Send nothing more for this channel until the error's time is over."""
    until = error.until if isinstance(error, ChannelLimit) else now + LOOK_AGAIN
    _put(session, STAGE, channel_id, until, str(error))


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


def halt(session: Session, reason: str) -> None:
    """Send nothing more, for no channel, until `resume`."""
    _put(session, ALL_STAGE, ALL, FOREVER, reason)


def halted(session: Session) -> str | None:
    """Why nothing is sent for any channel; None: it is."""
    return session.scalars(
        select(StageAttempt.reason).where(StageAttempt.stage == ALL_STAGE, StageAttempt.target_id == ALL)
    ).first()


def resume(session: Session) -> bool:
    """Let all channels send again; False where they might."""
    statement = delete(StageAttempt).where(StageAttempt.stage == ALL_STAGE).returning(StageAttempt.id)
    return session.scalars(statement).first() is not None


def check(session: Session, now: datetime) -> None:
    """Raises `Halted` where somebody stopped all uploads."""
    if reason := halted(session):
        raise Halted(f"all uploads are stopped ({reason}): `shorts uploads resume` lets them go on", until=now)


def _put(session: Session, stage: str, target_id: UUID, until: datetime, reason: str) -> None:
    values = {"parked_until": until, "reason": reason[:2000]}
    statement = insert(StageAttempt).values(id=uuid4(), stage=stage, target_id=target_id, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["stage", "target_id"], set_={**values, "updated_at": func.now()}
        )
    )
