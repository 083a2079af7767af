"""Projection: `performances` and its `daily_snapshots`, made again from `performance_days`.

`performance_days` is the truth; nothing else writes the columns made here. Numbers are a sum over rows, cheap and
always made at once. A list is written anew as a whole: as long as it is short it is made with every pull, a longer one
once a day by `performance`, or what a pull costs would grow with the length of the history.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import Upload, Video

LIVE_DAYS = 60
"""Lists up to this length are made with every pull: hardly a short is seen after two months."""

# Averages are weighted by the views they were measured on; a day that reported nothing is no day.
# Totals start at 0 and only the sum of reported days is added: NULL is "not reported".
_NUMBERS = text("""
INSERT INTO performances (
    upload_id, views, likes, dislikes, comments, shares, watch_time_seconds, avg_view_duration, avg_view_percentage,
    engagement_rate, ctr, subscribers_gained, subscribers_lost, traffic_sources, demographics, last_synced_at
)
SELECT
    d.upload_id,
    coalesce(sum(d.views), 0), coalesce(sum(d.likes), 0), coalesce(sum(d.dislikes), 0),
    coalesce(sum(d.comments), 0), coalesce(sum(d.shares), 0), coalesce(sum(d.watch_time_seconds), 0),
    coalesce(sum(d.avg_view_duration * d.views)
        / nullif(sum(d.views) FILTER (WHERE d.avg_view_duration IS NOT NULL), 0), 0),
    coalesce(sum(d.avg_view_percentage * d.views)
        / nullif(sum(d.views) FILTER (WHERE d.avg_view_percentage IS NOT NULL), 0), 0),
    coalesce((coalesce(sum(d.likes), 0) + coalesce(sum(d.comments), 0) + coalesce(sum(d.shares), 0))::float8
        / nullif(sum(d.views), 0), 0),
    coalesce(sum(d.ctr * d.impressions) / nullif(sum(d.impressions) FILTER (WHERE d.ctr IS NOT NULL), 0), 0),
    coalesce(sum(d.subscribers_gained), 0), coalesce(sum(d.subscribers_lost), 0),
    coalesce((array_agg(d.traffic_sources ORDER BY d.day DESC) FILTER (WHERE d.traffic_sources IS NOT NULL))[1], '{}'),
    coalesce((array_agg(d.demographics ORDER BY d.day DESC) FILTER (WHERE d.demographics IS NOT NULL))[1], '{}'),
    max(d.pulled_at)
FROM performance_days d
WHERE d.upload_id = ANY(CAST(:uploads AS uuid[]))
GROUP BY d.upload_id
ORDER BY d.upload_id
ON CONFLICT (upload_id) DO UPDATE SET
    (views, likes, dislikes, comments, shares, watch_time_seconds, avg_view_duration, avg_view_percentage,
     engagement_rate, ctr, subscribers_gained, subscribers_lost, traffic_sources, demographics,
     last_synced_at, updated_at)
    = (excluded.views, excluded.likes, excluded.dislikes, excluded.comments, excluded.shares,
       excluded.watch_time_seconds, excluded.avg_view_duration, excluded.avg_view_percentage,
       excluded.engagement_rate, excluded.ctr, excluded.subscribers_gained, excluded.subscribers_lost,
       excluded.traffic_sources, excluded.demographics, excluded.last_synced_at, now())
""")
_LISTED = (
    *("views", "likes", "dislikes", "comments", "shares", "watch_time_seconds", "avg_view_duration"),
    *("avg_view_percentage", "subscribers_gained", "subscribers_lost", "impressions", "ctr"),
)
REPORTED = f"num_nonnulls({', '.join(f'd.{name}' for name in _LISTED)}) > 0"
# Written as text and read once: half of what an object built a day would cost.
_DAY = "'{\"date\":\"', d.day, '\"', " + ", ".join(
    f"',\"{name}\":', coalesce(d.{name}::text, 'null')" for name in _LISTED
)
# An upload whose days all fell silent (or went) has an empty list. Names are ours, values are parameters.
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
    "SELECT wanted.upload_id FROM unnest(CAST(:uploads AS uuid[])) AS wanted (upload_id)"  # noqa: S608
    " WHERE (SELECT count(*) FROM (SELECT FROM performance_days d"
    f" WHERE d.upload_id = wanted.upload_id AND {REPORTED} LIMIT :most + 1) AS reported) > :most"
)
_ASKED = text(
    "INSERT INTO performances (upload_id, last_synced_at)"
    " SELECT upload_id, :at FROM unnest(CAST(:uploads AS uuid[])) AS silent (upload_id) ORDER BY upload_id"
    " ON CONFLICT (upload_id) DO UPDATE"
    " SET last_synced_at = greatest(performances.last_synced_at, excluded.last_synced_at)"
)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('performances:' || :channel_id, 0))")


def project(sessions: sessionmaker[Session], *, channel_id: UUID) -> int:
    """Make the channel's `performances` again from its days; returns how many uploads have a row."""
    with sessions.begin() as session:
        lock_projection(session, channel_id)
        of_channel = select(Upload.id).join(Video, Video.id == Upload.video_id).where(Video.channel_id == channel_id)
        uploads = list(session.scalars(of_channel.order_by(Upload.id)))
        made = session.execute(_NUMBERS, {"uploads": uploads}).rowcount  # type: ignore[attr-defined]
        session.execute(_LISTS, {"uploads": uploads})
        return int(made)


def project_pulled(
    sessions: sessionmaker[Session], *, channel_id: UUID, spoken: Sequence[UUID], silent: Sequence[UUID], at: datetime
) -> int:
    """Once a run, for the uploads it pulled: those with new figures, and those that were only asked about until `at`.

    Returns how many of the former have a list of more than `LIVE_DAYS` days, which `performance` makes.
    """
    if not spoken and not silent:
        return 0
    with sessions.begin() as session:
        lock_projection(session, channel_id)
        session.execute(_ASKED, {"uploads": silent, "at": at})
        session.execute(_NUMBERS, {"uploads": spoken})
        long = set(session.scalars(_LONG, {"uploads": spoken, "most": LIVE_DAYS}))
        session.execute(_LISTS, {"uploads": [one for one in spoken if one not in long]})
    return len(long)


def lock_projection(session: Session, channel_id: UUID) -> None:
    """A second writer must begin to read only after the first has committed, or it would project without its days."""
    session.execute(_LOCK, {"channel_id": str(channel_id)})
