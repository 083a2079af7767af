"""Asset checks of the uploads room."""

import dagster as dg

from shorts_pipeline.resources.postgres import PostgresResource


@dg.asset_check(asset="uploads", blocking=False)
def no_upload_twice(postgres: PostgresResource) -> dg.AssetCheckResult:
    """No channel has sent the same file twice, and nothing is on YouTube without its id here."""
    from shorts_pipeline.uploads.doubles import find_doubles

    with postgres.sessions() as session:
        doubles = find_doubles(session)
    return dg.AssetCheckResult(passed=doubles.none, metadata=doubles.as_metadata())
