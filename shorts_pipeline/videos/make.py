"""The verb of the videos room: make the videos a channel's approved scripts wait for.

Scripts are leased one by one (operations/work.py); a render happens outside any transaction, and its result, the
script's move to `used` and the question to the gate are one. Re-running it at any time is safe.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from pydantic import SecretStr
from redis import Redis
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import JobType, Script, Topic
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.operations.secrets import find_secret
from shorts_pipeline.operations.work import Save, Worked, work_through
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech import Narrator
from shorts_pipeline.review import pending
from shorts_pipeline.selection import Selection
from shorts_pipeline.settings import settings
from shorts_pipeline.videos.candidates import scripts_to_film, scripts_to_film_again
from shorts_pipeline.videos.material import Studio, material_of, studio
from shorts_pipeline.videos.render import Workshop, render
from shorts_pipeline.videos.results import Made, MadeVideo
from shorts_pipeline.videos.save import begin, give_up, note_failure, save
from shorts_pipeline.videos.supply import Supply

STAGE = "videos"
LEASE = timedelta(minutes=10)
NOTHING = Selection()


class Voices(Protocol):
    """Who has narrators (SpeechResource)."""

    def narrator_for(
        self, tts_service: str, *, gender: str = "male", find_secret: Callable[[str], SecretStr | None] | None = None
    ) -> Narrator: ...


@dataclass(frozen=True)
class _Floor:
    """What making one channel's videos takes."""

    sessions: sessionmaker[Session]
    studio: Studio
    workshop: Workshop
    clock: Clock


def make_videos(
    sessions: sessionmaker[Session],
    media: MediaStore,
    speech: Voices,
    *,
    channel: str,
    clock: Clock,
    owner: str,
    preset: str,
    selection: Selection = NOTHING,
    redis: Redis | None = None,
) -> Made:
    """Make the channel's videos; with `only` and `force`, make the named ones again.

    Raises `AllFailed` if every script failed, `NeedsPerson` if there is no such channel.
    """
    with sessions() as session:
        room = studio(session, channel)
    if not room.active:
        return Made(channel, note="the channel is not active")
    if selection.dry_run:
        return Made(channel, planned=_titles(sessions, room, selection))
    narrator = speech.narrator_for(
        room.tts_service, gender=room.voice_gender, find_secret=lambda name: find_secret(name, settings())
    )
    floor = _Floor(sessions, room, Workshop(media, narrator, preset, Supply(clock, settings())), clock)
    details = {"run_id": owner, "partition": channel, "step": STAGE}
    with logged(
        sessions, JobType.GENERATE_VIDEO, clock=clock, channel_id=room.id, metadata=details, redis=redis
    ) as job:
        worked = _work(floor, owner, selection)
        made = Made(channel, tuple(worked.done), tuple(worked.failed))
        job.result = {name: value for name, value in made.as_metadata().items() if name != "videos"}
        pending.refresh(sessions, redis, [room.id])
        worked.raise_if_all_failed()
    return made


def _work(floor: _Floor, owner: str, selection: Selection) -> Worked[MadeVideo]:
    worked: Worked[MadeVideo] = Worked()
    for candidates, limit in _batches(floor, selection):
        done = work_through(
            floor.sessions,
            stage=STAGE,
            candidates=candidates,
            owner=owner,
            clock=floor.clock,
            lease=LEASE,
            limit=limit,
            do=lambda script_id: _make_one(floor, script_id),
            force=selection.force,
        )
        worked.done += done.done
        worked.failed += done.failed
    with floor.sessions.begin() as session:
        give_up(session, floor.studio, stage=STAGE)
    return worked


def _batches(floor: _Floor, selection: Selection) -> Sequence[tuple[Select[UUID], int | None]]:
    """What to lease: all that waits; or, made again, each named script exactly once."""
    wanted = _wanted(floor.studio, selection)
    if not (selection.only and selection.force):
        return [(wanted, selection.limit)]
    with floor.sessions() as session:
        named = list(session.scalars(wanted.limit(selection.limit)))
    return [(scripts_to_film_again(floor.studio.id, [script_id]), 1) for script_id in named]


def _wanted(room: Studio, selection: Selection) -> Select[UUID]:
    if selection.only and selection.force:
        return scripts_to_film_again(room.id, selection.only)
    return scripts_to_film(room.id, selection.only)


def _titles(sessions: sessionmaker[Session], room: Studio, selection: Selection) -> tuple[str, ...]:
    with sessions() as session:
        scripts = list(session.scalars(_wanted(room, selection).limit(selection.limit)))
        found = session.execute(
            select(Script.id, Topic.title_original)
            .join(Topic, Topic.id == Script.topic_id)
            .where(Script.id.in_(scripts))
        ).all()
    titles = {row[0]: row[1] for row in found}
    return tuple(titles[script] for script in scripts)


def _make_one(floor: _Floor, script_id: UUID) -> Save[MadeVideo]:
    """Render one script's video; what it returns saves it."""
    room = floor.studio
    with floor.sessions.begin() as session:
        video_id = begin(session, room, script_id)
        material = material_of(session, script_id, room.content.language)
    try:
        rendered = render(material, room, floor.workshop, folder=f"videos/{room.slug}/{video_id}")
    except Exception as error:
        with floor.sessions.begin() as session:
            note_failure(session, video_id, error)
        raise
    return lambda session: save(session, room, material, video_id, rendered, now=floor.clock.now())
