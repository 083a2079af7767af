"""What a person may say at the UI's launchpad before a run."""

from uuid import UUID

import dagster as dg
from pydantic import Field

from shorts_pipeline.selection import Selection


class StageConfig(dg.Config):
    """The defaults do the right thing: everything that needs work, once."""

    limit: int | None = Field(default=None, ge=1, description="At most this many rows.")
    only: list[str] = Field(default_factory=list, description="Only these rows, by id: re-write, re-render them.")
    dry_run: bool = Field(default=False, description="Say what would be done and do nothing.")
    force: bool = Field(default=False, description="Take rows that wait after failures, too.")

    def selection(self) -> Selection:
        """The same, for the verbs. Raises `ValueError` where an id is not one."""
        return Selection(
            limit=self.limit, only=tuple(UUID(row) for row in self.only), dry_run=self.dry_run, force=self.force
        )
