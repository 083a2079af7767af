"""Results: what a run of the scripts room did, for a person and for the plots of the UI."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shorts_pipeline.operations.attempts import Failure
from shorts_pipeline.resources.models.language_model import NOTHING_SPENT, Spent


@dataclass(frozen=True)
class WrittenScript:
    """One script as it was saved; `tokens` and `usd` of all its versions together, None where no price is known."""

    script_id: UUID
    topic_id: UUID
    title: str
    version: int
    seconds: float
    style: float
    hook: float
    issues: tuple[str, ...]
    risk: float
    waiting: bool
    text: str
    model: str = ""
    tokens: int = 0
    usd: float | None = None


@dataclass(frozen=True)
class WrittenScripts:
    """What a run wrote. `planned` are the titles that a dry run would have written.

    `writer` is the model, or "extractive"; `spent` all its calls have cost, the failed ones too.
    """

    channel: str
    needed: int
    written: tuple[WrittenScript, ...] = ()
    failed: tuple[Failure, ...] = ()
    planned: tuple[str, ...] = ()
    note: str = ""
    waiting_for_budget: int = 0
    writer: str = ""
    embedder: str = ""
    spent: Spent = NOTHING_SPENT

    def as_metadata(self) -> dict[str, Any]:
        """Counts, means and the scripts themselves."""
        return {
            "channel": self.channel,
            "writer": self.writer,
            "embedder": self.embedder,
            **self._cost(),
            "needed": self.needed,
            "written": len(self.written),
            "approved": sum(not each.waiting for each in self.written),
            "waiting_for_review": sum(each.waiting for each in self.written),
            "with_issues": sum(bool(each.issues) for each in self.written),
            "mean_style": _mean([each.style for each in self.written]),
            "mean_hook": _mean([each.hook for each in self.written]),
            "mean_seconds": _mean([each.seconds for each in self.written]),
            "failed": len(self.failed),
            "failures": _failures(self.failed),
            "waiting_for_budget": self.waiting_for_budget,
            "planned": list(self.planned),
            "note": self.note,
            "scripts": [
                {
                    "id": str(each.script_id),
                    "title": each.title,
                    "version": each.version,
                    "seconds": round(each.seconds, 1),
                    "issues": list(each.issues),
                    "risk": each.risk,
                    "model": each.model,
                    "tokens": each.tokens,
                    "usd": each.usd,
                    "text": each.text,
                }
                for each in self.written
            ],
        }

    def _cost(self) -> dict[str, Any]:
        """Calls, tokens and US dollars; no cost where the price is not known, nothing where no model was asked."""
        if not self.spent.calls:
            return {}
        return {
            "model_calls": self.spent.calls,
            "tokens_in": self.spent.tokens_in,
            "tokens_out": self.spent.tokens_out,
            "usd": None if self.spent.cost is None else float(self.spent.cost),
        }


@dataclass(frozen=True)
class ChunkedScripts:
    """What a run cut into pieces and embedded."""

    channel: str
    scripts: int = 0
    chunks: int = 0
    embedded_again: int = 0
    failed: tuple[Failure, ...] = ()
    planned: int = 0
    note: str = ""
    embedder: str = ""

    def as_metadata(self) -> dict[str, Any]:
        """The counts."""
        return {
            "channel": self.channel,
            "embedder": self.embedder,
            "scripts": self.scripts,
            "chunks": self.chunks,
            "embedded_again": self.embedded_again,
            "failed": len(self.failed),
            "failures": _failures(self.failed),
            "planned": self.planned,
            "note": self.note,
        }


def _failures(failed: Sequence[Failure]) -> list[str]:
    return [f"{each.target_id}: {each.reason}{' (parked)' if each.parked else ''}" for each in failed]


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None
