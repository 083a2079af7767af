"""Waiting: which channels' topics are asked for, because items wait there unjudged. Pure: rows in, requests out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from shorts_pipeline.sources.rows import WaitingChannel


@dataclass(frozen=True)
class TopicsRequest:
    """One run of a channel's topics.

    `key` changes with what waits, and every hour, so that a run that failed is tried again.
    """

    slug: str
    key: str


def requests(
    waiting: Iterable[WaitingChannel], now: datetime, *, partitions: Collection[str], in_flight: Collection[str]
) -> list[TopicsRequest]:
    """A request for each waiting channel that has its partition and no run on its way.

    One unknown partition key would fail the whole tick, so a channel without one waits until it has it.
    """
    return [
        TopicsRequest(one.slug, f"{one.slug}:{one.newest.isoformat()}:{one.items}:{now:%Y-%m-%dT%H}")
        for one in waiting
        if one.slug in partitions and one.slug not in in_flight
    ]
