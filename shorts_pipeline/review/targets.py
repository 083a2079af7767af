"""Targets: what can be under review, where its row stands meanwhile, and what exactly is decided on.

One line of `TARGETS` per review type; gates.py, decisions.py and queue.py are written against it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    ReviewType,
    Script,
    ScriptStatus,
    Topic,
    TopicStatus,
    Upload,
    UploadStatus,
    Video,
    VideoStatus,
)

Model = type[Topic] | type[Script] | type[Video] | type[Upload]


@dataclass(frozen=True)
class Target:
    """A kind of row under review.

    `made` is its status before the gate, `waits` while a person is asked (the same where the enum has no word for it),
    `content` the columns a decision is about, `editable` those that a reviewer may change, `signed` whether the row
    itself says who reviewed it.
    """

    model: Model
    status: str
    made: StrEnum
    waits: StrEnum
    approved: StrEnum
    rejected: StrEnum
    expired: StrEnum
    content: tuple[str, ...]
    editable: tuple[str, ...] = ()
    signed: bool = False


TARGETS: dict[ReviewType, Target] = {
    ReviewType.TOPIC: Target(
        model=Topic,
        status="status",
        made=TopicStatus.PENDING,
        waits=TopicStatus.PENDING,
        approved=TopicStatus.APPROVED,
        rejected=TopicStatus.REJECTED,
        expired=TopicStatus.EXPIRED,
        content=("title_original", "title_translated", "summary", "source_url"),
        editable=("title_original", "title_translated", "summary"),
    ),
    ReviewType.SCRIPT: Target(
        model=Script,
        status="status",
        made=ScriptStatus.GENERATED,
        waits=ScriptStatus.IN_REVIEW,
        approved=ScriptStatus.APPROVED,
        rejected=ScriptStatus.REJECTED,
        # Nobody looked in time: it does not go out.
        expired=ScriptStatus.REJECTED,
        content=("script_text",),
        editable=("script_text",),
        signed=True,
    ),
    ReviewType.VIDEO: Target(
        model=Video,
        status="status",
        made=VideoStatus.GENERATED,
        waits=VideoStatus.IN_REVIEW,
        approved=VideoStatus.APPROVED,
        rejected=VideoStatus.REJECTED,
        expired=VideoStatus.REJECTED,
        content=("video_path", "thumbnail_path", "subtitle_path", "duration_seconds", "file_size_bytes"),
        signed=True,
    ),
    ReviewType.UPLOAD: Target(
        model=Upload,
        status="upload_status",
        made=UploadStatus.PENDING,
        waits=UploadStatus.PENDING,
        approved=UploadStatus.APPROVED,
        rejected=UploadStatus.REJECTED,
        expired=UploadStatus.REJECTED,
        content=("title", "description", "tags", "category_id", "privacy_status"),
        editable=("title", "description", "tags"),
    ),
}


@dataclass(frozen=True)
class Standing:
    """Where a target's row stands now, and the SHA-256 hex of its content."""

    status: StrEnum
    content_hash: str


def standings(
    session: Session, review_type: ReviewType, target_ids: Iterable[UUID], *, lock: bool = False
) -> dict[UUID, Standing]:
    """How the given rows stand; missing ones are left out. `lock` keeps them so until the transaction ends."""
    target = TARGETS[review_type]
    columns = [getattr(target.model, name) for name in (target.status, *target.content)]
    wanted = literal(list(target_ids), ARRAY(Uuid))
    statement = select(target.model.id, *columns).where(target.model.id == any_(wanted)).order_by(target.model.id)
    rows = session.execute(statement.with_for_update() if lock else statement)
    return {row[0]: Standing(row[1], content_hash(row[2:])) for row in rows}


def standing_of(review_type: ReviewType, row: Mapping[str, Any]) -> Standing:
    """How a row stands that is just being made of these columns."""
    target = TARGETS[review_type]
    return Standing(row[target.status], content_hash(row[name] for name in target.content))


def content_hash(values: Iterable[Any]) -> str:
    """SHA-256 hex of values in their order, told apart by JSON."""
    text = json.dumps(list(values), ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def signature(target: Target, *, by: str, now: datetime) -> dict[str, object]:
    """The columns with which the target's own row says who reviewed it, where it has them."""
    return {"reviewed_by": by, "reviewed_at": now} if target.signed else {}
