"""Figures: an upload's views in a few lines: its totals, its first days, and who fetched them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from shorts_pipeline.database import PerformanceDay
from shorts_pipeline.operations.trace.node import Node, facts
from shorts_pipeline.operations.trace.rows import Rows

FIRST_DAYS: Final = 7
"""Days that are shown one by one: the week that uploads are compared by."""
MOST_RUNS: Final = 3


def performance(rows: Rows, upload_id: UUID) -> Iterator[Node]:
    """Nothing where nobody has asked for its figures yet."""
    total, days = rows.totals.get(upload_id), rows.days.get(upload_id, ())
    if total is None and not days:
        return
    said = {} if total is None else facts(
        views=total.views,
        likes=total.likes,
        comments=total.comments,
        shares=total.shares,
        watched=f"{total.avg_view_percentage:.0f} %" if total.avg_view_percentage else None,
        engagement=f"{total.engagement_rate:.1%}",
        high_performer=total.is_high_performer,
        in_training=total.added_to_training,
        synced=total.last_synced_at,
    )  # fmt: skip
    yield Node("performance", None, said, tuple(_days(days)))


def _days(days: Sequence[PerformanceDay]) -> Iterator[Node]:
    if not days:
        return
    told = [day for day in days if day.views is not None]
    for day in told[:FIRST_DAYS]:
        yield Node(f"day {day.day}", None, facts(views=day.views, likes=day.likes, run=day.run_id))
    if rest := told[FIRST_DAYS:]:
        yield Node(f"{len(rest)} more days to {rest[-1].day}", None, facts(views=sum(day.views or 0 for day in rest)))
    if silent := len(days) - len(told):
        yield Node(f"{silent} days without figures", None)
    runs = Counter(day.run_id for day in days if day.run_id)
    for run, count in runs.most_common(MOST_RUNS):
        yield Node("fetched", None, facts(days=count, run=run))
    if len(runs) > MOST_RUNS:
        yield Node(f"fetched by {len(runs) - MOST_RUNS} more runs", None)
