"""The verbs of the scripts room: write what a channel needs, cut what was approved into chunks.

Both lease their rows one by one (operations/work.py), do the slow part outside any transaction and save each
result in one. Re-running them at any time is safe: they find what still needs work.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from redis import Redis
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import JobType, ReviewType, Topic
from shorts_pipeline.errors import Parked, PipelineError
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.operations.model_calls import OverBudget, channel_model
from shorts_pipeline.operations.work import Save, Worked, work_through
from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.resources.models.language_model import BadModel, Unreachable, open_language_model
from shorts_pipeline.resources.vectors import VectorStore
from shorts_pipeline.review import pending
from shorts_pipeline.review.edited import ask_again
from shorts_pipeline.scripts.again import STAGE
from shorts_pipeline.scripts.brief import Brief, Retrieved, Story
from shorts_pipeline.scripts.candidates import still_needed, topics_asked_for, topics_to_write
from shorts_pipeline.scripts.judge import judge
from shorts_pipeline.scripts.material import Newsroom, newsroom, story_of
from shorts_pipeline.scripts.repetition import related, similarity
from shorts_pipeline.scripts.results import WrittenScript, WrittenScripts
from shorts_pipeline.scripts.retrieve import COLLECTION, retrieve
from shorts_pipeline.scripts.save import Version, save_script
from shorts_pipeline.scripts.write import Writer, writer_for
from shorts_pipeline.selection import Selection

LEASE = timedelta(minutes=10)
# First try and two rewrites.
MOST_TRIES = 3
# A script is long to write, for a model of one's own above all.
SECONDS_A_SCRIPT = 180.0
# How long a topic rests when nobody answers for the model; it does not count as a try of the topic's.
UNTIL_ASKED_AGAIN = timedelta(minutes=15)
NOTHING = Selection()


@dataclass(frozen=True)
class Desk:
    """What writing one channel's scripts takes; `waiting` are the topics that the budget left for another day."""

    sessions: sessionmaker[Session]
    store: VectorStore
    embedder: Embedder
    room: Newsroom
    writer: Writer
    clock: Clock
    waiting: dict[UUID, str] = field(default_factory=dict)


def write_scripts(
    sessions: sessionmaker[Session],
    store: VectorStore,
    embedder: Embedder,
    *,
    channel: str,
    clock: Clock,
    owner: str,
    selection: Selection = NOTHING,
    redis: Redis | None = None,
    writer: Writer | None = None,
) -> WrittenScripts:
    """Write the scripts the channel needs, best topics first, and put each before its gate.

    Raises `AllFailed` if every topic failed, `NeedsPerson` if there is no such channel.
    """
    with sessions() as session:
        room = newsroom(session, channel)
    if not room.active:
        return WrittenScripts(channel, 0, note="the channel is not active")
    desk = Desk(sessions, store, embedder, room, writer or _writer(sessions, room, clock), clock)
    needed, candidates = _plan(desk, selection)
    if selection.dry_run:
        with sessions() as session:
            titles = session.scalars(select(Topic.title_original).where(Topic.id.in_(candidates.limit(needed))))
            return WrittenScripts(channel, needed, planned=tuple(titles))
    with sessions.begin() as session:
        ask_again(session, ReviewType.TOPIC, room.id, now=clock.now())
    return _run(desk, candidates, needed, owner, selection, redis)


def _writer(sessions: sessionmaker[Session], room: Newsroom, clock: Clock) -> Writer:
    opened = partial(open_language_model, temperature=room.content.temperature, seconds=SECONDS_A_SCRIPT)
    return writer_for(
        room.content, partial(channel_model, sessions, room.id, stage=STAGE, clock=clock, open_model=opened)
    )


def _run(
    desk: Desk, candidates: Select[UUID], needed: int, owner: str, selection: Selection, redis: Redis | None
) -> WrittenScripts:
    desk.store.ensure(COLLECTION, model=desk.embedder.model, dimension=desk.embedder.dimension)
    room, clock = desk.room, desk.clock
    details = {"run_id": owner, "partition": room.slug, "step": STAGE}
    with logged(
        desk.sessions, JobType.GENERATE_SCRIPT, clock=clock, channel_id=room.id, metadata=details, redis=redis
    ) as job:
        desk.writer.prepare()
        worked = work_through(
            desk.sessions,
            stage=STAGE,
            candidates=candidates,
            owner=owner,
            clock=clock,
            lease=LEASE,
            limit=needed,
            do=lambda topic_id: write_one(desk, topic_id),
            force=selection.force,
        )
        written = _written(desk, needed, worked)
        job.result = {name: value for name, value in written.as_metadata().items() if name != "scripts"}
        pending.refresh(desk.sessions, redis, [room.id])
        if not desk.waiting:
            worked.raise_if_all_failed()
    return written


def _written(desk: Desk, needed: int, worked: Worked[WrittenScript]) -> WrittenScripts:
    """What the run did. Topics that the budget left for another day have not failed: they wait."""
    failed = tuple(each for each in worked.failed if each.target_id not in desk.waiting)
    return WrittenScripts(
        desk.room.slug,
        needed,
        tuple(worked.done),
        failed,
        waiting_for_budget=len(desk.waiting),
        note=next(iter(desk.waiting.values()), ""),
        writer=desk.writer.model,
        embedder=desk.embedder.model,
        spent=desk.writer.spent,
    )


def write_one(desk: Desk, topic_id: UUID) -> Save[WrittenScript]:
    """Write one topic's script; what it returns saves it."""
    with desk.sessions() as session:
        story = story_of(session, topic_id)
    found = retrieve(
        desk.sessions,
        desk.store,
        desk.embedder,
        channel_id=desk.room.id,
        story=story,
        settings=desk.room.content.retrieval,
    )
    try:
        versions = write_versions(desk, story, found)
    except OverBudget as error:
        desk.waiting[topic_id] = str(error)
        raise
    except (Unreachable, BadModel) as error:
        # Not the topic's fault: counted as its tries, an hour without the provider would park every topic for good.
        raise Parked(f"{error}; the topic waits", until=desk.clock.now() + UNTIL_ASKED_AGAIN) from error
    return lambda session: save_script(session, desk.room, story, versions, found, now=desk.clock.now())


def write_versions(desk: Desk, story: Story, found: Sequence[Retrieved]) -> list[Version]:
    """Write and judge, again with the faults while they are too many; the best of them last.

    What stops a rewrite (the model's answer, the budget) leaves what is written already to be decided on.
    """
    versions: list[Version] = []
    room, store, embedder = desk.room, desk.store, desk.embedder
    first = Brief(story, room.voice, room.content, tuple(found), related(embedder))
    for attempt in range(1, min(MOST_TRIES, room.content.tries) + 1):
        brief = replace(first, attempt=attempt, **_shortcomings(versions))
        try:
            draft = desk.writer.write(brief)
        except PipelineError:
            if versions:
                break
            raise
        if any(draft.text == version.draft.text for version in versions):
            break  # the same again: it has no better
        near = similarity(desk.sessions, store, embedder, draft, room.id, found, room.content.language)
        versions.append(Version(draft, judge(draft, brief, similarity=near)))
        if versions[-1].report.passed:
            break
    best = max(versions, key=lambda version: (version.report.passed, -len(version.report.faults), version.report.hook))
    return [version for version in versions if version is not best] + [best]


def _shortcomings(versions: Sequence[Version]) -> dict[str, Any]:
    """What a brief says of the attempt before."""
    if not versions:
        return {}
    draft, report = versions[-1].draft, versions[-1].report
    return {"faults": report.faults, "reasons": report.issues, "previous": draft.text}


def _plan(desk: Desk, selection: Selection) -> tuple[int, Select[UUID]]:
    """How many scripts to write, and of which topics, best first."""
    limit = selection.limit
    with desk.sessions() as session:
        if selection.only:
            started = session.scalars(select(func.clock_timestamp())).one()
            asked = topics_asked_for(desk.room.id, selection.only, since=started)
            return min(len(selection.only), limit or len(selection.only)), asked
        needed = still_needed(session, desk.room.id, desk.room.operation.uploads.target_a_day, desk.clock.now())
    language = None if desk.writer.translates else desk.room.content.language
    wanted = topics_to_write(desk.room.id, desk.clock.now(), language)
    return needed if limit is None else min(needed, limit), wanted
