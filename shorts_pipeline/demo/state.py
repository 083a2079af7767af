"""What a demo remembers in its home: which feeds it reads, when its story began, and when it ended.

The story's clock begins some weeks before the machine's and ends at about the machine's own time, so that the
days it makes are days that have been, and `shorts up` goes on from there without a moved clock.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

STORY = timedelta(days=35)
MORNING_IN_SEOUL = time(0, 0, tzinfo=UTC)


@dataclass(frozen=True)
class DemoState:
    """`ended` is None until the clock was moved on."""

    live: bool
    began: datetime
    ended: datetime | None = None

    @property
    def now(self) -> datetime:
        """Where the story's clock stands: it never goes back, so a second run finds everything done."""
        return self.ended or self.began


def begin(now: datetime, *, live: bool) -> DemoState:
    """A new story: 09:00 in Seoul, so long ago that its last day is yesterday at the latest."""
    began = datetime.combine((now - STORY - timedelta(days=1)).date(), MORNING_IN_SEOUL)
    return DemoState(live=live, began=began)


def load(folder: Path) -> DemoState | None:
    """The story played in this home, or None."""
    try:
        told = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    ended = told.get("ended")
    return DemoState(
        live=told["live"],
        began=datetime.fromisoformat(told["began"]),
        ended=datetime.fromisoformat(ended) if ended else None,
    )


def save(folder: Path, state: DemoState) -> None:
    """Remember it; a kill leaves the old or the new file, never half of one."""
    told = {
        "live": state.live,
        "began": state.began.isoformat(),
        "ended": state.ended.isoformat() if state.ended else None,
    }
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / "demo.json.partial"
    temporary.write_text(json.dumps(told, indent=1), encoding="utf-8")
    temporary.replace(folder / "demo.json")
