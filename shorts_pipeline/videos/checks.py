"""Asset checks of the videos room."""

import dagster as dg

from shorts_pipeline.resources.media import MediaResource
from shorts_pipeline.resources.postgres import PostgresResource


@dg.asset_check(asset="videos", description="Every video that counts as made has its files, as they were measured.")
def video_files_valid(postgres: PostgresResource, media: MediaResource) -> dg.AssetCheckResult:
    """No video goes to review or upload without its files."""
    from shorts_pipeline.videos.files_check import broken_files

    with postgres.sessions() as session:
        broken = broken_files(session, media.store)
    return dg.AssetCheckResult(passed=not broken, metadata={str(each.video_id): each.fault for each in broken[:50]})
