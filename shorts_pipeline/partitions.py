"""The partitions: one key a channel (its slug), and channel × day for snapshots.

Days are Pacific: that is how YouTube counts them. Keys come from the `channels` table and are never
deleted automatically, since a run in flight would lose its finished work.
"""

import dagster as dg

from shorts_pipeline.settings import settings

PACIFIC = "America/Los_Angeles"

channels = dg.DynamicPartitionsDefinition(name="channels")
days = dg.DailyPartitionsDefinition(start_date=settings().first_snapshot_day, timezone=PACIFIC)
channel_days = dg.MultiPartitionsDefinition({"channel": channels, "date": days})
