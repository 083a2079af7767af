"""Rehearse: what a channel would make of items that nobody stored: kept or dropped, and why. Writes no topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import select

from shorts_pipeline.database import ChannelSource, Source, SourceType, Topic
from shorts_pipeline.sources.items import FoundItem
from shorts_pipeline.topics.desk import Desk
from shorts_pipeline.topics.items import Item, origin
from shorts_pipeline.topics.score import explain
from shorts_pipeline.topics.trend import strength_of

if TYPE_CHECKING:
    from shorts_pipeline.topics.choose import Work
    from shorts_pipeline.topics.judge import Judged


@dataclass(frozen=True)
class Outlook:
    """What would become of an item: `kept` as a topic with this `score`, or not; `why` in a line."""

    kept: bool
    outcome: str
    why: str
    score: int | None = None


def rehearse(
    work: "Work", desk: Desk, source: Source, use: ChannelSource, found: Sequence[FoundItem], *, now: datetime
) -> list[Outlook]:
    """The outlook of each item, in order, for the channel of `desk`."""
    if source.type is SourceType.TREND:
        return [_signal(item, desk) for item in found]
    items = [_item(source, use, item, now) for item in found]
    judged = work.judge(desk, now).judge(items)
    outlooks = _outlooks(judged, _told(work, judged))
    return [outlooks[item.id] for item in items]


def _item(source: Source, use: ChannelSource, found: FoundItem, now: datetime) -> Item:
    return Item(
        id=uuid4(),
        source=origin(source, use),
        title=found.title,
        text=found.text,
        url=found.url,
        published_at=found.published_at,
        fetched_at=now,
        metrics=dict(found.metrics),
        raw_language=found.language,
    )


def _signal(item: FoundItem, desk: Desk) -> Outlook:
    settings = desk.sources.trends
    if not settings.enabled:
        return Outlook(False, "unused", "trends are off for this channel (source_config.trends.enabled)")
    strength = strength_of(item.metrics, settings.least_growth)
    shown = "unknown" if strength is None else f"{strength:.2f}"
    return Outlook(True, "signal", f"raises stories about it; strength {shown} before its growth is known")


def _outlooks(judged: "Judged", told: dict[UUID, str]) -> dict[UUID, Outlook]:
    found: dict[UUID, Outlook] = {}
    for proposal in judged.proposals:
        found[proposal.story.item.id] = Outlook(
            True, "topic", proposal.review or explain(proposal.score.parts), proposal.score.total
        )
        title = proposal.story.headline.title
        for repeat in proposal.repeats:
            how = repeat.match.how.value
            found[repeat.item.id] = Outlook(False, "repeat", f"tells “{title}” again, here as well ({how})")
    for repeat in judged.repeats:
        title = told.get(repeat.match.leader, str(repeat.match.leader))
        found[repeat.item.id] = Outlook(False, "repeat", f"told already: “{title}” ({repeat.match.how.value})")
    for dropped in judged.dropped:
        found[dropped.item.id] = Outlook(False, dropped.outcome.value.replace("_", " "), dropped.reason)
    return found


def _told(work: "Work", judged: "Judged") -> dict[UUID, str]:
    """Titles of the topics that are repeated."""
    leaders = {repeat.match.leader for repeat in judged.repeats}
    if not leaders:
        return {}
    with work.sessions() as session:
        rows = session.execute(select(Topic.id, Topic.title_original).where(Topic.id.in_(leaders)))
        return {id_: title for id_, title in rows}  # noqa: C416 - a row is no pair to dict()
