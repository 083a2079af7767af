"""Trace: one short's whole way, from the feed items that told the story to its views, every row and run.

Read only, a fixed number of queries, and nothing secret: an upload's session address is never shown.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Channel,
    ContentChunk,
    ItemJudgement,
    JobLog,
    JobType,
    MediaCredit,
    Performance,
    PerformanceDay,
    ReviewDecision,
    ReviewQueue,
    Script,
    ScriptRetrieval,
    Source,
    SourceItem,
    StageAttempt,
    Topic,
    TopicSighting,
    Upload,
    Video,
)
from shorts_pipeline.errors import ConfigurationError

SHORTEST_PREFIX: Final = 8
"""Letters of an id that are enough to name a row."""
LONGEST_TEXT: Final = 160


@dataclass(frozen=True)
class Node:
    """A row, or something about it: what it is, its facts in order, and what came of it."""

    label: str
    facts: Mapping[str, str] = field(default_factory=dict)
    children: tuple["Node", ...] = ()

    def walk(self) -> Iterator["Node"]:
        """This node and everything below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


def trace(session: Session, reference: str) -> Node:
    """The way of what `reference` names: the id (or its first eight letters) of a video, upload, script or topic, or
    YouTube's id of the video. Raises `ConfigurationError` where nothing or more than one has that name."""
    return _Way(session, _topic_of(session, reference.strip())).tree()


def _topic_of(session: Session, reference: str) -> UUID:
    found: set[UUID] = set(session.scalars(_by_youtube_id(reference)))
    if not found and len(reference) >= SHORTEST_PREFIX:
        found = {topic for query in _by_id(reference.lower()) for topic in session.scalars(query)}
    if len(found) == 1:
        return found.pop()
    if found:
        raise ConfigurationError(f"{reference} is the start of several ids; write more of it")
    raise ConfigurationError(f"no video, upload, script or topic {reference}; `shorts trace` takes an id or YouTube's")


def _by_youtube_id(reference: str) -> Any:
    way = select(Script.topic_id).join(Video, Video.script_id == Script.id).join(Upload, Upload.video_id == Video.id)
    return way.where(Upload.youtube_video_id == reference)


def _by_id(reference: str) -> list[Any]:
    def named(column: Any) -> Any:
        return cast(column, String).startswith(reference, autoescape=True)

    videos = select(Script.topic_id).join(Video, Video.script_id == Script.id)
    return [
        select(Topic.id).where(named(Topic.id)),
        select(Script.topic_id).where(named(Script.id)),
        videos.where(named(Video.id)),
        videos.join(Upload, Upload.video_id == Video.id).where(named(Upload.id)),
    ]


class _Way:
    """Everything that belongs to one topic, read at once, then put together."""

    def __init__(self, session: Session, topic_id: UUID) -> None:
        topic = select(Topic, Channel, Source).join(Channel).join(Source).where(Topic.id == topic_id)
        self.topic, self.channel, self.source = session.execute(topic).one()
        scripts = select(Script).where(Script.topic_id == topic_id).order_by(Script.script_version)
        self.scripts = session.scalars(scripts).all()
        of_scripts = Video.script_id.in_([row.id for row in self.scripts])
        self.videos = session.scalars(select(Video).where(of_scripts).order_by(Video.created_at)).all()
        self.uploads = session.scalars(select(Upload).where(Upload.video_id.in_([v.id for v in self.videos]))).all()
        self.tellings = _tellings(session, topic_id, self.channel.id)
        self.chunks = _chunks(session, [row.id for row in self.scripts])
        self.retrieved = _retrieved(session, [row.id for row in self.scripts])
        self.credits = _credits(session, [row.id for row in self.videos])
        uploads = [row.id for row in self.uploads]
        self.totals = {
            row.upload_id: row for row in session.scalars(select(Performance).where(Performance.upload_id.in_(uploads)))
        }
        days = select(PerformanceDay).where(PerformanceDay.upload_id.in_(uploads)).order_by(PerformanceDay.day)
        self.days = _grouped(session.scalars(days).all(), "upload_id")
        made: list[Script | Video | Upload] = [*self.scripts, *self.videos, *self.uploads]
        rows = [topic_id, *(row.id for row in made)]
        self.reviews = _reviews(session, rows)
        attempts = select(StageAttempt).where(StageAttempt.target_id.in_(rows)).order_by(StageAttempt.stage)
        self.attempts = _grouped(session.scalars(attempts).all(), "target_id")
        self.runs = _runs(session, self.channel.id, since=self.topic.created_at)

    def tree(self) -> Node:
        """Channel, then the topic and what came of it."""
        return Node(f"channel {self.channel.slug}", {"name": self.channel.name}, (self._topic(),))

    def _topic(self) -> Node:
        row = self.topic
        facts = _facts(
            title=row.title_original,
            status=row.status,
            score=row.score_total,
            source=self.source.name,
            published=row.published_at,
            expires=row.expires_at,
        )
        children = (*self.tellings, *self._about(row, JobType.COLLECT), *map(self._script, self.scripts))
        return Node(f"topic {row.id}", facts, children)

    def _script(self, row: Script) -> Node:
        facts = _facts(
            version=row.script_version,
            status=row.status,
            model=row.generation_model,
            style=row.quality_score_style,
            hook=row.quality_score_hook,
            issues=", ".join(row.quality_issues),
            seconds=row.estimated_duration,
            chunks=self.chunks.get(row.id),
            text=row.script_text,
        )
        videos = (self._video(video) for video in self.videos if video.script_id == row.id)
        about = self._about(row, JobType.GENERATE_SCRIPT)
        return Node(f"script {row.id}", facts, (*self.retrieved.get(row.id, ()), *about, *videos))

    def _video(self, row: Video) -> Node:
        facts = _facts(
            status=row.status,
            file=row.video_path,
            seconds=row.duration_seconds,
            bytes=row.file_size_bytes,
            voice=row.tts_service,
            error=row.error_message,
        )
        uploads = (self._upload(upload) for upload in self.uploads if upload.video_id == row.id)
        about = self._about(row, JobType.GENERATE_VIDEO)
        return Node(f"video {row.id}", facts, (*self.credits.get(row.id, ()), *about, *uploads))

    def _upload(self, row: Upload) -> Node:
        facts = _facts(
            status=row.upload_status,
            title=row.title,
            youtube=row.youtube_video_id,
            address=row.youtube_url,
            privacy=row.privacy_status,
            scheduled=row.scheduled_at,
            uploaded=row.uploaded_at,
            published=row.published_at,
            error=row.error_message,
        )
        return Node(f"upload {row.id}", facts, (*self._about(row, JobType.UPLOAD), *self._performance(row.id)))

    def _performance(self, upload_id: UUID) -> Iterator[Node]:
        total, days = self.totals.get(upload_id), self.days.get(upload_id, [])
        if total is None and not days:
            return
        facts = {} if total is None else _facts(
            views=total.views,
            likes=total.likes,
            comments=total.comments,
            engagement=total.engagement_rate,
            high_performer="yes" if total.is_high_performer else "no",
            in_training="yes" if total.added_to_training else "no",
            synced=total.last_synced_at,
        )  # fmt: skip
        daily = (Node(f"day {row.day}", _facts(views=row.views, run=row.run_id)) for row in days)
        yield Node("performance", facts, tuple(daily))

    def _about(self, row: Topic | Script | Video | Upload, job: JobType) -> Iterator[Node]:
        """The run that made a row, who decided on it, and how often it was tried."""
        made = [run for run in self.runs if run.job_type == job and run.created_at <= row.created_at]
        # Both times are the database's: the pipeline's own clock may have been moved in between.
        made = [run for run in made if run.completed_at is None or row.created_at <= run.updated_at]
        if made:
            run = made[-1]
            facts = _facts(status=run.status, run=_run_id(run), error=run.error_message)
            yield Node(f"run of {run.job_type} {run.id}", facts)
        yield from self.reviews.get(row.id, ())
        for attempt in self.attempts.get(row.id, []):
            facts = _facts(times=attempt.attempts, parked_until=attempt.parked_until, reason=attempt.reason)
            yield Node(f"attempts of {attempt.stage}", facts)


def _tellings(session: Session, topic_id: UUID, channel_id: UUID) -> list[Node]:
    """The feed items that told the story; a sighting stays after its item has been pruned."""
    judged = (
        select(SourceItem, Source.name, ItemJudgement.outcome)
        .join(Source, Source.id == SourceItem.source_id)
        .join(ItemJudgement, ItemJudgement.source_item_id == SourceItem.id)
        .where(ItemJudgement.topic_id == topic_id, ItemJudgement.channel_id == channel_id)
        .order_by(SourceItem.fetched_at, SourceItem.id)
    )
    rows = session.execute(judged).all()
    items = [Node(f"item {row.id}", _item(row, name, outcome)) for row, name, outcome in rows]
    known = {row.id for row, _, _ in rows}
    sightings = (
        select(TopicSighting, Source.name)
        .join(Source, Source.id == TopicSighting.source_id)
        .where(TopicSighting.topic_id == topic_id)
        .order_by(TopicSighting.seen_at, TopicSighting.id)
    )
    told = [
        Node(f"sighting {row.id}", _facts(source=name, title=row.title, address=row.url, seen=row.seen_at))
        for row, name in session.execute(sightings)
        if row.source_item_id not in known
    ]
    return [*items, *told]


def _item(row: SourceItem, source: str, judged: str) -> dict[str, str]:
    return _facts(
        source=source, title=row.title, address=row.url, fetched=row.fetched_at, judged=judged, run=row.run_id
    )


def _chunks(session: Session, scripts: Sequence[UUID]) -> dict[UUID, int]:
    counts = select(ContentChunk.script_id, func.count()).where(ContentChunk.script_id.in_(scripts))
    return dict(session.execute(counts.group_by(ContentChunk.script_id)).all())


def _retrieved(session: Session, scripts: Sequence[UUID]) -> dict[UUID, list[Node]]:
    """The past chunks each script was written with."""
    rows = session.execute(
        select(ScriptRetrieval, ContentChunk.chunk_text)
        .join(ContentChunk, ContentChunk.id == ScriptRetrieval.chunk_id)
        .where(ScriptRetrieval.script_id.in_(scripts))
        .order_by(ScriptRetrieval.view, ScriptRetrieval.rank)
    )
    found: dict[UUID, list[Node]] = defaultdict(list)
    for row, text in rows:
        facts = _facts(view=row.view, rank=row.rank, score=row.score, text=text)
        found[row.script_id].append(Node(f"retrieved {row.chunk_id}", facts))
    return found


def _credits(session: Session, videos: Sequence[UUID]) -> dict[UUID, list[Node]]:
    found: dict[UUID, list[Node]] = defaultdict(list)
    for row in session.scalars(select(MediaCredit).where(MediaCredit.video_id.in_(videos))):
        facts = _facts(author=row.author, licence=row.licence, address=row.address)
        found[row.video_id].append(Node(f"credit {row.source}", facts))
    return found


def _reviews(session: Session, targets: Sequence[UUID]) -> dict[UUID, list[Node]]:
    """The review of each row, with its decisions below."""
    reviews = session.scalars(select(ReviewQueue).where(ReviewQueue.target_id.in_(targets))).all()
    of_reviews = ReviewDecision.review_id.in_([row.id for row in reviews])
    decided = select(ReviewDecision).where(of_reviews).order_by(ReviewDecision.decided_at)
    decisions = _grouped(session.scalars(decided).all(), "review_id")
    found: dict[UUID, list[Node]] = defaultdict(list)
    for row in reviews:
        facts = _facts(status=row.status, risk=row.risk_score, reasons=", ".join(row.risk_reasons))
        below = (
            Node(f"{each.action} by {each.decided_by}", _facts(at=each.decided_at, reason=each.reason))
            for each in decisions.get(row.id, [])
        )
        found[row.target_id].append(Node(f"review {row.id}", facts, tuple(below)))
    return found


def _runs(session: Session, channel_id: UUID, *, since: datetime) -> Sequence[JobLog]:
    """The channel's jobs from the one that made the topic on, in order."""
    its_own = or_(JobLog.updated_at >= since, JobLog.completed_at.is_(None))
    query = select(JobLog).where(JobLog.channel_id == channel_id, its_own).order_by(JobLog.created_at)
    return session.scalars(query).all()


def _run_id(run: JobLog) -> str | None:
    found = run.run_metadata.get("run_id")
    return str(found) if found else None


def _grouped(rows: Collection[Any], key: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _facts(**facts: object) -> dict[str, str]:
    """What is known, as short texts."""
    return {name.replace("_", " "): _text(value) for name, value in facts.items() if value not in (None, "")}


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    text = f"{value:.2f}" if isinstance(value, float) else " ".join(str(value).split())
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
