"""Chosen: what a run of the stage came to, for the person who looks at it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from shorts_pipeline.database import JudgementOutcome
from shorts_pipeline.topics.judge import Judged, Proposal
from shorts_pipeline.topics.save import Saved
from shorts_pipeline.topics.score import explain
from shorts_pipeline.topics.understanding import Notes

MOST_EXAMPLES = 10
BANDS = tuple(range(0, 100, 10))


@dataclass
class Chosen:
    """Counts of one run. `read` items = `made` topics + `duplicates` + `filtered` + `low_score` + `queue_full`.

    `approved` of the topics passed the gate at once; `evicted` and `expired` are topics that no longer wait. `skipped`
    says why nothing was looked at.
    """

    channel: str
    read: int = 0
    made: int = 0
    approved: int = 0
    duplicates: int = 0
    filtered: int = 0
    low_score: int = 0
    queue_full: int = 0
    evicted: int = 0
    expired: int = 0
    skipped: str = ""
    dry_run: bool = False
    reading: Notes = field(default_factory=Notes)
    scores: list[int] = field(default_factory=list)
    repeats_by: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[int, str, str, str]] = field(default_factory=list)

    def add(self, saved: Saved, read: int) -> None:
        """Count a batch that was saved."""
        self.read += read
        self.made += len(saved.made)
        self.approved += saved.approved
        self.evicted += saved.evicted
        self._count(saved.outcomes)
        self.repeats_by.update(repeat.match.how.value for repeat in saved.repeats)
        self._show(saved.made)

    def would(self, judged: Judged, read: int) -> None:
        """Count a batch of a dry run; the queue is not asked."""
        repeats = [*judged.repeats, *(repeat for each in judged.proposals for repeat in each.repeats)]
        self.read += read
        self.made += len(judged.proposals)
        self._count({JudgementOutcome.DUPLICATE: len(repeats), **Counter(each.outcome for each in judged.dropped)})
        self.repeats_by.update(repeat.match.how.value for repeat in repeats)
        self._show(judged.proposals)

    def counts(self) -> dict[str, Any]:
        """The numbers, for the job log."""
        names = ("read", "made", "approved", "duplicates", "filtered", "low_score", "queue_full", "evicted", "expired")
        counted = {name: getattr(self, name) for name in names} | ({"skipped": self.skipped} if self.skipped else {})
        return counted | self.reading.as_metadata()

    def as_metadata(self) -> dict[str, Any]:
        """Plain values: the counts, `repeats_by`, `scores` (topics a band of ten points) and `preview` (Markdown)."""
        bands = Counter(min(score // 10 * 10, 90) for score in self.scores)
        return {
            **self.counts(),
            "dry_run": self.dry_run,
            "repeats_by": dict(self.repeats_by),
            "scores": {f"{band}–{band + 9 if band < 90 else 100}": bands[band] for band in BANDS},
            "mean_score": round(sum(self.scores) / len(self.scores), 1) if self.scores else 0.0,
            "preview": self.preview(),
        }

    def preview(self) -> str:
        """The best topics of the run as a Markdown table."""
        if not self.examples:
            return self.skipped or "no new topics"
        rows = [f"| {score} | {title} | {source} | {why} |" for score, title, source, why in self.examples]
        return "\n".join(["| score | title | source | sum |", "|---:|---|---|---|", *rows])

    def _count(self, outcomes: dict[JudgementOutcome, int]) -> None:
        self.duplicates += outcomes.get(JudgementOutcome.DUPLICATE, 0)
        self.filtered += outcomes.get(JudgementOutcome.FILTERED, 0)
        self.low_score += outcomes.get(JudgementOutcome.LOW_SCORE, 0)
        self.queue_full += outcomes.get(JudgementOutcome.QUEUE_FULL, 0)

    def _show(self, proposals: Iterable[Proposal]) -> None:
        found = list(proposals)
        self.scores += [each.score.total for each in found]
        best = sorted(found, key=lambda each: (-each.score.total, each.story.headline.title))[:MOST_EXAMPLES]
        rows = [
            (
                each.score.total,
                _cell(each.story.headline.title),
                _cell(each.story.item.source.name),
                explain(each.score.parts),
            )
            for each in best
        ]
        self.examples = sorted([*self.examples, *rows], key=lambda row: (-row[0], row[1]))[:MOST_EXAMPLES]


def _cell(value: str) -> str:
    """Text from the web in a Markdown table: nothing of it may be Markdown."""
    escaped = value.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return "".join(f"\\{character}" if character in "[]`*_#!" else character for character in escaped)[:160]
