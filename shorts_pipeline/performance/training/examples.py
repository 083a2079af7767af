"""Training examples: conversations from the tables: persona, topic, and the script as it was approved and filmed."""

import hashlib
import json
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, Performance, Persona, Script, ScriptStatus, Topic, Upload, Video
from shorts_pipeline.database.documents.operation_config import TrainingRule
from shorts_pipeline.performance.training.near_repeats import Told

PASSED_REVIEW = (ScriptStatus.APPROVED, ScriptStatus.USED)


@dataclass(frozen=True)
class Example:
    """One conversation, the row it is from, and what it is compared by."""

    performance_id: UUID
    system: str
    user: str
    assistant: str
    topic_id: UUID
    title: str
    topic_hash: str
    series_id: UUID | None = None
    published_at: datetime | None = None

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
        """SHA-256 of its line."""
        return hashlib.sha256(self.line().encode()).hexdigest()

    @property
    def said(self) -> str:
        """The script by which a repeat is known: other spaces or another form of Unicode make no other script."""
        return " ".join(unicodedata.normalize("NFC", self.assistant).split())

    @property
    def told(self) -> Told:
        """What is compared with others."""
        return Told(self.topic_id, self.title, self.assistant)


def new_examples(session: Session, channel: Channel, *, anew: bool = False) -> list[Example]:
    """Rows that meet the channel's rule and are in no file yet (`anew`: in a file or not), oldest upload first."""
    query = _that_meet(channel.operation_config.training, _rows(channel.id))
    return _read(session, query if anew else query.where(Performance.added_to_training.is_(False)))


def examples_of(session: Session, channel: Channel, performance_ids: Collection[UUID]) -> dict[UUID, Example]:
    """The examples of these rows, whatever the rule says now, by row."""
    found = _read(session, _rows(channel.id).where(Performance.id.in_(performance_ids)))
    return {one.performance_id: one for one in found}


def _rows(channel_id: UUID) -> "Select[UUID, datetime | None, Persona, Topic, Script]":
    return (
        select(Performance.id, Upload.published_at, Persona, Topic, Script)
        .join(Upload, Upload.id == Performance.upload_id)
        .join(Video, Video.id == Upload.video_id)
        .join(Script, Script.id == Video.script_id)
        .join(Topic, Topic.id == Script.topic_id)
        .join(Persona, Persona.channel_id == Video.channel_id)
        .where(Video.channel_id == channel_id)
        .order_by(Upload.published_at, Upload.id)
    )


def _that_meet(
    rule: TrainingRule, query: "Select[UUID, datetime | None, Persona, Topic, Script]"
) -> "Select[UUID, datetime | None, Persona, Topic, Script]":
    # A script that was never judged has no scores: what is not known to be good is not taken.
    query = query.where(Script.quality_score_style >= rule.least_style, Script.quality_score_hook >= rule.least_hook)
    if rule.high_performers_only:
        query = query.where(Performance.is_high_performer)
    if rule.approved_only:
        query = query.where(Script.status.in_(PASSED_REVIEW))
    return query


def _read(session: Session, query: "Select[UUID, datetime | None, Persona, Topic, Script]") -> list[Example]:
    return [
        Example(
            performance_id=performance_id,
            system=_system(persona),
            user=_user(topic),
            assistant=script.script_text,
            topic_id=topic.id,
            title=topic.title_normalized,
            topic_hash=topic.content_hash,
            series_id=topic.series_id,
            published_at=published_at,
        )
        for performance_id, published_at, persona, topic, script in session.execute(query)
    ]


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
