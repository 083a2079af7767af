"""About: the runs that made a row, who decided on it, who was told, and how often it was tried."""

from collections.abc import Iterator
from datetime import datetime

from shorts_pipeline.database import JobLog, JobType, ReviewQueue, Script, Topic, Upload, Video
from shorts_pipeline.operations.attempts import FOREVER
from shorts_pipeline.operations.trace.node import Node, facts
from shorts_pipeline.operations.trace.rows import Rows

_CHUNKS = "content_chunks"


def about(
    rows: Rows,
    row: Topic | Script | Video | Upload,
    job: JobType,
    step: str,
    *,
    pieces_at: datetime | None = None,
) -> Iterator[Node]:
    """What is known of a row besides its own columns; `pieces_at` is when a script was cut into pieces."""
    if isinstance(row, Script) and "run_id" in row.generation_config:
        named = [run for run in rows.jobs if run.run_metadata.get("run_id") == row.generation_config["run_id"]]
        yield from (_run(run, "import") for run in named if run.run_metadata.get("step") == "import")
    elif made := _made_by(rows, row, job, step):
        yield _run(made, step)
    if pieces_at is not None:
        cutting = (run for run in rows.jobs if run.run_metadata.get("step") == _CHUNKS and _lasted(run, pieces_at))
        yield from (_run(run, _CHUNKS) for run in list(cutting)[-1:])
    for review in rows.reviews.get(row.id, ()):
        yield _review(rows, review)
    yield from _told(rows, str(row.id))
    for attempt in rows.attempts.get(row.id, ()):
        until = "for good" if attempt.parked_until == FOREVER else attempt.parked_until
        said = facts(times=attempt.attempts, parked_until=until, reason=attempt.reason)
        yield Node(f"attempts of {attempt.stage}", None, said)


def _made_by(rows: Rows, row: Topic | Script | Video | Upload, job: JobType, step: str) -> JobLog | None:
    """The latest job of this kind that was under way when the row was made; one that says its step is of no other."""
    own = [run for run in rows.jobs if run.job_type == job and run.run_metadata.get("step", step) == step]
    found = [run for run in own if _lasted(run, row.created_at)]
    if not found and isinstance(row, Topic):
        found = [run for run in own if _lasted_by_clock(run, row.created_at)]
    return found[-1] if found else None


def _lasted(run: JobLog, at: datetime) -> bool:
    """By the database's time: the pipeline's own clock may have been moved in between."""
    return run.created_at <= at and (run.completed_at is None or at <= run.updated_at)


def _lasted_by_clock(run: JobLog, at: datetime) -> bool:
    """By the pipeline's clock, which topics are dated by."""
    return (run.started_at is not None and run.started_at <= at) and (
        run.completed_at is None or at <= run.completed_at
    )


def _run(run: JobLog, step: str) -> Node:
    result = run.result
    cost = result.get("model_usd", result.get("usd"))
    said = facts(
        status=run.status,
        run=run.run_metadata.get("run_id"),
        started=run.started_at,
        model=result.get("model") or result.get("writer"),
        embedder=result.get("embedder"),
        prompt=result.get("prompt_sha256"),
        tokens=result.get("model_tokens") or (result.get("tokens_in", 0) + result.get("tokens_out", 0)) or None,
        cost=None if cost is None else f"${cost:.6f}",
        error=run.error_message,
    )
    return Node(f"run of {step}", run.id, said)


def _review(rows: Rows, review: ReviewQueue) -> Node:
    decided = (
        Node(
            f"{each.action} by {each.decided_by}",
            None,
            facts(at=each.decided_at, reason=each.reason, edits=each.edits, of_content=each.content_hash),
        )
        for each in rows.decisions.get(review.id, ())
    )
    said = facts(status=review.status, risk=review.risk_score, reasons=review.risk_reasons, expires=review.expires_at)
    return Node("review", review.id, said, (*_told(rows, str(review.id)), *decided))


def _told(rows: Rows, subject: str) -> Iterator[Node]:
    for notice in rows.notices.get(subject, ()):
        yield Node(f"told {notice.event}", None, facts(at=notice.sent_at or "not yet", tries=notice.tries))
