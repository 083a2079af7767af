"""Projection: `performances` and its `daily_snapshots`, made again from `performance_days`.

One statement a channel. `performance_days` is the truth; nothing else writes the columns made here.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

# Averages are weighted by the views they were measured on; a day that reported nothing is no day.
# Totals start at 0 and only the sum of reported days is added: NULL is "not reported".
_PROJECT = text("""
INSERT INTO performances (
    upload_id, views, likes, dislikes, comments, shares, watch_time_seconds, avg_view_duration, avg_view_percentage,
    engagement_rate, ctr, subscribers_gained, subscribers_lost, traffic_sources, demographics, daily_snapshots,
    last_synced_at
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
    coalesce(jsonb_agg(jsonb_build_object(
        'date', d.day, 'views', d.views, 'likes', d.likes, 'dislikes', d.dislikes, 'comments', d.comments,
        'shares', d.shares, 'watch_time_seconds', d.watch_time_seconds, 'avg_view_duration', d.avg_view_duration,
        'avg_view_percentage', d.avg_view_percentage, 'subscribers_gained', d.subscribers_gained,
        'subscribers_lost', d.subscribers_lost, 'impressions', d.impressions, 'ctr', d.ctr
    ) ORDER BY d.day) FILTER (WHERE num_nonnulls(d.views, d.likes, d.dislikes, d.comments, d.shares,
        d.watch_time_seconds, d.subscribers_gained, d.subscribers_lost, d.impressions) > 0), '[]'),
    max(d.pulled_at)
FROM performance_days d
JOIN uploads u ON u.id = d.upload_id
JOIN videos v ON v.id = u.video_id
WHERE v.channel_id = :channel_id
GROUP BY d.upload_id
ORDER BY d.upload_id
ON CONFLICT (upload_id) DO UPDATE SET
    (views, likes, dislikes, comments, shares, watch_time_seconds, avg_view_duration, avg_view_percentage,
     engagement_rate, ctr, subscribers_gained, subscribers_lost, traffic_sources, demographics, daily_snapshots,
     last_synced_at, updated_at)
    = (excluded.views, excluded.likes, excluded.dislikes, excluded.comments, excluded.shares,
       excluded.watch_time_seconds, excluded.avg_view_duration, excluded.avg_view_percentage,
       excluded.engagement_rate, excluded.ctr, excluded.subscribers_gained, excluded.subscribers_lost,
       excluded.traffic_sources, excluded.demographics, excluded.daily_snapshots, excluded.last_synced_at, now())
""")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('performances:' || :channel_id, 0))")


def project(sessions: sessionmaker[Session], *, channel_id: UUID) -> int:
    """Make the channel's `performances` again from its days; returns how many uploads have a row."""
    with sessions.begin() as session:
        # A second writer must begin to read only after the first has committed, or it would project without its days.
        session.execute(_LOCK, {"channel_id": str(channel_id)})
        return session.execute(_PROJECT, {"channel_id": channel_id}).rowcount  # type: ignore[attr-defined,no-any-return]
