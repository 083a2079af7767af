"""Save: a judged batch into the tables, in one transaction and a handful of statements.

`ON CONFLICT` makes every insert safe to repeat: the unique (channel, content hash) turns what two runs found at once
into one topic and one sighting. Never commits.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Uuid, any_, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Channel,
    ItemJudgement,
    JudgementOutcome,
    ReviewType,
    Topic,
    TopicSighting,
    TopicStatus,
)
from shorts_pipeline.database.insert_rows import insert_rows
from shorts_pipeline.review.gates import Outcome, ReviewRequest, as_earned, submit
from shorts_pipeline.review.risk import Findings, Risk, assess
from shorts_pipeline.review.targets import standing_of
from shorts_pipeline.topics.deduplicate import How, Match
from shorts_pipeline.topics.desk import Desk
from shorts_pipeline.topics.judge import Judged, Proposal, Repeat
from shorts_pipeline.topics.past import by_hash
from shorts_pipeline.topics.queue import Place, count_waiting, evict, lowest_places, make_room
from shorts_pipeline.topics.score import retold
from shorts_pipeline.topics.title_keys import period_of, title_keys

_RESCORE = text(
    "UPDATE topics SET score_total = new.score_total, score_parts = new.score_parts, updated_at = now()"
    " FROM json_populate_recordset(NULL::topics, CAST(:rows AS json)) AS new WHERE topics.id = new.id"
)


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
    # Should two runs write at once all the same (the lock was lost), one writes after the other.
    session.execute(select(Channel.id).where(Channel.id == desk.id).with_for_update(key_share=True))
    admitted = _queue(session, desk, judged, saved, now)
    asked = as_earned(session, [_request(desk, each, too_similar, now) for each in admitted])
    requests = {each.target_id: each for each in asked}
    rows = _rows(desk, admitted, requests, now)
    topic_of = _insert_topics(session, desk.id, admitted, rows)
    saved.made = [each for each in admitted if topic_of[each.id] == each.id]
    saved.repeats = [*judged.repeats, *_repeats_of(admitted, topic_of)]
    written = _insert_judgements(session, desk.id, _judgements(saved, judged), again=again, now=now)
    saved.outcomes = Counter(written.values())
    # An item that another run has judged since is no second telling of its own story.
    saved.repeats = [repeat for repeat in saved.repeats if repeat.item.id in written]
    _insert_sightings(session, saved.repeats, now)
    _score_again(session, {repeat.match.leader for repeat in saved.repeats} - {each.id for each in saved.made})
    made = {each.id for each in saved.made}
    placed = {row["id"]: standing_of(ReviewType.TOPIC, row) for row in rows if row["id"] in made}
    outcomes = submit(session, [requests[id] for id in placed], now=now, placed=placed) if placed else {}
    saved.approved = sum(outcome is Outcome.APPROVED for outcome in outcomes.values())
    return saved


def _queue(session: Session, desk: Desk, judged: Judged, saved: Saved, now: datetime) -> list[Proposal]:
    """The proposals that the queue has room for, best first; the lowest of those that waited are ended."""
    proposals = sorted(judged.proposals, key=lambda each: (-each.score.total, each.telling.told_at, each.telling.title))
    most, waiting = desk.topics.queue.most_waiting, count_waiting(session, desk.id)
    if waiting + len(proposals) <= most:
        return proposals
    # Nobody else can be put out than the lowest, as many as want to come in.
    lowest = lowest_places(session, desk.id, len(proposals))
    new = [Place(each.id, each.score.total) for each in proposals]
    room = make_room(lowest, new, most - (waiting - len(lowest)))
    reason = f"made room for a story with score {room.least_admitted} or more"
    saved.evicted = len(evict(session, desk.id, room.evicted, reason=reason, now=now))
    for each in proposals:
        if each.id in room.turned_away:
            full = f"the queue is full and score {each.score.total} is not above its lowest"
            judged.drop(each.items, JudgementOutcome.QUEUE_FULL, full)
    return [each for each in proposals if each.id in room.admitted]


def _rows(
    desk: Desk, proposals: Sequence[Proposal], requests: Mapping[UUID, ReviewRequest], now: datetime
) -> list[dict[str, Any]]:
    """Proposals as rows. What its gate lets through is approved at once: a later change would touch every index."""
    periods = [period_of(each.telling.told_at) for each in proposals]
    keys = title_keys([each.bands for each in proposals], desk.id, periods)
    return [
        {
            **_topic(desk, each, now),
            "title_keys": own,
            "status": TopicStatus.APPROVED if requests[each.id].passes else TopicStatus.PENDING,
        }
        for each, own in zip(proposals, keys, strict=True)
    ]


def _insert_topics(
    session: Session, channel_id: UUID, proposals: Sequence[Proposal], rows: Sequence[Mapping[str, Any]]
) -> dict[UUID, UUID]:
    """Proposal id → topic id: its own, or that of the topic that was there already."""
    inserted = insert_rows(
        session, Topic, rows, on_conflict="(channel_id, content_hash) DO NOTHING", returning="topics.id"
    )
    made = {id for (id,) in inserted}
    lost = {each.telling.content_hash: each.id for each in proposals if each.id not in made}
    there = by_hash(session, channel_id, list(lost))
    return {id: id for id in made} | {lost[hashed]: topic for hashed, topic in there.items()}


def _topic(desk: Desk, proposal: Proposal, now: datetime) -> dict[str, Any]:
    story, score = proposal.story, proposal.score
    return {
        "id": proposal.id,
        "channel_id": desk.id,
        "source_id": story.item.source.id,
        "title_original": proposal.understood.title or story.headline.title,
        "title_translated": proposal.understood.translated_title,
        "title_normalized": story.headline.normalized,
        "summary": proposal.understood.summary,
        "source_url": story.item.url or "",
        "categories": list(proposal.fit.categories),
        "keywords": list(proposal.understood.keywords),
        "entities": [entity.as_json() for entity in proposal.understood.entities],
        "language": proposal.understood.language or story.headline.language,
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
        repeats += [Repeat(one.item, replace(one.match, leader=topic)) for one in each.repeats]
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
    insert_rows(session, TopicSighting, rows, on_conflict="(topic_id, source_item_id) DO NOTHING")


def _score_again(session: Session, topics: Iterable[UUID]) -> None:
    """Topics that more sources have told: their bonus for that, and the total."""
    wanted = list(topics)
    if not wanted:
        return
    these = literal(wanted, ARRAY(Uuid))
    telling = (
        select(TopicSighting.topic_id, TopicSighting.source_id)
        .where(TopicSighting.topic_id == any_(these))
        .union(select(Topic.id, Topic.source_id).where(Topic.id == any_(these)))
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
            changed.append({"id": id, "score_total": new_total, "score_parts": new_parts})
    if changed:
        session.execute(_RESCORE, {"rows": to_json(changed).decode()})


def _judgements(saved: Saved, judged: Judged) -> list[dict[str, Any]]:
    rows = [_row(each.story.item.id, JudgementOutcome.TOPIC, None, each.id) for each in saved.made]
    rows += [
        _row(each.item.id, JudgementOutcome.DUPLICATE, _how(each.match), each.match.leader) for each in saved.repeats
    ]
    return rows + [_row(each.item.id, each.outcome, each.reason, None) for each in judged.dropped]


def _row(item: UUID, outcome: JudgementOutcome, reason: str | None, topic: UUID | None) -> dict[str, Any]:
    return {"source_item_id": item, "outcome": outcome, "reason": reason, "topic_id": topic}


def _how(match: Match) -> str:
    if match.how is How.HASH:
        return match.how.value
    evidence = f": {match.reason}" if match.reason else ""
    return f"{match.how.value} ({match.likeness:.2f}{evidence})"


def _insert_judgements(
    session: Session, channel_id: UUID, rows: list[dict[str, Any]], *, again: bool, now: datetime
) -> dict[UUID, JudgementOutcome]:
    """What was written: item id → outcome. Another run's judgement stands."""
    decided = [{**row, "channel_id": channel_id, "judged_at": now} for row in rows]
    anew = ", ".join(f"{name} = excluded.{name}" for name in ("outcome", "reason", "topic_id", "judged_at"))
    conflict = f"DO UPDATE SET {anew}" if again else "DO NOTHING"
    written = insert_rows(
        session,
        ItemJudgement,
        decided,
        on_conflict=f"(channel_id, source_item_id) {conflict}",
        returning="item_judgements.source_item_id, item_judgements.outcome",
    )
    return {row.source_item_id: JudgementOutcome(row.outcome) for row in written}


def _request(desk: Desk, proposal: Proposal, too_similar: float, now: datetime) -> ReviewRequest:
    """What a proposal asks of its gate."""
    return ReviewRequest(
        channel_id=desk.id,
        review_type=ReviewType.TOPIC,
        target_id=proposal.id,
        gate=desk.gate,
        person=proposal.review,
        risk=_risk(desk, proposal, too_similar),
        priority=proposal.score.total,
        expires_at=min(now + timedelta(hours=desk.gate.expires_after_hours), proposal.expires_at),
        analysis={
            "score": proposal.score.total,
            "categories": list(proposal.fit.categories),
            "source": proposal.story.item.source.name,
            **({"translation": told} if (told := proposal.understood.translated_summary) else {}),
        },
    )


def _risk(desk: Desk, proposal: Proposal, too_similar: float) -> Risk:
    story = proposal.story
    negative = [
        f"speaks badly of a person: {entity.name}"
        for entity in proposal.understood.entities
        if entity.type == "person" and entity.sentiment == "negative"
    ]
    persons = [entity.name for entity in proposal.understood.entities if entity.type == "person"]
    unread = persons and not proposal.understood.sentiment_checked
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
            own=desk.own_words,
            not_checked=(
                *(("the translation",) if foreign else ()),
                # Rules do not know what a text thinks of somebody; that nobody looked is a risk, not a pass.
                *((f"what is said of {', '.join(persons[:3])}",) if unread else ()),
            ),
        )
    )
