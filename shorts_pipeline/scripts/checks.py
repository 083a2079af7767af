"""Asset checks of the scripts room."""

import dagster as dg

from shorts_pipeline.resources.postgres import PostgresResource


@dg.asset_check(asset="scripts", description="No rule let a script pass that is below its channel's gates.")
def scripts_within_gates(postgres: PostgresResource) -> dg.AssetCheckResult:
    """Scripts that went on are within their channel's gates, or a person said so."""
    from shorts_pipeline.scripts.gates_check import scripts_below_gates

    with postgres.sessions() as session:
        below = scripts_below_gates(session)
    return dg.AssetCheckResult(passed=not below, metadata={each.channel: each.scripts for each in below})
