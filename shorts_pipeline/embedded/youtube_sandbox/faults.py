"""Faults on order: which request shall fail, how, and how often.

`POST /_sandbox/faults` with `{"match": {…}, "do": {…}}`. They are kept on disk, so that a restart does not forgive.
"""

from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shorts_pipeline.embedded.youtube_sandbox.records import Order


class Match(BaseModel):
    """Which requests. A path matches by its beginning; `times` 0 means for ever; `skip` lets the first ones pass."""

    model_config = ConfigDict(extra="forbid")

    method: str | None = None
    path: str = "/"
    credential: str | None = Field(None, description="The sandbox channel's name.")
    times: int = Field(1, ge=0)
    skip: int = Field(0, ge=0)
    after_bytes: int | None = Field(None, description="Only once this much of the request's body has arrived.")


class Do(BaseModel):
    """What happens. Without any field the request is served as usual."""

    model_config = ConfigDict(extra="forbid")

    status: int | None = None
    reason: str = "backendError"
    retry_after: int | None = None
    drop: bool = Field(False, description="Cut the connection, without an answer.")
    lose_reply: bool = Field(False, description="Do what was asked, then cut the connection.")
    delay: float = Field(0.0, ge=0, description="Seconds to wait first.")
    answer: dict[str, Any] | None = Field(None, description="Answer with this document instead.")
    order: Order | None = Field(None, description="How the video of a session that is opened now shall fare.")


class Fault(BaseModel):
    """One order, and how often it has been met."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(default_factory=lambda: uuid4().hex)
    match: Match = Match()
    do: Do = Do()
    met: int = 0

    def fits(self, method: str, path: str, credential: str | None) -> bool:
        """Whether this request is meant; counting is the book's business."""
        wanted = self.match
        return (
            (wanted.method is None or wanted.method.upper() == method)
            and path.startswith(wanted.path)
            and wanted.credential in (None, credential)
            and (wanted.times == 0 or self.met < wanted.skip + wanted.times)
        )


_FAULTS = TypeAdapter(list[Fault])


class FaultBook:
    """The faults on order."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.faults = _FAULTS.validate_json(path.read_bytes()) if path.exists() else []

    def order(self, fault: Fault) -> None:
        self.faults.append(fault)
        self._save()

    def clear(self) -> None:
        self.faults.clear()
        self._save()

    def take(self, method: str, path: str, credential: str | None) -> Fault | None:
        """The first order that this request meets, counted."""
        for fault in self.faults:
            if fault.fits(method, path, credential):
                fault.met += 1
                self._save()
                if fault.met > fault.match.skip:
                    return fault
        return None

    def _save(self) -> None:
        temporary = self._path.with_suffix(".partial")
        temporary.write_bytes(_FAULTS.dump_json(self.faults))
        temporary.replace(self._path)
