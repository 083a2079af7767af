"""Judge: a batch of items against what a channel wants and what it has told: topics, repeats, and what is left out.

No rows are read or written here: items, the past and the time come in, proposals and judgements go out (save.py writes
them). Embedding is the one slow thing, asked only for what the cheap looks at duplicates left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from shorts_pipeline.database import JudgementOutcome
from shorts_pipeline.topics import score as scoring
from shorts_pipeline.topics.categories import Fit, fit
from shorts_pipeline.topics.deduplicate import Match, Telling, by_meaning, by_title
from shorts_pipeline.topics.desk import Desk, SeriesDesk
from shorts_pipeline.topics.filter import SHORTEST_TITLE, Verdict, passes_channel, passes_source
from shorts_pipeline.topics.items import Item
from shorts_pipeline.topics.normalize import Read, Understood, read, understand
from shorts_pipeline.topics.past import Past, names_in, telling
from shorts_pipeline.topics.queue import expires_at
from shorts_pipeline.topics.score import Score, Signals
from shorts_pipeline.topics.trend import Trends, strength_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shorts_pipeline.resources.models.embedder import Embedder


@dataclass(frozen=True)
class Dropped:
    """An item that goes nowhere, and why."""

    item: Item
    outcome: JudgementOutcome
    reason: str


@dataclass(frozen=True)
class Repeat:
    """An item that tells a story again: `match.leader` is the topic."""

    item: Item
    match: Match


@dataclass(frozen=True)
class Proposal:
    """A topic to be made of `story`, and the repeats of it in the same batch.

    `nearest` is the cosine to the nearest that the channel told, `review` why a person must look.
    """

    id: UUID
    story: Read
    understood: Understood
    fit: Fit
    score: Score
    telling: Telling
    vector: "NDArray[np.float32]"
    expires_at: datetime
    nearest: float
    repeats: tuple[Repeat, ...] = ()
    series: SeriesDesk | None = None
    review: str = ""

    @property
    def items(self) -> tuple[Item, ...]:
        """Everybody in the batch who tells it."""
        return (self.story.item, *(repeat.item for repeat in self.repeats))


@dataclass
class Judged:
    """A batch, judged: every item is in exactly one of these."""

    proposals: list[Proposal] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def drop(self, items: Sequence[Item], outcome: JudgementOutcome, reason: str) -> None:
        """Leave items out."""
        self.dropped += [Dropped(item, outcome, reason) for item in items]


@dataclass(frozen=True)
class _Kept:
    """An item that passed the filters."""

    story: Read
    fit: Fit
    verdict: Verdict


@dataclass(frozen=True)
class Judge:
    """A channel's wishes, its past, what is searched for now, and the time it is.

    `told_before` finds topics older than `past` by content hash.
    """

    desk: Desk
    past: Past
    trends: Trends
    embedder: "Embedder"
    now: datetime
    told_before: Callable[[Sequence[str]], Mapping[str, UUID]] = lambda _: {}

    def judge(self, items: Sequence[Item]) -> Judged:
        """Judge a batch. The result does not depend on the order of `items`."""
        judged = Judged()
        kept = self._sift(items, judged)
        settings = self.desk.topics.duplicates
        new = [self._telling(each) for each in kept.values()]
        older = self.told_before([each.content_hash for each in new])
        first = by_title(new, self.past.tellings, settings, older)
        about = understand([kept[each.id].story for each in first.leaders])
        understood = {each.id: one for each, one in zip(first.leaders, about, strict=True)}
        tellings = [self._telling(kept[each.id], understood[each.id]) for each in first.leaders]
        vectors = self.embedder.embed([each.title for each in tellings])
        second, nearest = by_meaning(
            tellings, vectors, self.past.tellings, self.past.vectors, settings, self.embedder.thresholds
        )
        repeats = _resolved({**first.repeats, **second.repeats})
        row_of = {each.id: index for index, each in enumerate(tellings)}
        for leader in second.leaders:
            own = tuple(
                Repeat(kept[id].story.item, match) for id, match in repeats.items() if match.leader == leader.id
            )
            vector = vectors[row_of[leader.id]]
            proposal = self._propose(kept[leader.id], understood[leader.id], leader, vector, nearest[leader.id], own)
            self._admit(proposal, judged)
        judged.repeats += [
            Repeat(kept[id].story.item, match) for id, match in repeats.items() if match.leader not in kept
        ]
        return judged

    def _sift(self, items: Sequence[Item], judged: Judged) -> dict[UUID, _Kept]:
        """What passes the filters, by item id."""
        kept = {}
        for item in sorted(items, key=lambda item: (item.told_at, item.id)):
            story = read(item)
            found = fit(self.desk.sieve.subjects, item.title, story.text, source_categories=item.source.categories)
            verdict = self._passes(story, found)
            if verdict.kept:
                kept[item.id] = _Kept(story, found, verdict)
            else:
                judged.drop([item], JudgementOutcome.FILTERED, verdict.reason)
        return kept

    def _passes(self, story: Read, found: Fit) -> Verdict:
        item = story.item
        verdict = passes_source(item, story.all_words, item.source.filters, self.now)
        if not verdict.kept:
            return verdict
        if len(story.headline.normalized) < SHORTEST_TITLE:
            return Verdict(False, "no title to speak of")
        until = expires_at(item.told_at, found.categories, self.desk.topics)
        if until <= self.now:
            return Verdict(False, f"too old: its time ended {(self.now - until) / timedelta(hours=1):.0f} hours ago")
        return passes_channel(self.desk.sieve, story.all_words, found, item.source.categories)

    def _telling(self, kept: _Kept, understood: Understood | None = None) -> Telling:
        story, line = kept.story, kept.story.headline
        names = names_in([entity.as_json() for entity in understood.entities]) if understood else ()
        words = understood.keywords if understood else ()
        made = telling(
            story.item.id, line.title, line.normalized, line.content_hash, line.language, story.told_at, names, words
        )
        # A telling in the channel's own language leads: without a translation only that can be told.
        return replace(made, rank=(float(line.language != self.desk.language),))

    def _propose(
        self,
        kept: _Kept,
        understood: Understood,
        told: Telling,
        vector: "NDArray[np.float32]",
        nearest: float,
        repeats: tuple[Repeat, ...],
    ) -> Proposal:
        story, topics = kept.story, self.desk.topics
        kept = replace(kept, fit=self._ordered(kept, vector))
        text = f"{story.headline.title}\n{understood.summary or ''}"
        series = self.desk.series_of(text, kept.fit.categories)
        signals = self._signals(kept, text, nearest, repeats, series)
        id = uuid4()
        return Proposal(
            id=id,
            story=story,
            understood=understood,
            fit=kept.fit,
            score=scoring.score(signals, topics.score),
            telling=replace(told, id=id),
            vector=vector,
            expires_at=expires_at(story.told_at, kept.fit.categories, topics),
            nearest=nearest,
            repeats=tuple(Repeat(each.item, replace(each.match, leader=id)) for each in repeats),
            series=series,
            review=kept.verdict.reason if kept.verdict.review else "",
        )

    def _signals(
        self, kept: _Kept, text: str, nearest: float, repeats: Sequence[Repeat], series: SeriesDesk | None
    ) -> Signals:
        """What is known of a story, for its score."""
        story, topics = kept.story, self.desk.topics
        return Signals(
            credibility=scoring.credibility(
                story.item.source.credibility,
                self.desk.sources.region_weight(story.item.source.region),
                story.item.source.weight,
            ),
            votes=scoring.votes(story.item.metric("score"), story.item.metric("comments")),
            freshness=scoring.freshness(story.told_at, self.now, timedelta(hours=topics.score.half_life_hours)),
            trend=self._trend(story, text),
            relevance=scoring.relevance(kept.fit.weight, open_to_all=self.desk.sieve.subjects.open),
            novelty=scoring.novelty(nearest, self.embedder.thresholds.same_language),
            sources=len({story.item.source.id, *(repeat.item.source.id for repeat in repeats)}),
            series=series is not None and series.does_well,
        )

    def _ordered(self, kept: _Kept, vector: "NDArray[np.float32]") -> Fit:
        """Its categories, those that weigh the same by how near they are in meaning."""
        if len(kept.fit.categories) < 2:
            return kept.fit
        names, vectors = self._category_vectors
        closeness = dict(zip(names, (vectors @ vector).tolist(), strict=True))
        item = kept.story.item
        return fit(
            self.desk.sieve.subjects,
            item.title,
            kept.story.text,
            source_categories=item.source.categories,
            closeness=closeness,
        )

    @cached_property
    def _category_vectors(self) -> tuple[list[str], "NDArray[np.float32]"]:
        categories = self.desk.topics.include.categories
        described = [", ".join((name, *category.words()[:8])) for name, category in categories.items()]
        return list(categories), self.embedder.embed(described)

    def _trend(self, story: Read, text: str) -> float | None:
        """What is searched for, or what the source itself measured; the stronger."""
        known = [
            value
            for value in (
                self.trends.of(text),
                strength_of(story.item.metrics, self.desk.sources.trends.least_growth),
            )
            if value is not None
        ]
        return max(known, default=None)

    def _admit(self, proposal: Proposal, judged: Judged) -> None:
        least = self.desk.topics.queue.least_score
        if proposal.score.total < least:
            reason = f"score {proposal.score.total} is below {least}"
            judged.drop(proposal.items, JudgementOutcome.LOW_SCORE, reason)
        else:
            judged.proposals.append(proposal)


def _resolved(repeats: Mapping[UUID, Match]) -> dict[UUID, Match]:
    """Every repeat with the one who leads in the end: the leader of its leader may repeat another."""
    resolved = {}
    for id, match in repeats.items():
        leader = match.leader
        while leader in repeats:
            leader = repeats[leader].leader
        resolved[id] = replace(match, leader=leader)
    return resolved
