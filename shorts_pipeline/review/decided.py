"""Decided: which decisions are new, what they mean for the lineage graph and which runs they call for.

`plan` is pure. The cursor runs on the database's clock (`created_at`), never the pipeline's, which a demo
moves; since a transaction becomes visible later than its time says, each look goes back a little and
leaves out what it has seen.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Channel,
    ReviewDecision,
    ReviewQueue,
    ReviewType,
)
from shorts_pipeline.review.gates import APPROVE
from shorts_pipeline.review.targets import TARGETS

LOOK_BACK = timedelta(minutes=2)
MOST_A_TICK = 500
MOST_RUNS_A_TICK = 50
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

APPROVED_ASSET = {
    ReviewType.TOPIC: "approved_topics",
    ReviewType.SCRIPT: "approved_scripts",
    ReviewType.VIDEO: "approved_videos",
    ReviewType.UPLOAD: "approved_uploads",
}
NEXT_ASSETS = {
    ReviewType.TOPIC: ("scripts",),
    ReviewType.SCRIPT: ("content_chunks", "videos"),
    ReviewType.VIDEO: ("uploads",),
    ReviewType.UPLOAD: ("uploads",),
}


@dataclass(frozen=True)
class Cursor:
    """How far the sensor has seen: a time, and the decisions it has seen near that time."""

    at: datetime = BEGINNING
    seen: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str | None) -> "Cursor":
        """A cursor as it was written; from the beginning if there is none."""
        if not text:
            return cls()
        data = json.loads(text)
        return cls(datetime.fromisoformat(data["at"]), frozenset(data["seen"]))

    def written(self) -> str:
        """The cursor as text."""
        return json.dumps({"at": self.at.isoformat(), "seen": sorted(self.seen)})


@dataclass(frozen=True)
class Decision:
    """A decision as the sensor sees it; `open` while its target still waits for the next step."""

    id: UUID
    created_at: datetime
    channel: str
    review_type: ReviewType
    approved: bool
    open: bool
    by: str


@dataclass(frozen=True)
class Approved:
    """What stands in the lineage graph: how many were approved, and by whom."""

    asset: str
    channel: str
    count: int
    by: tuple[str, ...]


@dataclass(frozen=True)
class NextRun:
    """A run to ask for. The key holds the decisions, so that the same ones never ask twice."""

    run_key: str
    channel: str
    assets: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a tick does."""

    approved: list[Approved] = field(default_factory=list)
    runs: list[NextRun] = field(default_factory=list)
    cursor: Cursor = Cursor()


def plan(decisions: Sequence[Decision], cursor: Cursor, partitions: Collection[str]) -> Plan:
    """What to show and to run after these decisions (oldest first; some may have been seen).

    A channel without a partition is passed over: one unknown key would fail the whole tick. After `MOST_RUNS_A_TICK`
    kinds of work the rest waits for the next tick.
    """
    groups: dict[tuple[str, ReviewType], list[Decision]] = {}
    taken: list[Decision] = []
    new = [d for d in decisions if d.created_at > cursor.at - LOOK_BACK and str(d.id) not in cursor.seen]
    for decision in sorted(new, key=lambda d: (d.created_at, d.id)):
        group = (decision.channel, decision.review_type)
        if decision.approved and decision.channel in partitions:
            if group not in groups and len(groups) == MOST_RUNS_A_TICK:
                break
            groups.setdefault(group, []).append(decision)
        taken.append(decision)
    return Plan(
        approved=[_approved(channel, kind, made) for (channel, kind), made in groups.items()],
        runs=[_next_run(channel, kind, made) for (channel, kind), made in groups.items() if any(d.open for d in made)],
        cursor=_advanced(cursor, decisions, taken),
    )


def _approved(channel: str, kind: ReviewType, made: Sequence[Decision]) -> Approved:
    return Approved(APPROVED_ASSET[kind], channel, len(made), tuple(sorted({decision.by for decision in made})))


def _next_run(channel: str, kind: ReviewType, made: Sequence[Decision]) -> NextRun:
    ids = ",".join(sorted(str(decision.id) for decision in made))
    digest = hashlib.sha256(ids.encode()).hexdigest()[:20]
    return NextRun(f"decided:{kind}:{channel}:{digest}", channel, NEXT_ASSETS[kind])


def _advanced(cursor: Cursor, decisions: Sequence[Decision], taken: Sequence[Decision]) -> Cursor:
    """Past what was taken; what lies within the look-back of it is remembered by id."""
    if not taken:
        return cursor
    at = max(cursor.at, *(decision.created_at for decision in taken))
    near = {str(decision.id) for decision in taken if decision.created_at > at - LOOK_BACK}
    still = {str(d.id) for d in decisions if str(d.id) in cursor.seen and d.created_at > at - LOOK_BACK}
    return Cursor(at, frozenset(near | still))


def read_decisions(session: Session, cursor: Cursor, limit: int = MOST_A_TICK) -> list[Decision]:
    """Decisions from a little before the cursor on, oldest first; at most `limit` that were not seen yet."""
    still_open = func.coalesce(
        *(
            getattr(target.model, target.status) == target.approved
            for target in (TARGETS[kind] for kind in APPROVED_ASSET)
        ),
        False,
    )
    statement = (
        select(
            ReviewDecision.id,
            ReviewDecision.created_at,
            Channel.slug,
            ReviewQueue.review_type,
            ReviewDecision.action == APPROVE,
            still_open,
            ReviewDecision.decided_by,
        )
        .join(ReviewQueue, ReviewQueue.id == ReviewDecision.review_id)
        .join(Channel, Channel.id == ReviewQueue.channel_id)
        .where(ReviewDecision.created_at > cursor.at - LOOK_BACK)
        .order_by(ReviewDecision.created_at, ReviewDecision.id)
        .limit(limit + len(cursor.seen))
    )
    for kind, target in TARGETS.items():
        statement = statement.outerjoin(
            target.model, and_(ReviewQueue.review_type == kind, target.model.id == ReviewQueue.target_id)
        )
    return [Decision(*row) for row in session.execute(statement)]
