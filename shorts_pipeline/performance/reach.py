"""Reach: impressions and click-through rate by day, from the Reporting API's daily files.

One file a channel and day, made some two days later and now and then made again; the newest counts. A day without a
file has no reach yet: it is filled when the day is pulled again. Whatever goes wrong here is told and costs no other
figure: Analytics knows nothing of these files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from shorts_pipeline.errors import PipelineError
from shorts_pipeline.operations.attempts import reason_of
from shorts_pipeline.resources.youtube import Reach, ReachFile


class ReachFiles(Protocol):
    """The part of YouTube that has the files."""

    def reach_files(self, first: date, last: date) -> list[ReachFile]: ...

    def read_reach(self, file: ReachFile) -> list[Reach]: ...


@dataclass
class DailyReach:
    """The files of a run's days, listed at once; each is read when its day comes. `trouble`: what went wrong, once."""

    youtube: ReachFiles
    files: dict[date, ReachFile] = field(default_factory=dict)
    read: int = 0
    latest: tuple[date, dict[str, Reach]] | None = None
    trouble: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, youtube: ReachFiles, days: Sequence[date]) -> "DailyReach":
        """What there is for these days."""
        found = cls(youtube)
        try:
            found.files = {file.day: file for file in youtube.reach_files(min(days), max(days))}
        except PipelineError as error:
            found._tell(error)
        return found

    def on(self, day: date) -> dict[str, Reach]:
        """The day's reach by video id; empty while there is no file, or where it could not be read."""
        if self.latest is None or self.latest[0] != day:
            self.latest = (day, self._read(day))
        return self.latest[1]

    def _read(self, day: date) -> dict[str, Reach]:
        if day not in self.files:
            return {}
        try:
            rows = self.youtube.read_reach(self.files[day])
        except PipelineError as error:
            self._tell(error)
            return {}
        self.read += 1
        return {row.video_id: row for row in rows}

    def _tell(self, error: PipelineError) -> None:
        if (reason := reason_of(error)) not in self.trouble:
            self.trouble.append(reason)
