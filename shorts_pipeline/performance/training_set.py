"""Training set: scripts that did well, as chat-format JSONL, one numbered file a run that finds new ones.

The same row is never written twice: a row's flag is set in the transaction in which its file is written, and what the
manifest lists but no committed row stands for (a run that was killed in between) is written again under its number.
The same rows give the same bytes.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import (
    Channel,
    ChannelStatus,
    JobType,
    Performance,
    Persona,
    Script,
    ScriptStatus,
    Topic,
    Upload,
    Video,
)
from shorts_pipeline.database.documents.operation_config import TrainingRule
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.performance.channel import channel_of

FOLDER = "training"
PASSED_REVIEW = (ScriptStatus.APPROVED, ScriptStatus.USED)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('training_set:' || :channel_id, 0))")


class FileStore(Protocol):
    """The part of the media store that training files need."""

    def path(self, relative: str) -> Path: ...

    def writing(self, relative: str) -> AbstractContextManager[Path]: ...


@dataclass(frozen=True)
class Example:
    """One conversation: persona, topic, script, and the row it is from."""

    performance_id: UUID
    system: str
    user: str
    assistant: str

    def line(self) -> str:
        """Its line of JSONL."""
        messages = [
            {"role": "system", "content": self.system},
            {"role": "user", "content": self.user},
            {"role": "assistant", "content": self.assistant},
        ]
        return json.dumps({"messages": messages}, ensure_ascii=False, separators=(",", ":"))

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.line().encode()).hexdigest()


@dataclass(frozen=True)
class TrainingSet:
    """What a run added. `file` is relative to the media root; none where nothing was new."""

    channel: str
    added: int = 0
    repeats: int = 0
    examples: int = 0
    file: str | None = None
    skipped: str | None = None

    def as_metadata(self) -> dict[str, Any]:
        """Plain numbers for the UI and the job log."""
        if self.skipped is not None:
            return {"skipped": self.skipped}
        numbers = {"added": self.added, "repeats": self.repeats, "examples": self.examples}
        return numbers | ({"file": self.file} if self.file else {})


def extend_training_set(
    sessions: sessionmaker[Session], store: FileStore, *, channel: str, clock: Clock, run_id: str | None = None
) -> TrainingSet:
    """Write what newly did well into the channel's next training file. `channel` is its slug."""
    with sessions() as session:
        found = channel_of(session, channel)
    if found.status is not ChannelStatus.ACTIVE:
        return TrainingSet(channel, skipped=f"the channel is {found.status}")
    if not found.operation_config.training.enabled:
        return TrainingSet(channel, skipped="training is switched off in the channel's file")
    with logged(sessions, JobType.SYNC_ANALYTICS, clock=clock, channel_id=found.id, metadata={"run_id": run_id}) as job:
        with sessions.begin() as session:
            result = _extend(session, store, found, now=clock.now())
        job.result = result.as_metadata()
    return result


def new_examples(session: Session, channel: Channel) -> list[Example]:
    """Rows that meet the channel's rule and are in no file yet, oldest upload first."""
    rows = session.execute(_candidates(channel.id, channel.operation_config.training))
    return [
        Example(performance_id, _system(persona), _user(topic), script.script_text)
        for performance_id, persona, topic, script in rows
    ]


def _extend(session: Session, store: FileStore, channel: Channel, *, now: datetime) -> TrainingSet:
    session.execute(_LOCK, {"channel_id": str(channel.id)})
    examples = new_examples(session, channel)
    versions = _settled(_manifest(store, channel.slug), {str(one.performance_id) for one in examples})
    known = {hash_ for version in versions for hash_ in version["hashes"]}
    fresh = {one.hash: one for one in reversed(examples) if one.hash not in known}
    new = [one for one in examples if fresh.get(one.hash) is one]
    file = None
    if new:
        file = f"{FOLDER}/{channel.slug}/{len(versions) + 1:04d}.jsonl"
        versions.append(_write(store, file, new, channel, now))
        _write_manifest(store, channel, versions)
    # A repeat is flagged, too: what it says is in a file already.
    session.execute(
        update(Performance)
        .where(Performance.id.in_([one.performance_id for one in examples]))
        .values(added_to_training=True)
        .execution_options(synchronize_session=False)
    )
    total = sum(version["examples"] for version in versions)
    return TrainingSet(channel.slug, len(new), len(examples) - len(new), total, file)


def _candidates(channel_id: UUID, rule: TrainingRule) -> Select[UUID, Persona, Topic, Script]:
    query = (
        select(Performance.id, Persona, Topic, Script)
        .join(Upload, Upload.id == Performance.upload_id)
        .join(Video, Video.id == Upload.video_id)
        .join(Script, Script.id == Video.script_id)
        .join(Topic, Topic.id == Script.topic_id)
        .join(Persona, Persona.channel_id == Video.channel_id)
        .where(
            Video.channel_id == channel_id,
            Performance.added_to_training.is_(False),
            Script.quality_score_style >= rule.least_style,
            Script.quality_score_hook >= rule.least_hook,
        )
        .order_by(Upload.published_at, Upload.id)
    )
    if rule.high_performers_only:
        query = query.where(Performance.is_high_performer)
    if rule.approved_only:
        query = query.where(Script.status.in_(PASSED_REVIEW))
    return query


def _system(persona: Persona) -> str:
    style, view = persona.communication_style, persona.perspective
    parts = [
        persona.name,
        persona.tagline,
        persona.description,
        f"Expertise: {', '.join(persona.expertise)}." if persona.expertise else None,
        f"Tone: {style.tone}." if style.tone else None,
        f"Formality: {style.formality}.",
        f"Sentence endings: {', '.join(style.sentence_endings)}." if style.sentence_endings else None,
        f"Audience: {view.audience}." if view.audience else None,
        f"Angle: {view.angle}." if view.angle else None,
    ]
    return "\n".join(part for part in parts if part)


def _user(topic: Topic) -> str:
    return "\n".join(part for part in (topic.title_translated or topic.title_original, topic.summary) if part)


def _manifest(store: FileStore, slug: str) -> list[dict[str, Any]]:
    try:
        versions: list[dict[str, Any]] = json.loads(_manifest_path(store, slug).read_text("utf-8"))["versions"]
    except FileNotFoundError:
        return []
    return versions


def _manifest_path(store: FileStore, slug: str) -> Path:
    return store.path(f"{FOLDER}/{slug}/manifest.json")


def _settled(versions: Sequence[dict[str, Any]], unflagged: set[str]) -> list[dict[str, Any]]:
    """The versions whose rows were committed: the tail that a killed run left is dropped."""
    settled: list[dict[str, Any]] = []
    for version in versions:
        if not unflagged.isdisjoint(version["rows"]):
            break
        settled.append(version)
    return settled


def _write(store: FileStore, file: str, new: Sequence[Example], channel: Channel, now: datetime) -> dict[str, Any]:
    content = "".join(one.line() + "\n" for one in new).encode()
    with store.writing(file) as path:
        path.write_bytes(content)
    return {
        "file": Path(file).name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "examples": len(new),
        "rows": [str(one.performance_id) for one in new],
        "hashes": [one.hash for one in new],
        "criteria": channel.operation_config.training.model_dump(mode="json")
        | {"high_performer": channel.operation_config.high_performer.model_dump(mode="json")},
        "made_at": now.isoformat(),
    }


def _write_manifest(store: FileStore, channel: Channel, versions: Sequence[dict[str, Any]]) -> None:
    manifest = {"channel": channel.slug, "format": "chat", "versions": list(versions)}
    with store.writing(f"{FOLDER}/{channel.slug}/manifest.json") as path:
        path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
