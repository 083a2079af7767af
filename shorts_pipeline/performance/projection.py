"""Projection: `performances` and its `daily_snapshots`, made again from `performance_days`.

`performance_days` is the truth; nothing else writes what is made here. Numbers are always made at once: the touched
months are added up again from their days, and totals from the months, so that a pull costs the same after two years. A
list can only be written as a whole: while it is short it is made with every pull, a longer one once a day by
`performance`.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import Upload, Video

_LAST = date(9000, 1, 1)
LIVE_DAYS = 60
"""Lists up to this length are made with every pull: hardly a short is seen after two months."""

_COUNTS = (
    *("views", "likes", "dislikes", "comments", "shares", "watch_time_seconds"),
    *("subscribers_gained", "subscribers_lost"),
)
_LISTED = (
    *("views", "likes", "dislikes", "comments", "shares", "watch_time_seconds", "avg_view_duration"),
    *("avg_view_percentage", "subscribers_gained", "subscribers_lost", "impressions", "ctr"),
)
REPORTED = f"num_nonnulls({', '.join(f'd.{name}' for name in _LISTED)}) > 0"
"""The condition for a day `d` that has any figure: one without is no day."""

# Averages are weighted by what they were measured on. NULL is "not reported" and adds nothing.
_SUMS = {
    "days": f"count(*) FILTER (WHERE {REPORTED})",
    **{name: f"coalesce(sum(d.{name}), 0)" for name in _COUNTS},
    "seconds": "coalesce(sum(d.avg_view_duration * d.views), 0)",
    "seconds_views": "coalesce(sum(d.views) FILTER (WHERE d.avg_view_duration IS NOT NULL), 0)",
    "percentages": "coalesce(sum(d.avg_view_percentage * d.views), 0)",
    "percentages_views": "coalesce(sum(d.views) FILTER (WHERE d.avg_view_percentage IS NOT NULL), 0)",
    "clicks": "coalesce(sum(d.ctr * d.impressions), 0)",
    "clicks_impressions": "coalesce(sum(d.impressions) FILTER (WHERE d.ctr IS NOT NULL), 0)",
    "pulled_at": "max(d.pulled_at)",
}
# Names are ours in all of these statements, and values are parameters.
_MONTHS = text(
    f"INSERT INTO performance_months (upload_id, month, {', '.join(_SUMS)})"  # noqa: S608
    f" SELECT d.upload_id, CAST(date_trunc('month', d.day) AS date), {', '.join(_SUMS.values())}"
    " FROM performance_days d"
    " WHERE d.upload_id = ANY(CAST(:uploads AS uuid[])) AND d.day >= CAST(:first AS date)"
    " AND d.day < CAST(:last AS date) + interval '1 day' GROUP BY 1, 2 ORDER BY 1, 2"
    f" ON CONFLICT (upload_id, month) DO UPDATE SET ({', '.join(_SUMS)})"
    f" = ({', '.join(f'excluded.{name}' for name in _SUMS)})"
)
_WITHOUT_DAYS = text(
    "DELETE FROM performance_months m WHERE m.upload_id = ANY(CAST(:uploads AS uuid[])) AND NOT EXISTS ("
    "SELECT FROM performance_days d WHERE d.upload_id = m.upload_id"
    " AND d.day >= m.month AND d.day < m.month + interval '1 month')"
)


def _average(of: str, over: str) -> str:
    # Rounded, so that the order in which days were written is not in the last bit.
    return f"coalesce(round(CAST(sum(m.{of}) / nullif(sum(m.{over}), 0) AS numeric), 6), 0)"


_TOTALS = {
    **{name: f"sum(m.{name})" for name in _COUNTS},
    "avg_view_duration": _average("seconds", "seconds_views"),
    "avg_view_percentage": _average("percentages", "percentages_views"),
    "ctr": _average("clicks", "clicks_impressions"),
    "engagement_rate": "coalesce(CAST(sum(m.likes + m.comments + m.shares) AS float8) / nullif(sum(m.views), 0), 0)",
    "last_synced_at": "max(m.pulled_at)",
}
_NUMBERS = text(
    f"INSERT INTO performances (upload_id, {', '.join(_TOTALS)})"  # noqa: S608
    f" SELECT m.upload_id, {', '.join(_TOTALS.values())} FROM performance_months m"
    " WHERE m.upload_id = ANY(CAST(:uploads AS uuid[])) GROUP BY m.upload_id ORDER BY m.upload_id"
    f" ON CONFLICT (upload_id) DO UPDATE SET ({', '.join(_TOTALS)}, updated_at)"
    f" = ({', '.join(f'excluded.{name}' for name in _TOTALS)}, now())"
)
_AUDIENCE = text("""
UPDATE performances p SET
    traffic_sources = coalesce(newest.traffic_sources, '{}'), demographics = coalesce(newest.demographics, '{}'),
    updated_at = now()
FROM (
    SELECT d.upload_id,
        (array_agg(d.traffic_sources ORDER BY d.day DESC) FILTER (WHERE d.traffic_sources IS NOT NULL))[1]
            AS traffic_sources,
        (array_agg(d.demographics ORDER BY d.day DESC) FILTER (WHERE d.demographics IS NOT NULL))[1] AS demographics
    FROM performance_days d
    WHERE d.upload_id = ANY(CAST(:uploads AS uuid[])) AND num_nonnulls(d.traffic_sources, d.demographics) > 0
    GROUP BY d.upload_id
) newest
WHERE p.upload_id = newest.upload_id
""")
# Written as text and read once: half of what an object built a day would cost.
_DAY = "'{\"date\":\"', d.day, '\"', " + ", ".join(
    f"',\"{name}\":', coalesce(d.{name}::text, 'null')" for name in _LISTED
)
# An upload whose days all fell silent (or went) has an empty list.
_LISTS = text(
    "UPDATE performances p SET daily_snapshots = listed.days, updated_at = now() FROM ("  # noqa: S608
    " SELECT wanted.upload_id, CAST('[' || coalesce(string_agg(concat("
    + _DAY.replace(":", "\\:")
    + ", '}'), ',' ORDER BY d.day), '') || ']' AS jsonb) AS days"
    " FROM unnest(CAST(:uploads AS uuid[])) AS wanted (upload_id)"
    f" LEFT JOIN performance_days d ON d.upload_id = wanted.upload_id AND {REPORTED}"
    " GROUP BY wanted.upload_id) AS listed"
    " WHERE p.upload_id = listed.upload_id"
)
_LONG = text(
    "SELECT m.upload_id FROM performance_months m WHERE m.upload_id = ANY(CAST(:uploads AS uuid[]))"
    " GROUP BY m.upload_id HAVING sum(m.days) > :most"
)
_ASKED = text(
    "INSERT INTO performances (upload_id, last_synced_at)"
    " SELECT upload_id, :at FROM unnest(CAST(:uploads AS uuid[])) AS silent (upload_id) ORDER BY upload_id"
    " ON CONFLICT (upload_id) DO UPDATE"
    " SET last_synced_at = greatest(performances.last_synced_at, excluded.last_synced_at)"
)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('performances:' || :channel_id, 0))")


def project(sessions: sessionmaker[Session], *, channel_id: UUID) -> int:
    """Make the channel's `performances` again from all its days; returns how many uploads have a row."""
    of_channel = select(Upload.id).join(Video, Video.id == Upload.video_id).where(Video.channel_id == channel_id)
    with sessions.begin() as session:
        lock_projection(session, channel_id)
        uploads = {"uploads": list(session.scalars(of_channel.order_by(Upload.id)))}
        session.execute(_WITHOUT_DAYS, uploads)
        session.execute(_MONTHS, {**uploads, "first": date.min, "last": _LAST})
        made = session.execute(_NUMBERS, uploads).rowcount  # type: ignore[attr-defined]
        session.execute(_LISTS, uploads)
        session.execute(_AUDIENCE, uploads)
        return int(made)


def project_pulled(
    sessions: sessionmaker[Session],
    *,
    channel_id: UUID,
    spoken: Sequence[UUID],
    silent: Sequence[UUID],
    days: Sequence[date],
    at: datetime,
) -> int:
    """Once a run, for the uploads it pulled: those with new figures, and those that were only asked about until `at`.

    Returns how many of the former have a list of more than `LIVE_DAYS` days, which `performance` makes.
    """
    if not spoken and not silent:
        return 0
    with sessions.begin() as session:
        lock_projection(session, channel_id)
        session.execute(_ASKED, {"uploads": silent, "at": at})
        session.execute(_MONTHS, {"uploads": spoken, "first": min(days).replace(day=1), "last": _end(max(days))})
        session.execute(_NUMBERS, {"uploads": spoken})
        long = set(session.scalars(_LONG, {"uploads": spoken, "most": LIVE_DAYS}))
        session.execute(_LISTS, {"uploads": [one for one in spoken if one not in long]})
    return len(long)


def project_audience(sessions: sessionmaker[Session], *, channel_id: UUID, uploads: Sequence[UUID]) -> None:
    """The newest traffic sources and demographics of these uploads."""
    with sessions.begin() as session:
        lock_projection(session, channel_id)
        session.execute(_AUDIENCE, {"uploads": uploads})


def lock_projection(session: Session, channel_id: UUID) -> None:
    """A second writer must begin to read only after the first has committed, or it would project without its days."""
    session.execute(_LOCK, {"channel_id": str(channel_id)})


def _end(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
