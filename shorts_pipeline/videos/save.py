"""Save: a video's row as it begins, ends well or fails. Nothing here commits."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    MediaCredit,
    ReviewType,
    Script,
    ScriptStatus,
    StageAttempt,
    Video,
    VideoStatus,
)
from shorts_pipeline.operations.attempts import FOREVER, reason_of
from shorts_pipeline.review.gates import Outcome, ReviewRequest, submit
from shorts_pipeline.review.risk import Findings, OwnWords, assess
from shorts_pipeline.review.states import AlreadyMoved, move
from shorts_pipeline.videos.candidates import REMADE, UNFINISHED
from shorts_pipeline.videos.layout import HEIGHT, WIDTH
from shorts_pipeline.videos.material import Material, Studio
from shorts_pipeline.videos.pictures.illustrate import Credit
from shorts_pipeline.videos.rendered import Rendered
from shorts_pipeline.videos.results import MadeVideo

_NAMES_ITS_AUTHOR = re.compile(r"\bBY\b|attribution|저작자\s?표시")


def begin(session: Session, studio: Studio, script_id: UUID) -> UUID:
    """The script's video: the one that was begun, failed or is to be made again, else a new row `generating`."""
    found = session.execute(
        select(Video.id, Video.status)
        .where(Video.script_id == script_id, Video.status.in_((*UNFINISHED, *REMADE)))
        .order_by(Video.created_at.desc())
        .limit(1)
    ).first()
    if found is None:
        video = Video(id=uuid4(), channel_id=studio.id, script_id=script_id, status=VideoStatus.GENERATING)
        session.add(video)
        session.flush()
        return video.id
    if found.status is VideoStatus.FAILED:
        values = {"error_message": None}
        move(session, Video, found.id, source=VideoStatus.FAILED, to=VideoStatus.GENERATING, values=values)
    return UUID(str(found.id))


def save(
    session: Session, studio: Studio, material: Material, video_id: UUID, made: Rendered, *, now: datetime
) -> MadeVideo:
    """The finished video, its credits, its script `used`, and the question to the gate.

    Raises `AlreadyMoved` if the video has gone on meanwhile.
    """
    status = session.scalar(select(Video.status).where(Video.id == video_id).with_for_update())
    if status is VideoStatus.GENERATING:
        values = _columns(made)
        move(session, Video, video_id, source=VideoStatus.GENERATING, to=VideoStatus.GENERATED, values=values)
    elif status in REMADE:
        session.execute(update(Video).where(Video.id == video_id).values(**_columns(made)))
    else:
        raise AlreadyMoved(f"video {video_id} is {status} meanwhile; its files were made for nothing")
    _credit(session, video_id, made)
    session.execute(
        update(Script)
        .where(Script.id == material.script_id, Script.status == ScriptStatus.APPROVED)
        .values(status=ScriptStatus.USED)
    )
    if made.reused and status is not VideoStatus.GENERATING:  # decided or being decided on, and unchanged
        waiting = status is VideoStatus.IN_REVIEW
    else:
        request = _request(studio, material, video_id, made, now)
        waiting = submit(session, [request], now=now)[video_id] is Outcome.WAITING
    return MadeVideo(
        video_id=video_id,
        script_id=material.script_id,
        title=material.title,
        path=made.video,
        seconds=made.verified.duration,
        size_bytes=made.verified.size_bytes,
        lufs=made.verified.lufs,
        engine=made.engine,
        wall_seconds=made.wall_seconds,
        cpu_seconds=made.cpu_seconds,
        waiting=waiting,
        reused=made.reused,
        preview=made.preview,
    )


def note_failure(session: Session, video_id: UUID, error: BaseException) -> None:
    """Why the last attempt failed; the video stays `generating`, since there will be another."""
    session.execute(update(Video).where(Video.id == video_id).values(error_message=reason_of(error)))


def give_up(session: Session, studio: Studio, *, stage: str) -> int:
    """Videos whose last attempt has failed, or whose workers kept dying, become `failed`; how many."""
    parked = (
        update(Video)
        .where(
            Video.channel_id == studio.id,
            Video.status == VideoStatus.GENERATING,
            StageAttempt.stage == stage,
            StageAttempt.target_id == Video.script_id,
            StageAttempt.parked_until == FOREVER,
        )
        .values(status=VideoStatus.FAILED, error_message=StageAttempt.reason)
        .returning(Video.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(parked).all())


def _columns(made: Rendered) -> dict[str, object]:
    return {
        "video_path": made.video,
        "thumbnail_path": made.thumbnail,
        "audio_path": made.audio,
        "subtitle_path": made.subtitles,
        "duration_seconds": round(made.verified.duration, 3),
        "resolution": f"{WIDTH}x{HEIGHT}",
        "file_size_bytes": made.verified.size_bytes,
        "tts_service": made.engine,
        "visual_sources": list(made.sources),
        "render_fingerprint": made.fingerprint,
        "error_message": None,
    }


def _credit(session: Session, video_id: UUID, made: Rendered) -> None:
    session.execute(delete(MediaCredit).where(MediaCredit.video_id == video_id))
    session.add_all(
        MediaCredit(
            video_id=video_id,
            source=credit.source,
            author=credit.author and credit.author[:200],
            licence=credit.licence[:100],
            address=credit.address,
            identity=credit.identity,
        )
        for credit in made.credits
    )


def licence_gaps(credits: Sequence[Credit]) -> list[str]:
    """Borrowed works whose licence is not known, or asks for a name that is not there."""
    gaps = []
    for credit in credits:
        work = credit.address or credit.identity or credit.source
        if not credit.licence.strip():
            gaps.append(f"no licence is known of {work}")
        elif _NAMES_ITS_AUTHOR.search(credit.licence) and not credit.author:
            gaps.append(f"{credit.licence} asks for an author, and none is known of {work}")
    return gaps


def _request(studio: Studio, material: Material, video_id: UUID, made: Rendered, now: datetime) -> ReviewRequest:
    """The question to the gate. What the script says was judged at its own gate; here its making is."""
    gate = studio.operation.review.video
    issues = list(material.issues)
    if made.dropped:
        issues.append(f"{made.dropped} sentences were left out to fit the length")
    if made.engine != studio.engine:
        issues.append(f"spoken by {made.engine}, since {studio.engine} could not be had")
    issues += licence_gaps(made.credits)
    findings = Findings(
        text=material.text,
        language=studio.content.language,
        quality_issues=tuple(issues),
        similarity=0.0,
        unverified=(),
        own=OwnWords.of(studio.operation.review),
    )
    return ReviewRequest(
        channel_id=studio.id,
        review_type=ReviewType.VIDEO,
        target_id=video_id,
        gate=gate,
        risk=assess(findings),
        priority=material.priority,
        expires_at=now + timedelta(hours=gate.expires_after_hours),
        analysis={
            "duration_seconds": round(made.verified.duration, 2),
            "loudness_lufs": made.verified.lufs,
            "voice": made.engine,
            "pictures": list(made.sources),
        },
    )
