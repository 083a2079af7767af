"""Save: a topic's written versions, in one transaction with its move to `used` and the question to the gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import ReviewQueue, ReviewType, Script, ScriptStatus, Topic, TopicStatus
from shorts_pipeline.review.decisions import reject
from shorts_pipeline.review.gates import Outcome, ReviewRequest, submit
from shorts_pipeline.review.queue import OPEN
from shorts_pipeline.review.risk import OwnWords
from shorts_pipeline.review.states import move
from shorts_pipeline.scripts.brief import Draft, Retrieved, Story
from shorts_pipeline.scripts.judge import QualityReport
from shorts_pipeline.scripts.material import Newsroom
from shorts_pipeline.scripts.results import WrittenScript
from shorts_pipeline.scripts.retrieve import keep

REWRITE = "rule:rewrite"


@dataclass(frozen=True)
class Version:
    """A draft and what the judge made of it."""

    draft: Draft
    report: QualityReport


def save_script(
    session: Session,
    room: Newsroom,
    story: Story,
    versions: Sequence[Version],
    found: Sequence[Retrieved],
    *,
    now: datetime,
) -> WrittenScript:
    """Store all versions, the last one as the script; the topic is used up and the gate is asked. Never commits."""
    status = session.scalar(select(Topic.status).where(Topic.id == story.topic_id).with_for_update())
    if status != TopicStatus.USED:
        move(session, Topic, story.topic_id, source=TopicStatus.APPROVED, to=TopicStatus.USED)
    _put_aside(session, story.topic_id, now)
    first = 1 + (session.scalar(select(func.max(Script.script_version)).where(Script.topic_id == story.topic_id)) or 0)
    rows = [_row(room, story, version, first + number, found) for number, version in enumerate(versions)]
    for row, version in zip(rows[:-1], versions, strict=False):
        row.status = ScriptStatus.REJECTED
        row.reviewed_by, row.reviewed_at = REWRITE, now
        row.review_notes = f"written again: {'; '.join(version.report.issues)}"
    session.add_all(rows)
    session.flush()
    script, report = rows[-1], versions[-1].report
    keep(session, script.id, found)
    request = request_for(room, story, script, report, now=now)
    outcome = submit(session, [request], now=now)[script.id]
    return WrittenScript(
        script_id=script.id,
        topic_id=story.topic_id,
        title=story.title,
        version=script.script_version,
        seconds=report.seconds,
        style=report.style,
        hook=report.hook,
        issues=report.issues,
        risk=request.risk.score,
        waiting=outcome is Outcome.WAITING,
        text=script.script_text,
        model=versions[-1].draft.model,
        tokens=sum(each.draft.details.get(name, 0) for each in versions for name in ("tokens_in", "tokens_out")),
        usd=_cost(versions),
    )


def _cost(versions: Sequence[Version]) -> float | None:
    costs = [cost for each in versions if (cost := each.draft.details.get("usd")) is not None]
    return round(sum(costs), 6) if costs else None


def request_for(room: Newsroom, story: Story, script: Script, report: QualityReport, *, now: datetime) -> ReviewRequest:
    """The question to the gate. What is below the quality gates always goes to a person."""
    gate = room.operation.review.script
    return ReviewRequest(
        channel_id=room.id,
        review_type=ReviewType.SCRIPT,
        target_id=script.id,
        gate=gate,
        person="" if report.passed else "below the channel's quality gates",
        risk=report.risk(script.script_text, room.content.language, story.blamed, OwnWords.of(room.operation.review)),
        priority=story.score,
        expires_at=now + timedelta(hours=gate.expires_after_hours),
        analysis=report.as_analysis(),
    )


def _row(room: Newsroom, story: Story, version: Version, number: int, found: Sequence[Retrieved]) -> Script:
    draft, report = version.draft, version.report
    return Script(
        channel_id=room.id,
        topic_id=story.topic_id,
        script_text=draft.text,
        script_version=number,
        generation_model=draft.model,
        generation_config=_provenance(draft),
        context_chunks_used=len(found),
        quality_score_style=report.style,
        quality_score_hook=report.hook,
        quality_issues=list(report.issues),
        estimated_duration=round(report.seconds, 2),
        word_count=report.words,
        status=ScriptStatus.GENERATED,
    )


def _provenance(draft: Draft) -> dict[str, Any]:
    """How the script came about: each statement with the sentence it rests on, and which phrases are the persona's."""
    return {
        **draft.details,
        "claims": [{"sentence": claim.sentence, "source": claim.source} for claim in draft.claims],
        "own": list(draft.own),
        "unfounded": list(draft.unfounded),
    }


def _put_aside(session: Session, topic_id: UUID, now: datetime) -> None:
    """Earlier versions that still wait or wait for a video make room for the new one."""
    live = (ScriptStatus.GENERATED, ScriptStatus.IN_REVIEW, ScriptStatus.APPROVED)
    earlier = session.execute(
        select(Script.id, Script.status, ReviewQueue.id, ReviewQueue.status)
        .outerjoin(ReviewQueue, (ReviewQueue.review_type == ReviewType.SCRIPT) & (ReviewQueue.target_id == Script.id))
        .where(Script.topic_id == topic_id, Script.status.in_(live))
    ).all()
    note = "written again on request"
    for script_id, status, review_id, review_status in earlier:
        if review_id is not None and review_status in OPEN:
            reject(session, review_id, by=REWRITE, now=now, notes=note)
        else:
            values = {"reviewed_by": REWRITE, "reviewed_at": now, "review_notes": note}
            move(session, Script, script_id, source=status, to=ScriptStatus.REJECTED, values=values)
