"""Rows: everything in the tables that belongs to one topic, read at once: no more queries for a longer history."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, and_, column, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Base,
    Channel,
    ContentChunk,
    ItemJudgement,
    JobLog,
    MediaCredit,
    Notice,
    Performance,
    PerformanceDay,
    Persona,
    ReviewDecision,
    ReviewQueue,
    Script,
    ScriptRetrieval,
    Series,
    Source,
    SourceItem,
    StageAttempt,
    Topic,
    TopicSighting,
    Upload,
    Video,
)

R = TypeVar("R", bound=Base)


@dataclass(frozen=True)
class Rows:
    """One topic's rows, by what they belong to, each list in order of time."""

    channel: Channel
    persona: Persona | None
    source: Source
    series: Series | None
    topic: Topic
    judged: Sequence[tuple[SourceItem, str, ItemJudgement]]
    sightings: Sequence[tuple[TopicSighting, str]]
    scripts: Sequence[Script]
    chunks: Mapping[UUID, tuple[int, datetime]]
    retrieved: Mapping[UUID, Sequence[tuple[ScriptRetrieval, str]]]
    videos: Sequence[Video]
    credits: Mapping[UUID, Sequence[MediaCredit]]
    uploads: Sequence[Upload]
    totals: Mapping[UUID, Performance]
    days: Mapping[UUID, Sequence[PerformanceDay]]
    reviews: Mapping[UUID, Sequence[ReviewQueue]]
    decisions: Mapping[UUID, Sequence[ReviewDecision]]
    attempts: Mapping[UUID, Sequence[StageAttempt]]
    notices: Mapping[str, Sequence[Notice]]
    jobs: Sequence[JobLog]


def read(session: Session, topic_id: UUID) -> Rows:
    """The rows of a topic."""
    found = (
        select(Topic, Channel, Source, Series, Persona)
        .select_from(Topic)
        .join(Channel, Channel.id == Topic.channel_id)
        .join(Source, Source.id == Topic.source_id)
        .outerjoin(Series, Series.id == Topic.series_id)
        .outerjoin(Persona, Persona.channel_id == Topic.channel_id)
    )
    topic, channel, source, series, persona = session.execute(found.where(Topic.id == topic_id)).one()
    scripts = _all(session, Script, Script.topic_id == topic_id, Script.script_version)
    script_ids = [row.id for row in scripts]
    videos = _all(session, Video, Video.script_id.in_(script_ids), Video.created_at)
    video_ids = [row.id for row in videos]
    uploads = _all(session, Upload, Upload.video_id.in_(video_ids), Upload.created_at)
    upload_ids = [row.id for row in uploads]
    targets = [topic_id, *script_ids, *video_ids, *upload_ids]
    reviews = _by(session, ReviewQueue, "target_id", targets, ReviewQueue.created_at)
    review_ids = [row.id for own in reviews.values() for row in own]
    chunks = _chunks(session, script_ids)
    made: list[Topic | Script | Video | Upload] = [topic, *scripts, *videos, *uploads]
    moments = [*(row.created_at for row in made), *(at for _, at in chunks.values())]
    return Rows(
        channel=channel,
        persona=persona,
        source=source,
        series=series,
        topic=topic,
        judged=_judged(session, topic_id, channel.id),
        sightings=_sightings(session, topic_id),
        scripts=scripts,
        chunks=chunks,
        retrieved=_retrieved(session, script_ids),
        videos=videos,
        credits=_by(session, MediaCredit, "video_id", video_ids, MediaCredit.created_at),
        uploads=uploads,
        totals={id: row for id, (row,) in _by(session, Performance, "upload_id", upload_ids, Performance.id).items()},
        days=_by(session, PerformanceDay, "upload_id", upload_ids, PerformanceDay.day),
        reviews=reviews,
        decisions=_by(session, ReviewDecision, "review_id", review_ids, ReviewDecision.created_at),
        attempts=_by(session, StageAttempt, "target_id", targets, StageAttempt.stage),
        notices=_notices(session, channel.id, [*review_ids, *upload_ids]),
        jobs=_jobs(session, topic, moments, scripts),
    )


def _all(session: Session, model: type[R], condition: Any, order: Any) -> Sequence[R]:
    return session.scalars(select(model).where(condition).order_by(order)).all()


def _by(session: Session, model: type[R], key: str, ids: Collection[UUID], order: Any) -> dict[UUID, list[R]]:
    """The rows whose `key` is one of the ids, by it."""
    found: dict[UUID, list[R]] = defaultdict(list)
    for row in _all(session, model, getattr(model, key).in_(ids), order):
        found[getattr(row, key)].append(row)
    return found


def _notices(session: Session, channel_id: UUID, about: Collection[UUID]) -> dict[str, list[Notice]]:
    """What people were told of these reviews and uploads, by their ids."""
    subject = func.split_part(Notice.subject, ":", 1)
    told = and_(Notice.channel_id == channel_id, subject.in_([str(id) for id in about]))
    found: dict[str, list[Notice]] = defaultdict(list)
    for notice in _all(session, Notice, told, Notice.created_at):
        found[notice.subject.partition(":")[0]].append(notice)
    return found


def _judged(session: Session, topic_id: UUID, channel_id: UUID) -> list[tuple[SourceItem, str, ItemJudgement]]:
    """The feed items that told the story, with their source's name and what the channel made of them."""
    rows = session.execute(
        select(SourceItem, Source.name, ItemJudgement)
        .join(Source, Source.id == SourceItem.source_id)
        .join(ItemJudgement, ItemJudgement.source_item_id == SourceItem.id)
        .where(ItemJudgement.topic_id == topic_id, ItemJudgement.channel_id == channel_id)
        .order_by(SourceItem.fetched_at, SourceItem.id)
    )
    return [(item, name, judgement) for item, name, judgement in rows]


def _sightings(session: Session, topic_id: UUID) -> list[tuple[TopicSighting, str]]:
    """Who else told it; a sighting stays after its item has been pruned."""
    rows = session.execute(
        select(TopicSighting, Source.name)
        .join(Source, Source.id == TopicSighting.source_id)
        .where(TopicSighting.topic_id == topic_id)
        .order_by(TopicSighting.seen_at, TopicSighting.id)
    )
    return [(row, name) for row, name in rows]


def _chunks(session: Session, scripts: Collection[UUID]) -> dict[UUID, tuple[int, datetime]]:
    """How many pieces each script has, and when they were made."""
    counts = select(ContentChunk.script_id, func.count(), func.max(ContentChunk.created_at))
    rows = session.execute(counts.where(ContentChunk.script_id.in_(scripts)).group_by(ContentChunk.script_id))
    return {script_id: (count, at) for script_id, count, at in rows}


def _retrieved(session: Session, scripts: Collection[UUID]) -> dict[UUID, list[tuple[ScriptRetrieval, str]]]:
    """The past chunks each script was written with."""
    rows = session.execute(
        select(ScriptRetrieval, ContentChunk.chunk_text)
        .join(ContentChunk, ContentChunk.id == ScriptRetrieval.chunk_id)
        .where(ScriptRetrieval.script_id.in_(scripts))
        .order_by(ScriptRetrieval.view, ScriptRetrieval.rank)
    )
    found: dict[UUID, list[tuple[ScriptRetrieval, str]]] = defaultdict(list)
    for row, text in rows:
        found[row.script_id].append((row, text))
    return found


def _jobs(session: Session, topic: Topic, moments: Sequence[datetime], scripts: Sequence[Script]) -> Sequence[JobLog]:
    """The channel's jobs that were under way when any of the rows was made, and those that rows name, in order."""
    instant = DateTime(timezone=True)
    made = func.unnest(literal(list(moments), ARRAY(instant))).table_valued(column("at", instant)).render_derived()
    under_way = exists(
        select(literal(1))
        .select_from(made)
        .where(JobLog.created_at <= made.c.at, or_(JobLog.completed_at.is_(None), JobLog.updated_at >= made.c.at))
    )
    # A topic is dated by the pipeline's clock, as its job's start and end are; all other rows by the database's.
    by_clock = and_(
        JobLog.started_at <= topic.created_at,
        or_(JobLog.completed_at.is_(None), JobLog.completed_at >= topic.created_at),
    )
    run_ids = [str(row.generation_config["run_id"]) for row in scripts if "run_id" in row.generation_config]
    named = JobLog.run_metadata["run_id"].astext.in_(run_ids)
    query = select(JobLog).where(JobLog.channel_id == topic.channel_id, or_(under_way, by_clock, named))
    return session.scalars(query.order_by(JobLog.created_at, JobLog.id)).all()
