"""Candidates: which scripts become videos next, and which videos a person may have made again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from shorts_pipeline.database import Script, ScriptStatus, Topic, Video, VideoStatus

UNFINISHED = (VideoStatus.GENERATING, VideoStatus.FAILED)
REMADE = (VideoStatus.GENERATED, VideoStatus.IN_REVIEW, VideoStatus.APPROVED)
"""A video in one of these may still be made again: nothing of it has left the house."""
_NOT_IN_THE_WAY = (*UNFINISHED, VideoStatus.REJECTED)


def scripts_to_film(channel_id: UUID, only: Sequence[UUID] = ()) -> Select[UUID]:
    """Approved scripts without a finished video, the best topic's first; `only` these, by script or video."""
    finished = exists().where(Video.script_id == Script.id, Video.status.not_in(_NOT_IN_THE_WAY))
    statement = (
        select(Script.id)
        .join(Topic, Topic.id == Script.topic_id)
        .where(Script.channel_id == channel_id, Script.status == ScriptStatus.APPROVED, ~finished)
        .order_by(Topic.score_total.desc(), Script.created_at, Script.id)
    )
    return statement.where(_named(only)) if only else statement


def scripts_to_film_again(channel_id: UUID, only: Sequence[UUID]) -> Select[UUID]:
    """The named scripts (or those of the named videos), filmed or not, unless their video is on its way to YouTube."""
    gone = exists().where(
        Video.script_id == Script.id,
        Video.status.in_((VideoStatus.UPLOADING, VideoStatus.UPLOADED, VideoStatus.PUBLISHED)),
    )
    may = Script.status.in_((ScriptStatus.APPROVED, ScriptStatus.USED))
    return select(Script.id).where(and_(Script.channel_id == channel_id, may, ~gone, _named(only))).order_by(Script.id)


def _named(only: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(Script.id.in_(only), Script.id.in_(select(Video.script_id).where(Video.id.in_(only))))
