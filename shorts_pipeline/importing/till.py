"""Till: what an import spends, call by call: reserved in the ledger before, counted for the person after."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.uploads import quota

LIST, CAPTION_LIST, CAPTION_DOWNLOAD = 1, 50, 200
"""Units of a call (YouTube Data API, quota costs)."""


@dataclass
class Till:
    """The units of one import."""

    sessions: sessionmaker[Session]
    project: str
    clock: Clock
    units: int = 0

    @contextmanager
    def paying(self, cost: int = LIST) -> Iterator[None]:
        """Reserve, call, count. Raises QuotaSpent, without a call, where the day has not enough left."""
        with quota.spending(self.sessions, project=self.project, bucket=quota.UNITS, cost=cost, clock=self.clock):
            self.units += cost
            yield
