"""Find: detect the channel's series, keep their identity, match new stories, bring statistics up to date."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import ChannelStatus, JobType, Series, SeriesStatus, Topic
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.series.detect import Cluster, clusters
from shorts_pipeline.series.identity import identify
from shorts_pipeline.series.likeness import Compared, compare
from shorts_pipeline.series.match import continuations, kin, members
from shorts_pipeline.series.naming import free_name, sentence_on
from shorts_pipeline.series.stories import Story, did_well, read_stories
from shorts_pipeline.series.trend import trend

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('series:' || :channel_id, 0))")


@dataclass(frozen=True)
class Standing:
    """A series as it stands after a run."""

    name: str
    episodes: int
    avg_views: float
    trend: str
    confidence: float
    status: str

    def as_row(self) -> str:
        """As a row of a Markdown table."""
        name = self.name.replace("|", "/")
        cells = (name, str(self.episodes), f"{self.avg_views:,.0f}", self.trend, f"{self.confidence:.0%}", self.status)
        return f"| {' | '.join(cells)} |"


@dataclass(frozen=True)
class FoundSeries:
    """What a run found: how many are new, how many were found again, how many stories joined one."""

    channel: str
    new: int = 0
    again: int = 0
    joined: int = 0
    series: tuple[Standing, ...] = ()
    skipped: str | None = None

    def as_metadata(self) -> dict[str, Any]:
        """Plain numbers for the UI and the job log."""
        if self.skipped is not None:
            return {"skipped": self.skipped}
        return {"new": self.new, "again": self.again, "joined": self.joined, "series": len(self.series)}

    def as_markdown(self) -> str:
        """The series as a table."""
        head = ["| series | episodes | mean views | trend | sure | status |", "|---|---|---|---|---|---|"]
        return "\n".join([*head, *(one.as_row() for one in self.series)])


def find_series(
    sessions: sessionmaker[Session], embedder: Embedder, *, channel: str, clock: Clock, run_id: str | None = None
) -> FoundSeries:
    """Bring the channel's series up to date. `channel` is its slug; the same stories give the same series."""
    with sessions() as session:
        found = channel_by_slug(session, channel)
        if found.status is not ChannelStatus.ACTIVE:
            return FoundSeries(channel, skipped=f"the channel is {found.status}")
        stories = read_stories(session, found.id, now=clock.now())
    with logged(sessions, JobType.DETECT_SERIES, clock=clock, channel_id=found.id, metadata={"run_id": run_id}) as job:
        compared = compare(stories, embedder)
        detected = clusters(*_part(stories, compared.alike, {story.id for story in did_well(stories)}))
        with sessions.begin() as session:
            session.execute(_LOCK, {"channel_id": str(found.id)})
            result = _save(session, found.id, channel, stories, compared, detected)
        job.result = result.as_metadata()
    return result


def _save(
    session: Session,
    channel_id: UUID,
    channel: str,
    stories: Sequence[Story],
    compared: Compared,
    detected: Sequence[Cluster],
) -> FoundSeries:
    rows = {row.id: row for row in session.scalars(select(Series).where(Series.channel_id == channel_id))}
    stories = _as_they_are_now(session, stories)
    identified = identify(detected, _members(stories))
    joined: dict[UUID, UUID] = {}
    for series_id, cluster in identified.known.items():
        if rows[series_id].status is SeriesStatus.ACTIVE:
            joined |= dict.fromkeys(cluster.topics, series_id)
            rows[series_id].criteria_keywords = list(cluster.keywords)
            rows[series_id].criteria_categories = list(cluster.categories)
    least = {row.id: row.min_similarity for row in rows.values()}
    new = 0
    for cluster, free in identified.new:
        if (known := kin(free, stories, compared, least)) is not None:
            if rows[known].status is SeriesStatus.ACTIVE:
                joined |= dict.fromkeys(free, known)
            continue
        new += 1
        row = _new_row(channel_id, cluster, {each.name.casefold() for each in rows.values()})
        rows[row.id] = row
        session.add(row)
        joined |= dict.fromkeys(free, row.id)
    session.flush()
    stories, count = _join(session, stories, joined)
    running = {row.id: row.min_similarity for row in rows.values() if row.status is SeriesStatus.ACTIVE}
    stories, matched = _join(session, stories, continuations(stories, compared, running))
    _bring_up_to_date(rows, stories, compared)
    session.flush()
    standings = sorted(rows.values(), key=lambda row: (-row.avg_views, row.name))
    return FoundSeries(
        channel,
        new=new,
        again=len(identified.known) + len(identified.new) - new,
        joined=count + matched,
        series=tuple(_standing(row) for row in standings),
    )


def _part(
    stories: Sequence[Story], alike: "NDArray[np.float64]", wanted: set[UUID]
) -> tuple[list[Story], "NDArray[np.float64]"]:
    places = [place for place, story in enumerate(stories) if story.id in wanted]
    return [stories[place] for place in places], alike[places][:, places]


def _as_they_are_now(session: Session, stories: Sequence[Story]) -> list[Story]:
    """The stories with the series they belong to now: another run, or a person, may have been faster."""
    ids = [story.id for story in stories]
    rows = session.execute(select(Topic.id, Topic.series_id).where(Topic.id.in_(ids)))
    now = {row.id: row.series_id for row in rows}
    return [replace(story, series_id=now.get(story.id)) for story in stories]


def _members(stories: Iterable[Story]) -> dict[UUID, frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for story in stories:
        if story.series_id is not None:
            found.setdefault(story.series_id, set()).add(story.id)
    return {series_id: frozenset(topics) for series_id, topics in found.items()}


def _standing(row: Series) -> Standing:
    return Standing(row.name, row.episode_count, row.avg_views, row.trend, row.trend_confidence, row.status)


def _new_row(channel_id: UUID, cluster: Cluster, taken: Collection[str]) -> Series:
    return Series(
        id=uuid4(),
        channel_id=channel_id,
        name=free_name(cluster.name, cluster.keywords, taken),
        criteria_keywords=list(cluster.keywords),
        criteria_categories=list(cluster.categories),
    )


def _join(session: Session, stories: Sequence[Story], joined: Mapping[UUID, UUID]) -> tuple[list[Story], int]:
    """Give the stories their series where they have none; a story never changes its series."""
    free = {story.id for story in stories if story.series_id is None}
    wanted = {topic: series for topic, series in joined.items() if topic in free}
    for series_id in sorted(set(wanted.values()), key=str):
        topics = [topic for topic, series in wanted.items() if series == series_id]
        session.execute(
            update(Topic)
            .where(Topic.id.in_(topics), Topic.series_id.is_(None))
            .values(series_id=series_id)
            .execution_options(synchronize_session=False)
        )
    after = [replace(story, series_id=wanted.get(story.id, story.series_id)) for story in stories]
    return after, len(wanted)


def _bring_up_to_date(rows: Mapping[UUID, Series], stories: Sequence[Story], compared: Compared) -> None:
    """Episodes are the stories that were published; statistics go on when a series is paused or has ended."""
    places = members(stories)
    for series_id, row in rows.items():
        own = [stories[place] for place in places.get(series_id, [])]
        told = [story for story in own if story.views is not None]
        row.episode_count = len(told)
        row.avg_views = fmean(story.views or 0 for story in told) if told else 0.0
        row.avg_engagement = fmean(story.engagement for story in told) if told else 0.0
        found = trend([story.week_views for story in told if story.week_views is not None])
        row.trend, row.trend_confidence = found.direction, found.confidence
        if own:
            row.subject = compared.subject(places[series_id]).as_json()
            row.description = sentence_on(row.name, row.criteria_keywords, [story.title for story in own])
