"""Completeness: what the asset checks of this room ask the tables. Set-based; nothing is written."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from shorts_pipeline.performance.days import pacific_day
from shorts_pipeline.performance.projection import LIVE_DAYS, REPORTED

# The schedule pulls a day after it has ended; until it has run, yesterday is not missing.
GRACE = timedelta(days=1)
SHOWN = 10

_MISSING = text("""
SELECT c.slug, wanted::date, count(*) AS uploads
FROM uploads u
JOIN videos v ON v.id = u.video_id
JOIN channels c ON c.id = v.channel_id AND c.status = 'active'
CROSS JOIN LATERAL generate_series(
    greatest((coalesce(u.uploaded_at, u.created_at) AT TIME ZONE 'America/Los_Angeles')::date, :first)::timestamp,
    :last, interval '1 day') AS wanted
WHERE u.youtube_video_id IS NOT NULL AND u.removed_at IS NULL
  AND NOT EXISTS (SELECT FROM performance_days d WHERE d.upload_id = u.id AND d.day = wanted::date)
GROUP BY c.slug, wanted ORDER BY c.slug, wanted
""")
_UNEQUAL = text(f"""
SELECT u.youtube_video_id
FROM performances p
JOIN uploads u ON u.id = p.upload_id
JOIN LATERAL (
    SELECT count(*) FILTER (WHERE {REPORTED}) AS reported, coalesce(sum(views), 0) AS views,
           coalesce(sum(likes), 0) AS likes, coalesce(sum(comments), 0) AS comments,
           coalesce(sum(shares), 0) AS shares, coalesce(sum(watch_time_seconds), 0) AS seconds
    FROM performance_days d WHERE d.upload_id = p.upload_id
) days ON true
WHERE (p.views, p.likes, p.comments, p.shares, p.watch_time_seconds)
      IS DISTINCT FROM (days.views, days.likes, days.comments, days.shares, days.seconds)
   OR (days.reported <= :live AND p.views <> (
       SELECT coalesce(sum((day ->> 'views')::bigint), 0) FROM jsonb_array_elements(p.daily_snapshots) day))
ORDER BY u.youtube_video_id
""")  # noqa: S608 - a condition of ours


@dataclass(frozen=True)
class MissingDay:
    """A channel's day that was never asked for, for so many uploads."""

    channel: str
    day: date
    uploads: int


def missing_days(session: Session, *, first: date, now: datetime) -> list[MissingDay]:
    """Days of active channels, from `first` to the day before yesterday, with uploads that have no row."""
    last = pacific_day(now) - timedelta(days=1) - GRACE
    return [MissingDay(*row) for row in session.execute(_MISSING, {"first": first, "last": last})]


def unequal_totals(session: Session) -> list[str]:
    """YouTube ids of the uploads whose totals, or whose projected list, are not the sum of their days.

    A long list is made again by `performance` only, so that between a pull and that it may be behind.
    """
    return [str(video_id) for video_id in session.scalars(_UNEQUAL, {"live": LIVE_DAYS})]
