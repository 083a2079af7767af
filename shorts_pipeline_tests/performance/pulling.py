"""A process that pulls: reads `slug day` lines, pulls each, and writes the line back when it is done.

`python -m … DATABASE_URL`. What YouTube says is worked out from video and day, so that every process hears the same:
some days and some figures are not reported, and a day's file lacks some videos.
"""

import random
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime

from shorts_pipeline.clock import SystemClock
from shorts_pipeline.database.session import make_engine, make_sessions
from shorts_pipeline.performance.snapshots import pull_snapshots
from shorts_pipeline.resources.youtube import DailyMetrics, Reach, ReachFile

NUMBERS = ("views", "likes", "dislikes", "comments", "shares", "watch_time_seconds", "subscribers_gained")


class Hearsay:
    """A YouTube that says of a video and a day always the same."""

    def daily_metrics(self, day: date, video_ids: Sequence[str]) -> list[DailyMetrics]:
        found = []
        for video_id in video_ids:
            chance = random.Random(f"{video_id} {day}")
            said = {name: chance.randrange(5_000) for name in NUMBERS if chance.random() < 0.9}
            if chance.random() < 0.9:
                found.append(DailyMetrics(video_id, avg_view_duration=chance.randrange(400) / 8, **said))
        random.Random(str(day)).shuffle(found)
        return found

    def reach_files(self, first: date, last: date) -> list[ReachFile]:
        made = datetime(2026, 3, 1, tzinfo=UTC)
        days = (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
        return [ReachFile(day, made, "") for day in days if day.toordinal() % 5]

    def read_reach(self, file: ReachFile) -> list[Reach]:
        return [Reach(f"hearsay-{n:06d}", file.day, n + file.day.day, (n % 8) / 16) for n in range(0, 20_000, 3)]


def main() -> None:
    sessions, clock = make_sessions(make_engine(sys.argv[1])), SystemClock()
    for line in sys.stdin:
        slug, day = line.split()
        pull_snapshots(sessions, Hearsay(), channel=slug, days=[date.fromisoformat(day)], clock=clock)
        sys.stdout.write(line)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
