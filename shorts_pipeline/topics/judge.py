"""Judge: a batch of items against what a channel wants and what it has told: topics, repeats, and what is left out.

Items and the time come in, the past is asked once for each kind of look, proposals and judgements go out (save.py
writes them). Analysis and embedding are the slow things, asked only for what the cheap looks at duplicates left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from shorts_pipeline.database import JudgementOutcome
from shorts_pipeline.topics import score as scoring
from shorts_pipeline.topics.categories import Fit, completed, fit
from shorts_pipeline.topics.deduplicate import Match, Telling, by_meaning, by_title
from shorts_pipeline.topics.desk import Desk, SeriesDesk, Told
from shorts_pipeline.topics.expected import Expected
from shorts_pipeline.topics.filter import SHORTEST_TITLE, Verdict, passes_channel, passes_source
from shorts_pipeline.topics.items import Item
from shorts_pipeline.topics.nearness import Nearness
from shorts_pipeline.topics.normalize import Read, Understood, read
from shorts_pipeline.topics.outcomes import Outcomes
from shorts_pipeline.topics.past import Past
from shorts_pipeline.topics.queue import expires_at
from shorts_pipeline.topics.score import Score, Signals
from shorts_pipeline.topics.trend import Trends, strength_of
from shorts_pipeline.topics.understanding import Reader

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

    `nearest` is the cosine to the nearest that the channel told, `review` why a person must look, `bands` are its
    title's (title_keys.py).
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
    bands: Sequence[int]
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
    telling: Telling
    fit: Fit
    verdict: Verdict


@dataclass(frozen=True)
class Sifted:
    """A batch of `read` items, of which some passed the filters (by item id)."""

    read: int
    kept: Mapping[UUID, _Kept]
    dropped: Sequence[Dropped]


@dataclass(frozen=True)
class _Leader:
    """A story that nobody told yet: what it is about, how near the nearest is, and how those like it did."""

    telling: Telling
    understood: Understood
    vector: "NDArray[np.float32]"
    nearest: float
    expected: Expected | None
    bands: Sequence[int]
    titled: "NDArray[np.float32] | None" = None


@dataclass(frozen=True)
class Judge:
    """A channel's wishes, its past and what came of it, what is searched for, the time, and who reads its stories."""

    desk: Desk
    past: Past
    outcomes: Outcomes
    trends: Trends
    embedder: "Embedder"
    now: datetime
    reader: Reader = field(default_factory=Reader)

    def judge(self, items: Sequence[Item]) -> Judged:
        """Judge a batch. The result does not depend on the order of `items`."""
        return self.compare(self.sift(items))

    def compare(self, sifted: Sifted) -> Judged:
        """What of the items that passed was told before, and proposals of the others."""
        judged, kept = Judged(dropped=list(sifted.dropped)), sifted.kept
        settings = self.desk.topics.duplicates
        known = self.past.known([each.telling for each in kept.values()])
        first = by_title([each.telling for each in kept.values()], known.titles, settings, known.hashes, known.bands)
        about = self.reader.understand([kept[each.id].story for each in first.leaders])
        understood = {each.id: one for each, one in zip(first.leaders, about, strict=True)}
        tellings = [_with_words(each, understood[each.id]) for each in first.leaders]
        vectors = self.embedder.embed([each.embedded for each in tellings])
        neighbours = self.past.neighbours(tellings, vectors)
        second, nearest = by_meaning(tellings, vectors, neighbours, settings, self.embedder.thresholds)
        repeats = _resolved({**first.repeats, **second.repeats})
        repeats_of: dict[UUID, list[Repeat]] = {}
        for id, match in repeats.items():
            repeats_of.setdefault(match.leader, []).append(Repeat(kept[id].story.item, match))
        row_of = {each.id: index for index, each in enumerate(tellings)}
        titled = self._titles(second.leaders)
        leading = vectors[[row_of[each.id] for each in second.leaders]]
        for leader, vector, expected in zip(second.leaders, leading, self.outcomes.expected(leading), strict=True):
            id = leader.id
            found = _Leader(leader, understood[id], vector, nearest[id], expected, known.bands[id], titled.get(id))
            self._admit(self._propose(kept[leader.id], found, repeats_of.get(leader.id, ())), judged)
        judged.repeats += [
            Repeat(kept[id].story.item, match) for id, match in repeats.items() if match.leader not in kept
        ]
        return judged

    def sift(self, items: Sequence[Item]) -> Sifted:
        """What passes the filters. Nothing is asked but what came in: it may be done ahead."""
        kept, dropped = {}, []
        for item in sorted(items, key=lambda item: (item.told_at, item.id)):
            story = read(item)
            found = fit(self.desk.sieve.subjects, item.title, story.text, source_categories=item.source.categories)
            verdict = self._passes(story, found)
            if verdict.kept:
                kept[item.id] = _Kept(story, self._telling(story), found, verdict)
            else:
                dropped.append(Dropped(item, JudgementOutcome.FILTERED, verdict.reason))
        return Sifted(len(items), kept, dropped)

    def _passes(self, story: Read, found: Fit) -> Verdict:
        item, words = story.item, story.all_words
        verdict = passes_source(item, words, item.source.filters, self.now)
        if not verdict.kept:
            return verdict
        if len(story.headline.normalized) < SHORTEST_TITLE:
            return Verdict(False, "no title to speak of")
        until = expires_at(item.told_at, found.categories, self.desk.topics)
        if until <= self.now:
            return Verdict(False, f"too old: its time ended {(self.now - until) / timedelta(hours=1):.0f} hours ago")
        return passes_channel(self.desk.sieve, words, found, item.source.categories)

    def _telling(self, story: Read) -> Telling:
        line = story.headline
        return Telling(
            id=story.item.id,
            title=line.title,
            normalized=line.normalized,
            content_hash=line.content_hash,
            language=line.language,
            told_at=story.told_at,
            words=line.words,
            numbers=line.numbers,
            # A telling in the channel's own language leads: without a translation only that can be told.
            rank=(float(line.language != self.desk.language),),
        )

    def _propose(self, kept: _Kept, found: _Leader, repeats: Sequence[Repeat]) -> Proposal:
        story, topics, understood = kept.story, self.desk.topics, found.understood
        kept = replace(kept, fit=self._fitted(kept, understood, found.vector))
        text = f"{story.headline.title}\n{understood.summary or ''}"
        series = self._series(kept, found)
        signals = self._signals(kept, text, found, repeats, series)
        id = uuid4()
        return Proposal(
            id=id,
            story=story,
            understood=understood,
            fit=kept.fit,
            score=scoring.score(signals, topics.score),
            telling=replace(found.telling, id=id),
            vector=found.vector,
            expires_at=expires_at(story.told_at, kept.fit.categories, topics),
            nearest=found.nearest,
            bands=found.bands,
            repeats=tuple(Repeat(each.item, replace(each.match, leader=id)) for each in repeats),
            series=series,
            review=kept.verdict.reason if kept.verdict.review else "",
        )

    def _titles(self, leaders: Sequence[Telling]) -> "dict[UUID, NDArray[np.float32]]":
        """Vectors of the titles alone, by which a series is known; nothing where none runs."""
        if not self.desk.series:
            return {}
        vectors = self.embedder.embed([each.title for each in leaders])
        return {each.id: vector for each, vector in zip(leaders, vectors, strict=True)}

    def _series(self, kept: _Kept, found: _Leader) -> SeriesDesk | None:
        """The series it continues."""
        if found.titled is None:
            return None
        import numpy as np

        title, told, vectors = found.telling.title, found.telling.embedded, np.stack([found.titled, found.vector])
        about = found.understood
        return self.desk.series_of(
            Told(title, told, tuple(about.keywords), kept.fit.categories, self.embedder.model, vectors)
        )

    def _signals(
        self, kept: _Kept, text: str, found: _Leader, repeats: Sequence[Repeat], series: SeriesDesk | None
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
            novelty=scoring.novelty(found.nearest, self.embedder.thresholds.same_language),
            expected=found.expected,
            sources=len({story.item.source.id, *(repeat.item.source.id for repeat in repeats)}),
            series=series is not None and series.does_well,
        )

    def _fitted(self, kept: _Kept, understood: Understood, vector: "NDArray[np.float32]") -> Fit:
        """Its categories: by words, those that weigh the same by how near they are; without any, by what it means."""
        subjects, item = self.desk.sieve.subjects, kept.story.item
        if not kept.fit.categories:
            nearest = self._nearness.clearly(vector)
            return completed(kept.fit, subjects, told=understood.categories, nearest=nearest)
        if len(kept.fit.categories) == 1:
            return kept.fit
        return fit(
            subjects,
            item.title,
            kept.story.text,
            source_categories=item.source.categories,
            closeness=self._nearness.closeness(vector),
        )

    @cached_property
    def _nearness(self) -> Nearness:
        return Nearness.of(self.desk.topics, self.embedder)

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


def _with_words(telling: Telling, about: Understood) -> Telling:
    """The telling with what the analysis found."""
    return replace(
        telling,
        names=frozenset(entity.name for entity in about.entities if entity.name),
        keywords=frozenset(word.casefold() for word in about.keywords),
        lead=about.summary or "",
    )


def _resolved(repeats: Mapping[UUID, Match]) -> dict[UUID, Match]:
    """Every repeat with the one who leads in the end: the leader of its leader may repeat another."""
    resolved = {}
    for id, match in repeats.items():
        leader = match.leader
        while leader in repeats:
            leader = repeats[leader].leader
        resolved[id] = match if leader == match.leader else replace(match, leader=leader)
    return resolved
