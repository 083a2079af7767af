"""A channel with published shorts, and a YouTube whose figures a test sets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, Performance, PerformanceDay, Upload
from shorts_pipeline.resources.youtube import DailyMetrics
from shorts_pipeline_tests.rows import a_channel, a_published_upload

NOON = datetime(2026, 2, 1, 20, tzinfo=UTC)
FIRST = date(2026, 2, 1)


@dataclass
class FakeYouTube:
    """Answers from a table of (day, video id); what is not in it was not reported. Counts its calls."""

    figures: dict[tuple[date, str], DailyMetrics] = field(default_factory=dict)
    calls: list[tuple[date, int]] = field(default_factory=list)
    fails_on: frozenset[date] = frozenset()
    error: Exception = field(default_factory=lambda: RuntimeError("unset"))

    def say(self, day: date, upload: Upload, **figures: Any) -> None:
        """From now on, report this."""
        video = str(upload.youtube_video_id)
        self.figures[day, video] = DailyMetrics(video, **figures)

    def daily_metrics(self, day: date, video_ids: Sequence[str]) -> list[DailyMetrics]:
        self.calls.append((day, len(video_ids)))
        if day in self.fails_on:
            raise self.error
        return [self.figures[day, one] for one in reversed(video_ids) if (day, one) in self.figures]


def a_channel_with_uploads(session: Session, count: int = 3, **over: Any) -> tuple[Channel, list[Upload]]:
    """A channel whose shorts all went public at noon Pacific on FIRST; uploads in id order."""
    channel = a_channel(session, **over)
    uploads = [a_published_upload(session, channel, uploaded_at=NOON, published_at=NOON) for _ in range(count)]
    return channel, sorted(uploads, key=lambda upload: upload.id)


def a_measured_upload(
    session: Session, channel: Channel, *, at: datetime, views: int, likes: int = 0, **over: Any
) -> Upload:
    """A published short with a row of figures on its first day and its totals."""
    upload = a_published_upload(session, channel, uploaded_at=at, published_at=at, **over)
    day = (at - timedelta(hours=8)).date()
    session.add(PerformanceDay(upload_id=upload.id, day=day, views=views, likes=likes, pulled_at=at))
    session.add(Performance(upload_id=upload.id, views=views, likes=likes, engagement_rate=likes / views))
    session.flush()
    return upload
