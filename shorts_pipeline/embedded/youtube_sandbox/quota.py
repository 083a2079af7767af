"""YouTube's own counting: per project, bucket and Pacific day."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError, pacific_day

LIMITS = {"insert": 100, "search": 100, "units": 10_000, "batch": 10_000}


class QuotaBook:
    """What the project has spent today."""

    def __init__(self, path: Path, limits: Mapping[str, int] | None = None) -> None:
        self._path = path
        self.limits = LIMITS | dict(limits or {})
        self._days: dict[str, dict[str, int]] = json.loads(path.read_text()) if path.exists() else {}

    def charge(self, bucket: str, cost: int, now: datetime) -> None:
        """Spend, or refuse with quotaExceeded."""
        spent = self.spent(now)
        if spent.get(bucket, 0) + cost > self.limits[bucket]:
            raise ApiError(
                403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota."
            )
        spent[bucket] = spent.get(bucket, 0) + cost
        self._days = {pacific_day(now).isoformat(): spent}
        temporary = self._path.with_suffix(".partial")
        temporary.write_text(json.dumps(self._days))
        temporary.replace(self._path)

    def spent(self, now: datetime) -> dict[str, int]:
        """Bucket → spent on the Pacific day of `now`."""
        return dict(self._days.get(pacific_day(now).isoformat(), {}))
