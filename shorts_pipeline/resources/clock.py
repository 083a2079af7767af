"""The clock as a resource: the machine's, or one that a demo has moved."""

from datetime import datetime
from pathlib import Path

import dagster as dg

from shorts_pipeline.clock import Clock, FileClock
from shorts_pipeline.settings import Settings
from shorts_pipeline.settings import settings as read_settings


class ClockResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """What time it is for every asset and sensor."""

    file: str

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "ClockResource":
        return cls(file=str((settings or read_settings()).clock_file))

    @property
    def clock(self) -> Clock:
        return FileClock(Path(self.file))

    def now(self) -> datetime:
        """The time, in UTC and aware of it."""
        return self.clock.now()
