"""Snapshots: a Pacific day's figures per upload, from YouTube into `performance_days`, and from there into totals.

A call is a day and 200 videos, a call's answer is one statement (day_rows.py), a run's totals are made once at its end
(projection.py). What a run has written before it fails is kept, and in the totals.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import JobType
from shorts_pipeline.operations.attempts import reason_of
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.performance.channel import idle
from shorts_pipeline.performance.day_rows import Measurable, measurable, save_day
from shorts_pipeline.performance.projection import project_pulled
from shorts_pipeline.performance.reach import DailyReach, ReachFiles
from shorts_pipeline.resources.youtube import DailyMetrics

MOST_VIDEOS_A_CALL = 200
TROUBLE_SHOWN = 3


class DailyFigures(ReachFiles, Protocol):
    """The part of YouTube that snapshots need."""

    def daily_metrics(self, day: date, video_ids: Sequence[str]) -> list[DailyMetrics]: ...


@dataclass
class Snapshots:
    """What one pull of one channel did.

    `asked` counts video days, `reported` those with any figure, `with_impressions` those with reach, which
    come from `reach_files` days' files; `lists_left` counts uploads whose long list of days is left to `performance`.
    """

    channel: str
    days: int = 0
    calls: int = 0
    videos: int = 0
    asked: int = 0
    reported: int = 0
    with_impressions: int = 0
    reach_files: int = 0
    lists_left: int = 0
    reach_trouble: list[str] = field(default_factory=list)
    skipped: str | None = None

    @property
    def missing(self) -> int:
        """Video days that YouTube says nothing about (yet)."""
        return self.asked - self.reported

    def as_metadata(self) -> dict[str, Any]:
        """Plain numbers for the UI and the job log."""
        said = {name: value for name, value in asdict(self).items() if value not in (None, [])}
        return said | {"missing": self.missing}


_SUMMED = (
    *("reported", "missing", "with_impressions", "calls", "days", "videos", "asked"),
    *("reach_files", "lists_left"),
)


@dataclass(frozen=True)
class Pulled:
    """What a run over several channels did: results, and reasons where a channel failed."""

    done: dict[str, Snapshots] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def as_metadata(self) -> dict[str, Any]:
        """Sums over the channels that were pulled, and who was skipped, failed, or has no impressions, and why."""
        results = self.done.values()
        said: dict[str, Any] = {name: sum(getattr(one, name) for one in results) for name in _SUMMED}
        trouble = [f"{one.channel}: {reason}" for one in results for reason in one.reach_trouble]
        skipped = {one.channel: one.skipped for one in results if one.skipped}
        counted = {"channels": len(self.done) - len(skipped), "reported_share": _share(said["reported"], said["asked"])}
        listed = {"failed": sorted(self.failed), "skipped": skipped, "reach_trouble": trouble[:TROUBLE_SHOWN]}
        return said | counted | {name: value for name, value in listed.items() if value or name == "failed"}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def pull_snapshots(
    sessions: sessionmaker[Session],
    youtube: DailyFigures,
    *,
    channel: str,
    days: Sequence[date],
    clock: Clock,
    run_id: str | None = None,
) -> Snapshots:
    """Pull every day of `days` for the channel's uploads: one call a day and 200 videos. `channel` is its slug."""
    with sessions() as session:
        found = channel_by_slug(session, channel)
        if reason := idle(found):
            return Snapshots(channel, skipped=reason)
        uploads = measurable(session, found.id)
    result = Snapshots(channel, days=len(set(days)), videos=len(uploads))
    metadata = {"run_id": run_id, "days": [day.isoformat() for day in days]}
    with logged(sessions, JobType.SYNC_ANALYTICS, clock=clock, channel_id=found.id, metadata=metadata) as job:
        written = Written()
        try:
            _pull_days(sessions, youtube, result, written, _batches(uploads, days), clock, run_id)
        finally:
            result.lists_left = project_pulled(
                sessions,
                channel_id=found.id,
                spoken=written.spoken,
                silent=written.silent,
                days=days,
                at=clock.now(),
            )
        job.result = result.as_metadata()
    return result


def pull_channels(
    sessions: sessionmaker[Session],
    connect: Callable[[str], DailyFigures],
    wanted: Mapping[str, Sequence[date]],
    *,
    clock: Clock,
    run_id: str | None = None,
) -> Pulled:
    """Pull several channels in turn: a failing one does not stop the others, an idle one is not connected."""
    pulled = Pulled()
    for slug, days in wanted.items():
        try:
            with sessions() as session:
                reason = idle(channel_by_slug(session, slug))
            pulled.done[slug] = (
                Snapshots(slug, skipped=reason)
                if reason
                else pull_snapshots(sessions, connect(slug), channel=slug, days=days, clock=clock, run_id=run_id)
            )
        except Exception as error:
            pulled.failed[slug] = reason_of(error)
    return pulled


@dataclass
class Written:
    """The uploads that got rows, and whether any of these had a figure."""

    uploads: dict[UUID, bool] = field(default_factory=dict)

    def add(self, batch: Sequence[Measurable], said: Sequence[UUID]) -> None:
        """One statement's."""
        for upload in batch:
            self.uploads.setdefault(upload.upload_id, False)
        self.uploads.update(dict.fromkeys(said, True))

    @property
    def spoken(self) -> list[UUID]:
        return [upload_id for upload_id, said in self.uploads.items() if said]

    @property
    def silent(self) -> list[UUID]:
        return [upload_id for upload_id, said in self.uploads.items() if not said]


def _batches(uploads: Sequence[Measurable], days: Sequence[date]) -> list[tuple[date, Sequence[Measurable]]]:
    """A day and 200 uploads that were there on it, oldest day first."""
    batches: list[tuple[date, Sequence[Measurable]]] = []
    for day in sorted(set(days)):
        there = [upload for upload in uploads if upload.since <= day]
        starts = range(0, len(there), MOST_VIDEOS_A_CALL)
        batches += [(day, there[begin : begin + MOST_VIDEOS_A_CALL]) for begin in starts]
    return batches


def _pull_days(
    sessions: sessionmaker[Session],
    youtube: DailyFigures,
    result: Snapshots,
    written: Written,
    batches: Sequence[tuple[date, Sequence[Measurable]]],
    clock: Clock,
    run_id: str | None,
) -> None:
    """A call and a statement a batch; `result` and `written` say what is done, also when one fails."""
    if not batches:
        return
    # Before the first call: what is asked later than this must not lose against it.
    reached = DailyReach.of(youtube, [day for day, _ in batches])
    result.reach_trouble = reached.trouble
    for day, batch in batches:
        pulled_at = clock.now()
        reach = reached.on(day)
        figures = youtube.daily_metrics(day, [upload.video_id for upload in batch])
        with sessions.begin() as session:
            said = save_day(session, day, batch, figures, pulled_at=pulled_at, run_id=run_id, reach=reach)
        written.add(batch, said)
        result.calls, result.asked = result.calls + 1, result.asked + len(batch)
        result.reported, result.reach_files = result.reported + len(said), reached.read
        result.with_impressions += sum(upload.video_id in reach for upload in batch)
