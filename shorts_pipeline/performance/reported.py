"""Reported: the days of a channel's uploads that YouTube has reported in full. Only reading.

A day's figures come 48 to 72 hours late and grow until then: a day counts once it was pulled after that. NULL is not 0:
a day without figures stays unknown, unless YouTube has reported the same day for another upload of the channel; then it
is known that this one had no views, for YouTube leaves out videos without activity.
"""

from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shorts_pipeline.performance.equal_age import OLDEST_AGE, Counts, Run

FIGURES_LATE = timedelta(days=3)

_REPORTED = text("""
WITH uploaded AS MATERIALIZED (
    SELECT u.id, u.title, u.published_at, (u.published_at AT TIME ZONE 'America/Los_Angeles')::date AS first
    FROM uploads u JOIN videos v ON v.id = u.video_id
    WHERE v.channel_id = :channel_id AND u.published_at <= :now
), out AS MATERIALIZED (
    SELECT DISTINCT d.day FROM performance_days d JOIN uploaded ON uploaded.id = d.upload_id WHERE d.views IS NOT NULL
)
SELECT uploaded.id, uploaded.title, uploaded.published_at, d.day, coalesce(d.views, 0) AS views,
    coalesce(d.likes, 0) + coalesce(d.comments, 0) + coalesce(d.shares, 0) AS engaged
FROM uploaded
LEFT JOIN performance_days d ON d.upload_id = uploaded.id
    AND d.day BETWEEN uploaded.first AND uploaded.first + :oldest + 1
    AND d.pulled_at >= (d.day + 1)::timestamp AT TIME ZONE 'America/Los_Angeles' + :late
    AND d.day IN (SELECT day FROM out)
ORDER BY uploaded.published_at, uploaded.id, d.day
""")


def reported_runs(session: Session, channel_id: UUID, *, now: datetime) -> list[Run]:
    """The channel's published uploads with their fully reported days, in the order they went public."""
    given = {"channel_id": channel_id, "now": now, "oldest": OLDEST_AGE, "late": FIGURES_LATE}
    rows = session.execute(_REPORTED, given)
    return [
        Run(id, title, at, {row.day: Counts(float(row.views), float(row.engaged)) for row in days if row.day})
        for (id, title, at), days in groupby(rows, key=lambda row: (row.id, row.title, row.published_at))
    ]
