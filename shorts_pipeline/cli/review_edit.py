"""Edit: approve one thing with changes: the topic's title, the script's text, what YouTube is told of an upload."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.cli.services import opened
from shorts_pipeline.database import ReviewQueue, ReviewType
from shorts_pipeline.review import pending
from shorts_pipeline.review.decisions import approve
from shorts_pipeline.review.queue import named
from shorts_pipeline.review.targets import TARGETS
from shorts_pipeline.uploads.describe import tagged, titled

_COLUMN = {
    ReviewType.TOPIC: {"title": "title_original", "description": "summary"},
    ReviewType.SCRIPT: {"text": "script_text"},
    ReviewType.UPLOAD: {"title": "title", "description": "description", "tags": "tags"},
}
_IN_EDITOR = {ReviewType.TOPIC: "title", ReviewType.SCRIPT: "text", ReviewType.UPLOAD: "description"}


@click.argument("review_id")
@click.option("--title", help="A topic's or an upload's new title.")
@click.option("--text-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A script's new text.")
@click.option("--description", help="An upload's new description, or a topic's new summary.")
@click.option("--tags", help="An upload's new tags, with commas between them.")
@click.option("--by", envvar="USER", required=True, help="Who decides.  [default: $USER]")
@click.option("--notes", help="Why.")
def edit(
    review_id: str,
    title: str | None,
    text_file: Path | None,
    description: str | None,
    tags: str | None,
    by: str,
    notes: str | None,
) -> None:
    """Approve one with changes; without any given, its text opens in $EDITOR."""
    text = text_file.read_text(encoding="utf-8") if text_file else None
    given = {"title": title, "text": text, "description": description, "tags": tags}
    changes: dict[str, str] = {name: value for name, value in given.items() if value is not None}
    with opened() as services:
        with services.sessions() as session:
            chosen = named(session, review_id)
            kind, target_id = session.execute(
                select(ReviewQueue.review_type, ReviewQueue.target_id).where(ReviewQueue.id == chosen)
            ).one()
            changes = changes or _in_editor(session, kind, target_id)
        with services.sessions.begin() as session:
            decided = approve(
                session, chosen, by=by, now=services.clock.now(), notes=notes, edits=_edits(kind, changes)
            )
        pending.refresh(services.sessions, services.redis, [decided.channel_id])
    click.echo(f"1 approved, with another {' and '.join(changes)}.")


def _in_editor(session: Session, kind: ReviewType, target_id: Any) -> dict[str, str]:
    if kind not in _IN_EDITOR:
        raise click.UsageError(f"a {kind} cannot be edited: reject it, or make it again")
    name = _IN_EDITOR[kind]
    row = session.get_one(TARGETS[kind].model, target_id)
    before = getattr(row, _COLUMN[kind][name]) or ""
    after = click.edit(before, extension=".txt")
    if after is None or after.strip() == before.strip():
        raise click.UsageError("nothing was changed, so nothing was decided")
    return {name: after}


def _edits(kind: ReviewType, changes: dict[str, str]) -> dict[str, Any]:
    """The columns to change; what goes to YouTube is brought within its limits first."""
    columns = _COLUMN.get(kind, {})
    if strange := [name for name in changes if name not in columns]:
        raise click.UsageError(f"a {kind} has no {' and no '.join(strange)} to edit")
    edits: dict[str, Any] = {columns[name]: value for name, value in changes.items()}
    if kind is ReviewType.UPLOAD:
        if "title" in edits:
            edits["title"] = titled(edits["title"])
        if "tags" in edits:
            edits["tags"] = list(tagged(edits["tags"].split(",")))
    return edits
