"""Edits: what a reviewer changes while approving, and what it was before.

Only the columns that a target lists may be changed, in the transaction of the decision. A script's length is counted
anew; its claims and scores stay those of what was written: a person's word stands.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, ReviewType, Script
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.language import clean_text, speaking_seconds
from shorts_pipeline.review.targets import TARGETS

Edits = Mapping[str, Any]
NOTHING: Edits = {}


class NotEditable(PipelineError):
    """What was to be changed cannot be changed here, or would leave nothing; nothing was."""


def edit(session: Session, review_type: ReviewType, target_id: UUID, edits: Edits) -> dict[str, Any]:
    """Change the target's columns; what each was and is, without those that stay the same. Raises NotEditable."""
    target = TARGETS[review_type]
    if strange := sorted(set(edits) - set(target.editable)):
        may = ", ".join(target.editable) or "nothing"
        raise NotEditable(f"of a {review_type} {may} can be edited while approving it, not {', '.join(strange)}")
    row = session.get_one(target.model, target_id, with_for_update=True, populate_existing=True)
    changed: dict[str, Any] = {}
    for name, value in edits.items():
        wanted, before = _cleaned(name, value), getattr(row, name)
        if wanted != before:
            setattr(row, name, wanted)
            changed[name] = {"from": before, "to": wanted}
    if isinstance(row, Script) and changed:
        _measure(session, row)
    session.flush()
    return changed


def _cleaned(name: str, value: Any) -> Any:
    if isinstance(value, str):
        value = clean_text(value).strip()
    if not value and name not in {"tags", "description", "summary"}:
        raise NotEditable(f"{name} would be empty")
    return list(value) if isinstance(value, (list, tuple)) else value


def _measure(session: Session, script: Script) -> None:
    content = session.scalars(select(Channel.content_config).where(Channel.id == script.channel_id)).one()
    script.word_count = len(script.script_text.split())
    script.estimated_duration = round(speaking_seconds(script.script_text, content.language), 2)
