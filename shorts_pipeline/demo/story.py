"""The story: every room in the order a short takes, for every channel, on one clock.

The parts are the true ones: the assets, the reviews, the files. Only the clock is moved, once, after publishing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock, FileClock
from shorts_pipeline.database import Channel, Script
from shorts_pipeline.demo.materialize import Materializer
from shorts_pipeline.demo.state import STORY
from shorts_pipeline.partitions import PACIFIC
from shorts_pipeline.review.decisions import approve
from shorts_pipeline.review.pending import refresh
from shorts_pipeline.review.queue import waiting

REVIEWER = "demo"
FIRST_ROUND = 2
LEARNED = ("performance_audience", "performance", "publishing_times", "series", "training_set")

Told = Callable[[str, str, dict[str, Any]], None]
Starting = Callable[[str, str], None]


@dataclass(frozen=True)
class Story:
    """What the demo plays with."""

    sessions: sessionmaker[Session]
    redis: Redis
    clock: FileClock
    runs: Materializer
    channels: Sequence[str]
    starting: Starting
    told: Told
    shorts: int | None = None
    """At most so many a channel; None: as many as the channels need."""

    def publish(self) -> None:
        """From the feeds to YouTube. Two rounds: the second round's scripts look back on the first's."""
        self._materialize("source_items")
        for channel in self.channels:
            self._materialize("topics", channel)
            self._review(channel)
        for most in (FIRST_ROUND, None):
            for channel in self.channels:
                self._write(channel, most)
                self._review(channel)
                self._materialize("content_chunks", channel)
        for channel in self.channels:
            self._materialize("videos", channel)
            self._review(channel)
            self._materialize("uploads", channel)
            if self._review(channel):
                self._materialize("uploads", channel)

    def move_on(self) -> None:
        """Five weeks pass: what was scheduled is published, and people watch it."""
        self.clock.set(self.clock.now() + STORY)

    def look_back(self, began: date) -> None:
        """Follow the uploads to their end, pull the days that have passed, and learn from them."""
        days = [began + timedelta(days=number) for number in range(STORY.days)]
        for channel in self.channels:
            self._materialize("uploads", channel)
            self._materialize_days(channel, days[0], days[-1])
            for asset in LEARNED:
                self._materialize(asset, channel)

    def _write(self, channel: str, most: int | None) -> None:
        if self.shorts is not None:
            left = self.shorts - self._written(channel)
            most = min(most or left, left)
        if most is None or most > 0:
            self._materialize("scripts", channel, {"limit": most} if most else None)

    def _written(self, channel: str) -> int:
        """How many stories of the channel have a script."""
        counted = select(func.count(Script.topic_id.distinct())).join(Channel, Channel.id == Script.channel_id)
        with self.sessions() as session:
            return session.scalars(counted.where(Channel.slug == channel)).one()

    def _materialize(self, asset: str, channel: str | None = None, config: dict[str, Any] | None = None) -> None:
        self.starting(asset, channel or "")
        self.told(asset, channel or "", self.runs.materialize(asset, partition=channel, config=config))

    def _materialize_days(self, channel: str, first: date, last: date) -> None:
        asset = "performance_snapshots"
        self.starting(asset, channel)
        found = self.runs.materialize_range(asset, f"{channel}|{first}", f"{channel}|{last}")
        self.told(asset, channel, found)

    def _review(self, channel: str) -> int:
        """A person's part: approve what waits; a channel that decides by rule has nothing waiting."""
        with self.sessions() as session:
            reviews = [review for review in waiting(session) if review.channel == channel]
        for review in reviews:
            with self.sessions.begin() as session:
                approve(session, review.id, by=REVIEWER, now=self.clock.now(), notes="looked at in the demo")
        if reviews:
            refresh(self.sessions, self.redis)
            self.told("review", channel, {"approved": len(reviews)})
        return len(reviews)


def pacific_day(clock: Clock) -> date:
    """The Pacific day of this moment: YouTube counts in those."""
    return clock.now().astimezone(ZoneInfo(PACIFIC)).date()
