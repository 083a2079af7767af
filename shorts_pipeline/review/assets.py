"""What was decided, in the lineage graph: external assets that nothing here computes.

They are materialized by the sensor that sees the decisions (sensors.py).
"""

import dagster as dg

from shorts_pipeline.partitions import channels


def _approved(key: str, of: str, described: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key,
        deps=[of],
        description=described,
        group_name="review",
        owners=["team:shorts"],
        kinds={"postgres", "review"},
        tags={"stage": "review"},
        partitions_def=channels,
    )


approved_topics = _approved("approved_topics", "topics", "Stories that a person, or a rule, let go on to a script.")
approved_scripts = _approved("approved_scripts", "scripts", "Scripts that may be made into videos.")
approved_videos = _approved("approved_videos", "videos", "Videos that may be planned for upload.")
approved_uploads = _approved("approved_uploads", "uploads", "Uploads that may be sent to YouTube.")
