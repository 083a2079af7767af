"""Asset checks of this room: thin shells over completeness.py."""

from datetime import date

import dagster as dg

from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.settings import settings


@dg.asset_check(asset="performance_snapshots", description="Every day of every active channel's uploads was asked for.")
def snapshots_complete(postgres: PostgresResource, clock: ClockResource) -> dg.AssetCheckResult:
    """A gap is a warning: a backfill over the days shown closes it."""
    from shorts_pipeline.performance.completeness import SHOWN, missing_days

    first = date.fromisoformat(settings().first_snapshot_day)
    with postgres.sessions() as session:
        missing = missing_days(session, first=first, now=clock.now())
    return dg.AssetCheckResult(
        passed=not missing,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"missing_days": len(missing), "first": [f"{one.channel} {one.day}" for one in missing[:SHOWN]]},
    )


@dg.asset_check(asset="performance", description="Totals and daily_snapshots are the sum of performance_days.")
def totals_are_the_sum_of_days(postgres: PostgresResource) -> dg.AssetCheckResult:
    """A difference is a defect: materializing `performance` makes the totals again."""
    from shorts_pipeline.performance.completeness import SHOWN, unequal_totals

    with postgres.sessions() as session:
        unequal = unequal_totals(session)
    return dg.AssetCheckResult(passed=not unequal, metadata={"unequal": len(unequal), "first": unequal[:SHOWN]})
