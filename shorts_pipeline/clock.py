"""What time it is: a parameter, so that a demo and a test can move it.

Every process of one home reads the same clock. `FileClock` stands still at the instant its file holds;
without the file it is the machine's clock.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Something that knows the time, in UTC and aware of it."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move(self, by: timedelta) -> datetime:
        """Move by `by` and return the new time."""
        self._at += by
        return self._at


class FileClock:
    """The instant written in a file (ISO 8601 with an offset); the machine's clock while there is no file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> datetime:
        try:
            text = self.path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return datetime.now(UTC)
        return datetime.fromisoformat(text).astimezone(UTC)

    def set(self, at: datetime) -> None:
        """Stand still at `at`."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".partial")
        temporary.write_text(at.astimezone(UTC).isoformat(), encoding="utf-8")
        temporary.replace(self.path)

    def release(self) -> None:
        """Go back to the machine's clock."""
        self.path.unlink(missing_ok=True)
