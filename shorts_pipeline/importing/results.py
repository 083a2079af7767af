"""Results: what an import did, for a person and for the job log."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from shorts_pipeline.importing.shorts import Skip


@dataclass
class Captions:
    """How the asking for captions went: `got` scripts have them, `none` have none, `refused` are not given to us."""

    got: int = 0
    none: int = 0
    refused: int = 0
    left: int = 0


@dataclass
class Imported:
    """What one import did. `joined` of the `made` shorts tell a topic that was there, `stopped` is why it ended early.

    `days` of figures were asked for, from `first_day` on; `older` shorts went public before it, the oldest of all
    `reach` days ago.
    """

    channel: str
    youtube_channel: str = ""
    sandbox: bool = False
    dry_run: bool = False
    looked_at: int = 0
    made: int = 0
    joined: int = 0
    by_source: Counter[str] = field(default_factory=Counter)
    skipped: Counter[Skip] = field(default_factory=Counter)
    captions: Captions = field(default_factory=Captions)
    units: int = 0
    chunks: int = 0
    days: int = 0
    first_day: str = ""
    older: int = 0
    reach: int = 0
    measured: bool = False
    samples: int = 0
    stopped: str = ""

    def as_metadata(self) -> dict[str, Any]:
        """Plain values for the job log."""
        return {
            "looked_at": self.looked_at,
            "made": self.made,
            "joined": self.joined,
            "scripts": dict(self.by_source),
            "skipped": {reason.value: count for reason, count in self.skipped.items()},
            "captions": vars(self.captions),
            "units": self.units,
            "chunks": self.chunks,
            "days": self.days,
            "publishing_times_measured": self.measured,
            **({"stopped": self.stopped} if self.stopped else {}),
        }
