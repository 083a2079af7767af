"""Health: an engine that just failed is left alone for a while, by every process of this home."""

import json
from datetime import datetime, timedelta
from typing import Any

from shorts_pipeline.clock import Clock
from shorts_pipeline.resources.media import MediaStore

FILE = "speech/health.json"
FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=30)


class EngineHealth:
    """Failures in a row per engine, and until when it rests."""

    def __init__(self, store: MediaStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def rests_until(self, engine: str) -> datetime | None:
        """Until when the engine is left alone; None if it may be tried."""
        until = self._read().get(engine, {}).get("until")
        at = datetime.fromisoformat(until) if until else None
        # A rest longer than any we give was written under a clock that has been moved back since.
        return at if at is not None and timedelta(0) < at - self._clock.now() <= LONGEST_REST else None

    def failed(self, engine: str, delay: timedelta | None = None) -> None:
        """It failed: the rest doubles each time, and is no shorter than the engine asked for."""
        known = self._read()
        failures = int(known.get(engine, {}).get("failures", 0)) + 1
        rest = min(max(FIRST_REST * 2 ** min(failures - 1, 10), delay or FIRST_REST), LONGEST_REST)
        known[engine] = {"failures": failures, "until": (self._clock.now() + rest).isoformat()}
        self._write(known)

    def worked(self, engine: str) -> None:
        """It works (again)."""
        known = self._read()
        if known.pop(engine, None) is not None:
            self._write(known)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            known = json.loads(self._store.path(FILE).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _write(self, known: dict[str, dict[str, Any]]) -> None:
        self._store.write_bytes(FILE, json.dumps(known).encode())
