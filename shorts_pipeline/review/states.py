"""What may follow what: one transition table per status enum, and the one way to move a row.

`move` refuses what the table does not list and then moves by compare-and-set in SQL, so that of two
who move the same row at once exactly one succeeds. When to move is decided elsewhere (gates.py,
decisions.py and the stages).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    ReviewQueue,
    ReviewStatus,
    Script,
    ScriptStatus,
    Topic,
    TopicStatus,
    Upload,
    UploadStatus,
    Video,
    VideoStatus,
)
from shorts_pipeline.errors import PipelineError

Reviewed = type[Topic] | type[Script] | type[Video] | type[Upload] | type[ReviewQueue]
S = TypeVar("S", bound=StrEnum)
Table = Mapping[S, frozenset[S]]


class IllegalMove(PipelineError):
    """The status enum's table does not allow this move, whoever asks."""


class AlreadyMoved(PipelineError):
    """The row no longer has the status it was to be moved from: somebody else was first, or it is gone."""


TOPIC: Table[TopicStatus] = {
    TopicStatus.PENDING: frozenset({TopicStatus.APPROVED, TopicStatus.REJECTED, TopicStatus.EXPIRED}),
    # Back to pending: edited after approval, so it asks again.
    TopicStatus.APPROVED: frozenset({TopicStatus.USED, TopicStatus.PENDING, TopicStatus.REJECTED, TopicStatus.EXPIRED}),
    TopicStatus.REJECTED: frozenset(),
    TopicStatus.USED: frozenset(),
    TopicStatus.EXPIRED: frozenset(),
}

SCRIPT: Table[ScriptStatus] = {
    ScriptStatus.GENERATED: frozenset({ScriptStatus.IN_REVIEW, ScriptStatus.APPROVED, ScriptStatus.REJECTED}),
    ScriptStatus.IN_REVIEW: frozenset({ScriptStatus.APPROVED, ScriptStatus.REJECTED}),
    ScriptStatus.APPROVED: frozenset({ScriptStatus.USED, ScriptStatus.IN_REVIEW, ScriptStatus.REJECTED}),
    ScriptStatus.REJECTED: frozenset(),
    ScriptStatus.USED: frozenset(),
}

VIDEO: Table[VideoStatus] = {
    VideoStatus.GENERATING: frozenset({VideoStatus.GENERATED, VideoStatus.FAILED}),
    VideoStatus.GENERATED: frozenset({VideoStatus.IN_REVIEW, VideoStatus.APPROVED, VideoStatus.REJECTED}),
    VideoStatus.IN_REVIEW: frozenset({VideoStatus.APPROVED, VideoStatus.REJECTED}),
    VideoStatus.APPROVED: frozenset({VideoStatus.UPLOADING, VideoStatus.IN_REVIEW, VideoStatus.REJECTED}),
    VideoStatus.REJECTED: frozenset(),
    # Back to approved: the upload was given up before YouTube had anything.
    VideoStatus.UPLOADING: frozenset(
        {VideoStatus.UPLOADED, VideoStatus.PUBLISHED, VideoStatus.APPROVED, VideoStatus.FAILED}
    ),
    VideoStatus.UPLOADED: frozenset({VideoStatus.PUBLISHED, VideoStatus.FAILED}),
    VideoStatus.PUBLISHED: frozenset(),
    VideoStatus.FAILED: frozenset({VideoStatus.GENERATING}),
}

UPLOAD: Table[UploadStatus] = {
    UploadStatus.PENDING: frozenset({UploadStatus.APPROVED, UploadStatus.REJECTED}),
    UploadStatus.APPROVED: frozenset(
        {UploadStatus.UPLOADING, UploadStatus.PENDING, UploadStatus.REJECTED, UploadStatus.FAILED}
    ),
    UploadStatus.UPLOADING: frozenset(
        {UploadStatus.PROCESSING, UploadStatus.UPLOADED, UploadStatus.PUBLISHED, UploadStatus.FAILED}
    ),
    UploadStatus.PROCESSING: frozenset({UploadStatus.UPLOADED, UploadStatus.PUBLISHED, UploadStatus.FAILED}),
    UploadStatus.UPLOADED: frozenset({UploadStatus.PUBLISHED, UploadStatus.FAILED}),
    UploadStatus.PUBLISHED: frozenset(),
    UploadStatus.REJECTED: frozenset(),
    # A person mended what stopped it: it may be sent again.
    UploadStatus.FAILED: frozenset({UploadStatus.APPROVED}),
}

_DECIDABLE = frozenset({ReviewStatus.APPROVED, ReviewStatus.REJECTED, ReviewStatus.EXPIRED})
REVIEW: Table[ReviewStatus] = {
    ReviewStatus.PENDING: _DECIDABLE | {ReviewStatus.IN_PROGRESS},
    ReviewStatus.IN_PROGRESS: _DECIDABLE | {ReviewStatus.PENDING},
    # Back to pending: what was decided on has been edited since.
    ReviewStatus.APPROVED: frozenset({ReviewStatus.PENDING}),
    ReviewStatus.REJECTED: frozenset(),
    ReviewStatus.EXPIRED: frozenset(),
}

_TABLES: dict[Reviewed, tuple[str, Mapping[Any, frozenset[Any]]]] = {
    Topic: ("status", TOPIC),
    Script: ("status", SCRIPT),
    Video: ("status", VIDEO),
    Upload: ("upload_status", UPLOAD),
    ReviewQueue: ("status", REVIEW),
}


def may_move(model: Reviewed, source: StrEnum, to: StrEnum) -> bool:
    """Whether the model's table lists `source` → `to`."""
    return to in _TABLES[model][1].get(source, frozenset())


def move(
    session: Session,
    model: Reviewed,
    id: UUID,
    *,
    source: StrEnum,
    to: StrEnum,
    values: Mapping[str, object] | None = None,
) -> None:
    """Move one row from `source` to `to`, setting `values` in the same statement.

    Raises IllegalMove if the table does not list it, AlreadyMoved if the row is not in `source` (any more).
    """
    column, _ = _TABLES[model]
    if not may_move(model, source, to):
        raise IllegalMove(f"a {model.__tablename__} row cannot go from {source} to {to}")
    statement = (
        update(model)
        .where(model.id == id, getattr(model, column) == source)
        .values({column: to, **(values or {})})
        .returning(model.id)
        .execution_options(synchronize_session="fetch")
    )
    if session.execute(statement).first() is None:
        raise AlreadyMoved(f"{model.__tablename__} {id} is no longer {source}; nothing was changed")
