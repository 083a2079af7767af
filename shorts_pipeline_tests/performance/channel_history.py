"""A channel with published shorts, and a YouTube whose figures a test sets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import Channel, Performance, PerformanceDay, Upload
from shorts_pipeline.performance.days import PACIFIC, pacific_day
from shorts_pipeline.performance.reported import FIGURES_LATE
from shorts_pipeline.resources.youtube import DailyMetrics, Reach, ReachFile
from shorts_pipeline_tests.rows import a_channel, a_published_upload, a_source

NOON = datetime(2026, 2, 1, 20, tzinfo=UTC)
FIRST = date(2026, 2, 1)
FULLY_REPORTED = FIGURES_LATE


@dataclass
class FakeYouTube:
    """Answers from a table of (day, video id); what is not in it was not reported. Counts its calls."""

    figures: dict[tuple[date, str], DailyMetrics] = field(default_factory=dict)
    calls: list[tuple[date, int]] = field(default_factory=list)
    fails_on: frozenset[date] = frozenset()
    error: Exception = field(default_factory=lambda: RuntimeError("unset"))
    reach: dict[date, list[Reach]] = field(default_factory=dict)

    def say(self, day: date, upload: Upload, **figures: Any) -> None:
        """From now on, report this."""
        video = str(upload.youtube_video_id)
        self.figures[day, video] = DailyMetrics(video, **figures)

    def daily_metrics(self, day: date, video_ids: Sequence[str]) -> list[DailyMetrics]:
        self.calls.append((day, len(video_ids)))
        if day in self.fails_on:
            raise self.error
        return [self.figures[day, one] for one in reversed(video_ids) if (day, one) in self.figures]

    def show(self, day: date, upload: Upload, impressions: int, ctr: float | None = None) -> None:
        """From now on, the day's file has this row."""
        self.reach.setdefault(day, []).append(Reach(str(upload.youtube_video_id), day, impressions, ctr))

    def reach_files(self, first: date, last: date) -> list[ReachFile]:
        return [ReachFile(day, NOON, day.isoformat()) for day in sorted(self.reach) if first <= day <= last]

    def read_reach(self, file: ReachFile) -> list[Reach]:
        return self.reach[file.day]


def a_channel_with_uploads(session: Session, count: int = 3, **over: Any) -> tuple[Channel, list[Upload]]:
    """A channel whose shorts all went public at noon Pacific on FIRST; uploads in id order."""
    channel = a_channel(session, **over)
    uploads = [a_published_upload(session, channel, uploaded_at=NOON, published_at=NOON) for _ in range(count)]
    return channel, sorted(uploads, key=lambda upload: upload.id)


def a_measured_upload(
    session: Session, channel: Channel, *, at: datetime, views: int, likes: int = 0, **over: Any
) -> Upload:
    """A published short, all of its views within its first day and its totals; its first four weeks are reported."""
    upload = a_published_upload(session, channel, uploaded_at=at, published_at=at, **over)
    a_reported_course(session, upload, [views] + [0] * 28, likes=likes)
    session.add(Performance(upload_id=upload.id, views=views, likes=likes, engagement_rate=likes / views))
    session.flush()
    return upload


def a_reported_course(
    session: Session, upload: Upload, views: Sequence[int | None], *, likes: int = 0, late: timedelta = FULLY_REPORTED
) -> None:
    """Views on the Pacific day of publication, the day after, …, each pulled `late` after it had ended."""
    assert upload.published_at is not None
    first = pacific_day(upload.published_at)
    for number, seen in enumerate(views):
        day = first + timedelta(days=number)
        ended = datetime.combine(day + timedelta(days=1), time(), tzinfo=PACIFIC)
        engaged = {"likes": 0 if number else likes} if seen is not None else {}
        session.add(PerformanceDay(upload_id=upload.id, day=day, views=seen, pulled_at=ended + late, **engaged))
    session.flush()


def channels_with_uploads(sessions: sessionmaker[Session], channels: int, videos: int) -> list[str]:
    """Channels with so many published shorts each, made by the server: ten thousand of them at once."""
    slugs = []
    with sessions.begin() as session:
        source = a_source(session).id
        for number in range(channels):
            channel = a_channel(session, slug=f"many-{number}")
            slugs.append(channel.slug)
            asked = {"channel": channel.id, "source": source, "first": number * videos, "count": videos, "at": NOON}
            session.execute(_UPLOADS, asked)
    return slugs


_UPLOADS = text("""
WITH n AS (SELECT :first + generate_series(0, :count - 1) AS n),
t AS (INSERT INTO topics (channel_id, source_id, title_original, title_normalized, source_url, content_hash)
      SELECT :channel, :source, 'n' || n, 'n' || n, 'https://news.example.com/' || n, lpad(n::text, 64, '0') FROM n
      RETURNING id, channel_id, content_hash),
s AS (INSERT INTO scripts (channel_id, topic_id, script_text) SELECT channel_id, id, content_hash FROM t
      RETURNING id, channel_id, script_text),
v AS (INSERT INTO videos (channel_id, script_id, video_path) SELECT channel_id, id, script_text FROM s
      RETURNING id, video_path)
INSERT INTO uploads (video_id, youtube_video_id, title, uploaded_at, published_at)
SELECT id, 'hearsay-' || right(video_path, 6), 'short', :at, :at FROM v
""")
