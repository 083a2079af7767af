"""Save: a judged batch into the tables, in one transaction and a handful of statements.

`ON CONFLICT` makes every insert safe to repeat: the unique (channel, content hash) turns what two runs found at once
into one topic and one sighting. Never commits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shorts_pipeline.database import ItemJudgement, JudgementOutcome, ReviewType, Topic, TopicSighting
from shorts_pipeline.review.gates import Outcome, ReviewRequest, submit
from shorts_pipeline.review.risk import Findings, Risk, assess
from shorts_pipeline.topics.deduplicate import How, Match
from shorts_pipeline.topics.desk import Desk
from shorts_pipeline.topics.judge import Judged, Proposal, Repeat
from shorts_pipeline.topics.queue import Place, evict, make_room, waiting_places
from shorts_pipeline.topics.score import retold


@dataclass
class Saved:
    """What a batch came to."""

    made: list[Proposal] = field(default_factory=list)
    approved: int = 0
    repeats: list[Repeat] = field(default_factory=list)
    outcomes: dict[JudgementOutcome, int] = field(default_factory=dict)
    evicted: int = 0


def save(session: Session, desk: Desk, judged: Judged, too_similar: float, *, again: bool, now: datetime) -> Saved:
    """Write a batch. `again`: what was judged before and not kept is judged anew."""
    saved = Saved()
    admitted = _queue(session, desk, judged, saved, now)
    topic_of = _insert_topics(session, desk, admitted, now)
    saved.made = [each for each in admitted if topic_of[each.id] == each.id]
    saved.repeats = [*judged.repeats, *_repeats_of(admitted, topic_of)]
    _insert_sightings(session, saved.repeats, now)
    known = {repeat.match.leader for repeat in saved.repeats} - {each.id for each in saved.made}
    _score_again(session, known)
    _insert_judgements(session, desk.id, _judgements(saved, judged), saved, again=again, now=now)
    saved.approved = _ask(session, desk, saved.made, too_similar, now)
    return saved


def _queue(session: Session, desk: Desk, judged: Judged, saved: Saved, now: datetime) -> list[Proposal]:
    """The proposals that the queue has room for, best first; the lowest of those that waited are ended."""
    proposals = sorted(judged.proposals, key=lambda each: (-each.score.total, each.telling.told_at, each.telling.title))
    waiting = waiting_places(session, desk.id)
    room = make_room(waiting, [Place(each.id, each.score.total) for each in proposals], desk.topics.queue.most_waiting)
    reason = f"made room for a story with score {room.least_admitted} or more"
    saved.evicted = len(evict(session, desk.id, room.evicted, reason=reason, now=now))
    for each in proposals:
        if each.id in room.turned_away:
            full = f"the queue is full and score {each.score.total} is not above its lowest"
            judged.drop(each.items, JudgementOutcome.QUEUE_FULL, full)
    return [each for each in proposals if each.id in room.admitted]


def _insert_topics(session: Session, desk: Desk, proposals: Sequence[Proposal], now: datetime) -> dict[UUID, UUID]:
    """Proposal id → topic id: its own, or that of the topic that was there already."""
    if not proposals:
        return {}
    statement = (
        insert(Topic)
        .values([_topic(desk, each, now) for each in proposals])
        .on_conflict_do_nothing(index_elements=["channel_id", "content_hash"])
        .returning(Topic.id)
    )
    made = set(session.scalars(statement))
    lost = {each.telling.content_hash: each.id for each in proposals if each.id not in made}
    there = by_hash(session, desk.id, lost)
    return {id: id for id in made} | {lost[hashed]: topic for hashed, topic in there.items()}


def by_hash(session: Session, channel_id: UUID, hashes: Iterable[str]) -> dict[str, UUID]:
    """The channel's topics with these content hashes."""
    wanted = list(hashes)
    if not wanted:
        return {}
    rows = session.execute(
        select(Topic.content_hash, Topic.id).where(Topic.channel_id == channel_id, Topic.content_hash.in_(wanted))
    )
    return {hashed: topic for hashed, topic in rows}  # noqa: C416 - a row is no pair to dict()


def _topic(desk: Desk, proposal: Proposal, now: datetime) -> dict[str, Any]:
    story, score = proposal.story, proposal.score
    return {
        "id": proposal.id,
        "channel_id": desk.id,
        "source_id": story.item.source.id,
        "title_original": story.headline.title,
        "title_normalized": story.headline.normalized,
        "summary": proposal.understood.summary,
        "source_url": story.item.url or "",
        "categories": list(proposal.fit.categories),
        "keywords": list(proposal.understood.keywords),
        "entities": [entity.as_json() for entity in proposal.understood.entities],
        "language": story.headline.language,
        "score_source": score.source,
        "score_freshness": score.freshness,
        "score_trend": score.trend,
        "score_relevance": score.relevance,
        "score_total": score.total,
        "score_parts": score.parts,
        "published_at": story.item.published_at and story.told_at,
        "expires_at": proposal.expires_at,
        "content_hash": story.headline.content_hash,
        "series_id": proposal.series and proposal.series.id,
        # The pipeline's clock, not the server's: the window in which stories are compared is measured by it.
        "created_at": now,
        "updated_at": now,
    }


def _repeats_of(admitted: Sequence[Proposal], topic_of: Mapping[UUID, UUID]) -> list[Repeat]:
    """The repeats inside the batch, and proposals that turned out to be there already."""
    repeats = []
    for each in admitted:
        topic = topic_of[each.id]
        if topic != each.id:
            repeats.append(Repeat(each.story.item, Match(topic, How.HASH, 1.0)))
        repeats += [Repeat(one.item, Match(topic, one.match.how, one.match.likeness)) for one in each.repeats]
    return repeats


def _insert_sightings(session: Session, repeats: Sequence[Repeat], now: datetime) -> None:
    rows = [
        {
            "topic_id": repeat.match.leader,
            "source_item_id": repeat.item.id,
            "source_id": repeat.item.source.id,
            "url": repeat.item.url,
            "title": repeat.item.title,
            "seen_at": now,
        }
        for repeat in repeats
    ]
    if rows:
        statement = insert(TopicSighting).values(rows)
        session.execute(statement.on_conflict_do_nothing(index_elements=["topic_id", "source_item_id"]))


def _score_again(session: Session, topics: Iterable[UUID]) -> None:
    """Topics that more sources have told: their bonus for that, and the total."""
    wanted = list(topics)
    if not wanted:
        return
    telling = (
        select(TopicSighting.topic_id, TopicSighting.source_id)
        .where(TopicSighting.topic_id.in_(wanted))
        .union(select(Topic.id, Topic.source_id).where(Topic.id.in_(wanted)))
        .subquery()
    )
    counted = select(telling.c[0].label("id"), func.count().label("sources")).group_by(telling.c[0]).subquery()
    rows = session.execute(
        select(Topic.id, Topic.score_parts, Topic.score_total, counted.c.sources)
        .join(counted, counted.c.id == Topic.id)
        .with_for_update(of=Topic)
    ).all()
    changed = []
    for id, parts, total, sources in rows:
        new_total, new_parts = retold(parts, sources)
        if parts and (new_total, new_parts) != (total, parts):
            changed.append({"topic": id, "total": new_total, "parts": new_parts})
    if changed:
        statement = (
            update(Topic)
            .where(Topic.id == bindparam("topic"))
            .values(score_total=bindparam("total"), score_parts=bindparam("parts"))
        )
        session.connection().execute(statement, changed)


def _judgements(saved: Saved, judged: Judged) -> list[dict[str, Any]]:
    rows = [_row(each.story.item.id, JudgementOutcome.TOPIC, None, each.id) for each in saved.made]
    rows += [
        _row(each.item.id, JudgementOutcome.DUPLICATE, _how(each.match), each.match.leader) for each in saved.repeats
    ]
    return rows + [_row(each.item.id, each.outcome, each.reason, None) for each in judged.dropped]


def _row(item: UUID, outcome: JudgementOutcome, reason: str | None, topic: UUID | None) -> dict[str, Any]:
    return {"source_item_id": item, "outcome": outcome, "reason": reason, "topic_id": topic}


def _how(match: Match) -> str:
    return match.how.value if match.how is How.HASH else f"{match.how.value} ({match.likeness:.2f})"


def _insert_judgements(
    session: Session, channel_id: UUID, rows: list[dict[str, Any]], saved: Saved, *, again: bool, now: datetime
) -> None:
    for row in rows:
        saved.outcomes[row["outcome"]] = saved.outcomes.get(row["outcome"], 0) + 1
    if not rows:
        return
    statement = insert(ItemJudgement).values([{**row, "channel_id": channel_id, "judged_at": now} for row in rows])
    if again:
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["channel_id", "source_item_id"],
            set_={"outcome": new.outcome, "reason": new.reason, "topic_id": new.topic_id, "judged_at": new.judged_at},
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=["channel_id", "source_item_id"])
    session.execute(statement)


def _ask(session: Session, desk: Desk, made: Sequence[Proposal], too_similar: float, now: datetime) -> int:
    """Put new topics before the gate; how many it let through."""
    if not made:
        return 0
    waits_until = now + timedelta(hours=desk.gate.expires_after_hours)
    requests = [
        ReviewRequest(
            channel_id=desk.id,
            review_type=ReviewType.TOPIC,
            target_id=each.id,
            mode="manual" if each.review else desk.gate.mode,
            threshold=desk.gate.threshold,
            risk=_risk(desk, each, too_similar),
            priority=each.score.total,
            expires_at=min(waits_until, each.expires_at),
            analysis={
                "score": each.score.total,
                "categories": list(each.fit.categories),
                "source": each.story.item.source.name,
            },
        )
        for each in made
    ]
    return sum(outcome is Outcome.APPROVED for outcome in submit(session, requests, now=now).values())


def _risk(desk: Desk, proposal: Proposal, too_similar: float) -> Risk:
    story = proposal.story
    negative = [
        f"speaks badly of a person: {entity.name}"
        for entity in proposal.understood.entities
        if entity.type == "person" and entity.sentiment == "negative"
    ]
    foreign = story.headline.language != desk.language
    return assess(
        Findings(
            text=f"{story.headline.title}\n{proposal.understood.summary or ''}",
            language=story.headline.language,
            quality_issues=(
                *negative,
                *([proposal.review] if proposal.review else []),
                *(["no summary"] if not proposal.understood.summary else []),
            ),
            similarity=proposal.nearest,
            too_similar=too_similar,
            # A topic claims nothing beyond its source; the script will.
            unverified=(),
            not_checked=("the translation",) if foreign else (),
        )
    )
