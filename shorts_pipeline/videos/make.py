"""The verb of the videos room: make the videos a channel's approved scripts wait for.

In three steps, so that several videos can be made at once: plan what is to be made, make each, report. A script is
leased while its video is made (operations/work.py); a render happens outside any transaction, and its result, the
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
from shorts_pipeline.database import JobStatus, JobType, ReviewType, Script, Topic
from shorts_pipeline.operations import attempts, job_log
from shorts_pipeline.operations.attempts import Failure
from shorts_pipeline.operations.secrets import find_secret
from shorts_pipeline.operations.work import AllFailed, Save, Worked, work_through
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech import Narrator
from shorts_pipeline.review import pending
from shorts_pipeline.review.edited import ask_again
from shorts_pipeline.selection import Selection
from shorts_pipeline.settings import settings
from shorts_pipeline.videos.candidates import scripts_to_film, scripts_to_film_again
from shorts_pipeline.videos.material import Studio, material_of, studio
from shorts_pipeline.videos.pictures.supply import Supply
from shorts_pipeline.videos.render import Workshop, render
from shorts_pipeline.videos.results import Made, MadeVideo
from shorts_pipeline.videos.save import begin, give_up, note_failure, save

STAGE = "videos"
LEASE = timedelta(minutes=10)
NOTHING = Selection()
Told = Callable[[str, float], None]
"""Told of a video's title and how much of it is encoded, 0 to 1."""


class Voices(Protocol):
    """Who has narrators (SpeechResource)."""

    def narrator_for(
        self, tts_service: str, *, gender: str = "male", find_secret: Callable[[str], SecretStr | None] | None = None
    ) -> Narrator: ...


@dataclass(frozen=True)
class Todo:
    """A script whose video is to be made; `again`: although there is one, `force`: although it waits or is parked."""

    script_id: UUID
    title: str
    again: bool = False
    force: bool = False


@dataclass(frozen=True)
class Plan:
    """What one run is to make for a channel; `job_id` is its row in the job log, none where nothing will be done."""

    channel: str
    channel_id: UUID
    job_id: UUID | None = None
    todo: tuple[Todo, ...] = ()
    planned: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a script: a video, a failure, or neither where another run has it."""

    made: MadeVideo | None = None
    failed: Failure | None = None


@dataclass(frozen=True)
class Floor:
    """Where videos are made: the tables, files and voices, the clock, and who makes them."""

    sessions: sessionmaker[Session]
    media: MediaStore
    speech: Voices
    clock: Clock
    owner: str
    preset: str
    redis: Redis | None = None


def make_videos(floor: Floor, *, channel: str, selection: Selection = NOTHING) -> Made:
    """Make the channel's videos one after another; with `only` and `force`, make the named ones again.

    Raises `AllFailed` if every script failed, `NeedsPerson` if there is no such channel.
    """
    plan = plan_videos(floor, channel=channel, selection=selection)
    return report(floor, plan, [make_video(floor, channel=channel, todo=todo) for todo in plan.todo])


def plan_videos(floor: Floor, *, channel: str, selection: Selection = NOTHING) -> Plan:
    """What is to be made now, the best topic's first. Raises `NeedsPerson` if there is no such channel."""
    with floor.sessions.begin() as session:
        room = studio(session, channel)
        if not room.active:
            return Plan(channel, room.id, note="the channel is not active")
        if not selection.dry_run:
            ask_again(session, ReviewType.SCRIPT, room.id, now=floor.clock.now())
        again = bool(selection.only) and selection.force
        wanted = scripts_to_film_again(room.id, selection.only) if again else scripts_to_film(room.id, selection.only)
        rows = attempts.free(
            session,
            stage=STAGE,
            candidates=wanted,
            now=floor.clock.now(),
            limit=selection.limit,
            force=selection.force,
        )
        titles = _titles(session, rows)
        # What no longer waits but was never told so: its last worker died.
        give_up(session, room, stage=STAGE)
    if selection.dry_run:
        return Plan(channel, room.id, planned=tuple(titles[row] for row in rows))
    details = {"run_id": floor.owner, "partition": channel, "step": STAGE}
    job = job_log.begin(
        floor.sessions,
        JobType.GENERATE_VIDEO,
        clock=floor.clock,
        channel_id=room.id,
        metadata=details,
        redis=floor.redis,
    )
    todo = tuple(Todo(row, titles[row], again=again, force=selection.force) for row in rows)
    return Plan(channel, room.id, job.id, todo)


def make_video(floor: Floor, *, channel: str, todo: Todo, told: Told = lambda *_: None) -> Outcome:
    """Lease the script, make its video, save it. A failure is recorded and returned, never raised."""
    with floor.sessions() as session:
        room = studio(session, channel)
    narrator = floor.speech.narrator_for(
        room.tts_service, gender=room.voice_gender, find_secret=lambda name: find_secret(name, settings())
    )
    supply = Supply(floor.clock, settings())
    workshop = Workshop(floor.media, narrator, floor.preset, supply, lambda share: told(todo.title, share))
    again, wanted = scripts_to_film_again, scripts_to_film
    candidates: Select[UUID] = (again if todo.again else wanted)(room.id, [todo.script_id])
    worked: Worked[MadeVideo] = work_through(
        floor.sessions,
        stage=STAGE,
        candidates=candidates,
        owner=floor.owner,
        clock=floor.clock,
        lease=LEASE,
        limit=1,
        do=lambda script_id: _rendered(floor, room, workshop, script_id),
        force=todo.force,
    )
    return Outcome(next(iter(worked.done), None), next(iter(worked.failed), None))


def report(floor: Floor, plan: Plan, outcomes: Sequence[Outcome]) -> Made:
    """What the run made; its row in the job log ends. Raises `AllFailed` if every script failed."""
    done = tuple(each.made for each in outcomes if each.made is not None)
    failed = tuple(each.failed for each in outcomes if each.failed is not None)
    made = Made(plan.channel, done, failed, plan.planned, plan.note)
    if plan.job_id is None:
        return made
    with floor.sessions.begin() as session:
        room = studio(session, plan.channel)
        give_up(session, room, stage=STAGE)
    pending.refresh(floor.sessions, floor.redis, [plan.channel_id])
    result = {name: value for name, value in made.as_metadata().items() if name != "videos"}
    job, now = job_log.Job(plan.job_id, result), floor.clock.now()
    try:
        Worked(list(done), list(failed)).raise_if_all_failed()
    except AllFailed as error:
        job_log.end(floor.sessions, job, JobStatus.FAILED, now, floor.redis, f"AllFailed: {error}")
        raise
    job_log.end(floor.sessions, job, JobStatus.COMPLETED, now, floor.redis, None)
    return made


def _titles(session: Session, scripts: Sequence[UUID]) -> dict[UUID, str]:
    rows = select(Script.id, Topic.title_original).join(Topic, Topic.id == Script.topic_id)
    return {row[0]: row[1] for row in session.execute(rows.where(Script.id.in_(scripts)))}


def _rendered(floor: Floor, room: Studio, workshop: Workshop, script_id: UUID) -> Save[MadeVideo]:
    """Render one script's video; what it returns saves it."""
    with floor.sessions.begin() as session:
        video_id = begin(session, room, script_id)
        material = material_of(session, script_id, room.content.language)
    try:
        rendered = render(material, room, workshop, folder=f"videos/{room.slug}/{video_id}")
    except Exception as error:
        with floor.sessions.begin() as session:
            note_failure(session, video_id, error)
        raise
    return lambda session: save(session, room, material, video_id, rendered, now=floor.clock.now())
