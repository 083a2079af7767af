"""Listen: captions for shorts whose words are not known yet, the most seen first, as many as were asked for.

They cost 250 units a short, of 10,000 a day: a channel of hundreds gets them over days. What YouTube answered is kept
with the script, so that nobody is asked twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Integer, cast, delete, func, select, update
from sqlalchemy.orm import Session

from shorts_pipeline.database import ContentChunk, ImportedFrom, Script, Source, Topic, Upload, Video
from shorts_pipeline.errors import Rejected
from shorts_pipeline.importing.results import Captions
from shorts_pipeline.importing.rows import script_values, topic_values
from shorts_pipeline.importing.save import SOURCE
from shorts_pipeline.importing.till import CAPTION_DOWNLOAD, CAPTION_LIST
from shorts_pipeline.importing.told import Published, Told, heard, tell
from shorts_pipeline.resources.youtube import CaptionTrack
from shorts_pipeline.scripts.points import open_collection
from shorts_pipeline.scripts.retrieve import COLLECTION as CHUNKS
from shorts_pipeline.topics.items import origin
from shorts_pipeline.topics.remember import COLLECTION as TOPICS
from shorts_pipeline.topics.remember import open_vectors

if TYPE_CHECKING:
    from shorts_pipeline.importing.service import Import

_ANSWER = "captions"
_WITHOUT = (ImportedFrom.DESCRIPTION.value, ImportedFrom.TITLE.value)


@dataclass(frozen=True)
class Silent:
    """An imported script that was not heard yet."""

    script_id: UUID
    topic_id: UUID
    short: Published


def listen(work: "Import", most: int, captions: Captions) -> None:
    """Ask for the captions of at most `most` shorts. Raises QuotaSpent where the day has not enough left."""
    open_collection(work.store, work.embedder)
    open_vectors(work.store, work.embedder)
    with work.sessions() as session:
        silent = _silent(session, work.sender.id)
    captions.left = len(silent)
    for each in silent[:most]:
        answer = _ask(work, each)
        captions.left -= 1
        captions.got += answer == "heard"
        captions.none += answer == "none"
        captions.refused += answer == "refused"


def best(tracks: Sequence[CaptionTrack], language: str) -> CaptionTrack | None:
    """The track that says best what is said: in the channel's language, written by a person before heard by YouTube."""
    usable = [track for track in tracks if track.usable and track.language.partition("-")[0] == language]
    return min(usable, key=lambda track: track.automatic, default=None)


def _silent(session: Session, channel_id: UUID) -> list[Silent]:
    """Imported scripts without captions that nobody has asked for, the most seen first."""
    views = cast(Script.generation_config["views"].astext, Integer)
    rows = session.execute(
        select(Script.id, Script.topic_id, Upload, Topic.language)
        .join(Video, Video.script_id == Script.id)
        .join(Upload, Upload.video_id == Video.id)
        .join(Topic, Topic.id == Script.topic_id)
        .where(
            Script.channel_id == channel_id,
            Script.generation_model.in_(_WITHOUT),
            Script.generation_config[_ANSWER].astext.is_(None),
        )
        .order_by(func.coalesce(views, 0).desc(), Upload.published_at, Script.id)
    )
    return [Silent(script_id, topic_id, _short(upload, language)) for script_id, topic_id, upload, language in rows]


def _short(upload: Upload, language: str) -> Published:
    assert upload.published_at is not None
    url = upload.youtube_url or ""
    return Published(str(upload.youtube_video_id), upload.title, url, upload.published_at, language)


def _ask(work: "Import", silent: Silent) -> str:
    """What YouTube has for it, and the script with it: heard, none, or refused."""
    try:
        with work.till.paying(CAPTION_LIST):
            tracks = work.youtube.caption_tracks(silent.short.video_id)
        track = best(tracks, work.room.content.language)
        if track is None:
            return _keep(work, silent, {_ANSWER: "none"})
        with work.till.paying(CAPTION_DOWNLOAD):
            text = work.youtube.caption_text(track.id)
    except Rejected as error:
        return _keep(work, silent, {_ANSWER: "refused", "captions_refused": str(error)})
    kind = "heard by YouTube" if track.automatic else "written"
    details = {_ANSWER: "heard", "track": track.id, "track_kind": kind, "track_language": track.language}
    words = heard(text, silent.short.title, work.room, details)
    if words is None:
        return _keep(work, silent, {_ANSWER: "none"})
    with work.sessions() as session:
        source = session.scalars(select(Source).where(Source.name == SOURCE)).one()
    [told] = tell(work.desk, origin(source, None), [(silent.short, words)], work.embedder, work.clock.now())
    return _rewrite(work, silent, told, details)


def _keep(work: "Import", silent: Silent, answer: dict[str, Any]) -> str:
    with work.sessions.begin() as session:
        _note(session, silent, answer)
    return str(answer[_ANSWER])


def _note(session: Session, silent: Silent, answer: dict[str, Any]) -> None:
    script = session.get_one(Script, silent.script_id)
    script.generation_config = {**script.generation_config, **answer}


def _rewrite(work: "Import", silent: Silent, told: Told, details: dict[str, Any]) -> str:
    """The script with what was said. Vectors go first: one that is missing is made again, a stale one would stay."""
    of_script = ContentChunk.script_id == silent.script_id
    with work.sessions() as session:
        pieces = session.scalars(select(ContentChunk.id).where(of_script)).all()
    work.store.delete(CHUNKS, pieces)
    work.store.delete(TOPICS, [silent.topic_id])
    with work.sessions.begin() as session:
        _note(session, silent, details)
        session.execute(update(Script).where(Script.id == silent.script_id).values(**script_values(told)))
        # A topic that a feed brought keeps what the feed says of it.
        imported = select(Source.id).where(Source.name == SOURCE).scalar_subquery()
        mine = Topic.id == silent.topic_id, Topic.source_id == imported
        session.execute(update(Topic).where(*mine).values(**topic_values(told)))
        session.execute(delete(ContentChunk).where(of_script))
    return "heard"
