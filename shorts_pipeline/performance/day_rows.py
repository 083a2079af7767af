"""Day rows: the uploads that YouTube can be asked about, and a day's answer as rows of `performance_days`.

Repeatable in any order: of two answers the one that was asked for later counts, figure by figure; a figure that is not
reported stays NULL, and one that was reported is not forgotten because another answer leaves it out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import PerformanceDay, Upload, Video
from shorts_pipeline.database.insert_rows import insert_rows
from shorts_pipeline.performance.days import pacific_day
from shorts_pipeline.resources.youtube import DailyMetrics, Reach

COUNTS = (
    *("views", "likes", "dislikes", "comments", "shares", "watch_time_seconds"),
    *("subscribers_gained", "subscribers_lost"),
)
AVERAGES = ("avg_view_duration", "avg_view_percentage")
REACH = ("impressions", "ctr")
FIGURES = (*COUNTS, *AVERAGES, *REACH)
NOTHING_SHOWN: Mapping[str, Reach] = {}


@dataclass(frozen=True)
class Measurable:
    """An upload that YouTube can be asked about."""

    upload_id: UUID
    video_id: str
    since: date


def measurable(session: Session, channel_id: UUID) -> list[Measurable]:
    """The channel's uploads that have a video on YouTube, in id order; one that was removed there has none."""
    rows = session.execute(
        select(Upload.id, Upload.youtube_video_id, func.coalesce(Upload.uploaded_at, Upload.created_at))
        .join(Video, Video.id == Upload.video_id)
        .where(Video.channel_id == channel_id, Upload.youtube_video_id.is_not(None), Upload.removed_at.is_(None))
        .order_by(Upload.id)
    )
    return [Measurable(upload_id, str(video_id), pacific_day(at)) for upload_id, video_id, at in rows]


def save_day(
    session: Session,
    day: date,
    uploads: Sequence[Measurable],
    figures: Iterable[DailyMetrics],
    *,
    pulled_at: datetime,
    run_id: str | None,
    reach: Mapping[str, Reach] = NOTHING_SHOWN,
) -> list[UUID]:
    """One statement for a day's answer, rows in id order (concurrent writers in shuffled order deadlock).

    Every upload asked about gets a row: one without figures says that the day was asked for. `reach` is by video id;
    a video that was not asked about is left out. Returns the uploads that had any figure.
    """
    said = {one.video_id: one for one in figures}
    rows = [
        {"upload_id": upload.upload_id, "day": day}
        | _figures(said.get(upload.video_id), reach.get(upload.video_id))
        | {"pulled_at": pulled_at, "run_id": run_id}
        for upload in sorted(uploads, key=lambda upload: upload.upload_id)
    ]
    insert_rows(session, PerformanceDay, rows, on_conflict=_NEWEST_FIRST)
    return [upload.upload_id for upload in uploads if upload.video_id in said or upload.video_id in reach]


def _newest_first() -> str:
    """The newer answer's word, and the older one's where it has none: whichever is written last."""
    old, new = "performance_days", "excluded"
    later = f"{new}.pulled_at >= {old}.pulled_at"
    both = [
        f"{name} = CASE WHEN {later} THEN coalesce({new}.{name}, {old}.{name})"
        f" ELSE coalesce({old}.{name}, {new}.{name}) END"
        for name in (*FIGURES, "run_id")
    ]
    return f"(upload_id, day) DO UPDATE SET {', '.join(both)}, pulled_at = greatest({new}.pulled_at, {old}.pulled_at)"


_NEWEST_FIRST = _newest_first()


def _figures(metrics: DailyMetrics | None, reach: Reach | None) -> dict[str, Any]:
    counts = {name: _whole(getattr(metrics, name, None)) for name in COUNTS}
    averages = {name: getattr(metrics, name, None) for name in AVERAGES}
    shown = {"impressions": reach and reach.impressions, "ctr": reach and reach.click_through_rate}
    return counts | averages | shown


def _whole(value: float | None) -> int | None:
    """JSON has one kind of number: a count may arrive as 5.0."""
    return None if value is None else round(value)
