"""Training set: scripts that did well, as chat-format JSONL in numbered versions, split to train and to validate.

The same script is never written twice; near repeats are, for they are other examples of the voice, but all on one side.
A row's flag is set in the transaction in which its file is written, and what the manifest lists last but no committed
row stands for (a run that was killed in between) is written again under its number. The same rows give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Channel, ChannelStatus, JobType, Performance, Upload, Video
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.performance.training.examples import Example, examples_of, new_examples
from shorts_pipeline.performance.training.files import (
    FileStore,
    Version,
    manifest_path,
    read_manifest,
    write_manifest,
    write_version,
)
from shorts_pipeline.performance.training.near_repeats import ALIKE_TITLES, LEAST_SHARED, NEARLY_ALL, near_pairs
from shorts_pipeline.performance.training.split import Member, Split, assign

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('training_set:' || :channel_id, 0))")


@dataclass(frozen=True)
class TrainingSet:
    """What a run added; `train` and `validation` count all there is. `files` are whole paths, none if nothing was new.

    `repeats` say what is in a file already; `left_out` are near repeats of both sides.
    """

    channel: str
    added: int = 0
    repeats: int = 0
    left_out: int = 0
    train: int = 0
    validation: int = 0
    files: tuple[str, ...] = ()
    folder: str | None = None
    skipped: str | None = None

    def as_metadata(self) -> dict[str, Any]:
        """Plain numbers for the UI and the job log, and where the files are."""
        if self.skipped is not None:
            return {"skipped": self.skipped}
        numbers: dict[str, Any] = {
            "added": self.added,
            "repeats": self.repeats,
            "left_out": self.left_out,
            "train_examples": self.train,
            "validation_examples": self.validation,
        }
        where = {"folder": self.folder, "files": list(self.files)} if self.train + self.validation else {}
        return numbers | where


def extend_training_set(
    sessions: sessionmaker[Session],
    store: FileStore,
    *,
    channel: str,
    clock: Clock,
    run_id: str | None = None,
    anew: bool = False,
) -> TrainingSet:
    """Write what newly did well into the channel's next version. `channel` is its slug.

    `anew` writes all that meets the rule now as the first version, whatever was written before: for files that were
    lost, or a rule that changed. The split is made anew, too.
    """
    with sessions() as session:
        found = channel_by_slug(session, channel)
    if found.status is not ChannelStatus.ACTIVE:
        return TrainingSet(channel, skipped=f"the channel is {found.status}")
    if not found.operation_config.training.enabled:
        return TrainingSet(channel, skipped="training is switched off in the channel's file")
    with logged(sessions, JobType.SYNC_ANALYTICS, clock=clock, channel_id=found.id, metadata={"run_id": run_id}) as job:
        with sessions.begin() as session:
            session.execute(_LOCK, {"channel_id": str(found.id)})
            result = _extend(session, store, found, now=clock.now(), anew=anew)
        job.result = result.as_metadata()
    return result


def _extend(session: Session, store: FileStore, channel: Channel, *, now: datetime, anew: bool) -> TrainingSet:
    versions = [] if anew else _settled(session, read_manifest(store, channel.slug).versions)
    chosen = _choose(session, channel, versions, anew=anew)
    if chosen.written:
        version = write_version(
            store,
            channel.slug,
            len(versions) + 1,
            {side: [one for one in chosen.written if chosen.sides[one.performance_id] is side] for side in Split},
            left_out=chosen.left_out,
            criteria=_criteria(channel),
            now=now,
        )
        versions = [*versions, version]
    if chosen.written or anew:
        write_manifest(store, channel.slug, versions)
    _flag(session, channel.id, chosen, anew=anew)
    written = versions[-1].splits if chosen.written else {}
    folder = manifest_path(store, channel.slug).parent
    return TrainingSet(
        channel=channel.slug,
        added=len(chosen.written),
        repeats=len(chosen.repeats),
        left_out=chosen.left_out,
        train=_count(versions, Split.TRAIN),
        validation=_count(versions, Split.VALIDATION),
        files=tuple(str(folder / part.file) for part in written.values()),
        folder=str(folder),
    )


@dataclass(frozen=True)
class _Chosen:
    """What is written and on which side, and what says only what is in a file already."""

    written: list[Example]
    repeats: list[Example]
    sides: dict[UUID, Split]
    left_out: int


def _choose(session: Session, channel: Channel, versions: Sequence[Version], *, anew: bool) -> _Chosen:
    placed = {row: side for version in versions for row, side in version.sides().items()}
    known = examples_of(session, channel, placed)
    said = {one.said for one in known.values()}
    new: list[Example] = []
    again: list[Example] = []
    for one in new_examples(session, channel, anew=anew):
        (again if one.said in said else new).append(one)
        said.add(one.said)
    both = [*known.values(), *new]
    near = near_pairs([one.told for one in both], since=len(known))
    members = [Member(one.topic_hash, one.series_id, placed.get(one.performance_id)) for one in both]
    assigned = assign(members, near, share=channel.operation_config.training.validation_share)
    sides = {one.performance_id: side for one, side in zip(both, assigned, strict=True) if side is not None}
    written = [one for one in new if one.performance_id in sides]
    in_files = {one.said for one in (*known.values(), *written)}
    repeats = [one for one in again if one.said in in_files]
    return _Chosen(written, repeats, sides, len(new) + len(again) - len(written) - len(repeats))


def _settled(session: Session, versions: Sequence[Version]) -> list[Version]:
    """The versions that were committed: all but a last one of whose rows not one is flagged."""
    if not versions:
        return []
    rows = list(versions[-1].sides())
    flagged = select(Performance.id).where(Performance.id.in_(rows), Performance.added_to_training)
    committed = not rows or session.scalars(flagged.limit(1)).first() is not None
    return list(versions if committed else versions[:-1])


def _flag(session: Session, channel_id: UUID, chosen: _Chosen, *, anew: bool) -> None:
    """Flag what is in a file; a repeat, too: what it says is in one."""
    wanted = Performance.id.in_([one.performance_id for one in (*chosen.written, *chosen.repeats)])
    mine = select(Upload.id).join(Video, Video.id == Upload.video_id).where(Video.channel_id == channel_id)
    session.execute(
        update(Performance)
        .where(Performance.upload_id.in_(mine) if anew else wanted)
        .values(added_to_training=wanted)
        .execution_options(synchronize_session=False)
    )


def _criteria(channel: Channel) -> dict[str, Any]:
    """What a row had to meet, and what counts as a near repeat."""
    operation = channel.operation_config
    return {
        **operation.training.model_dump(mode="json"),
        "high_performer": operation.high_performer.model_dump(mode="json"),
        "near_repeat": {
            "title_similarity": ALIKE_TITLES,
            "script_shared": LEAST_SHARED,
            "whole_script_shared": NEARLY_ALL,
        },
    }


def _count(versions: Sequence[Version], side: Split) -> int:
    return sum(version.splits[side].examples for version in versions if side in version.splits)
