"""Trend: how fast interest in a story's subject grows: the terms people search for, and what its source measured."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import ChannelSource, Source, SourceItem, SourceType
from shorts_pipeline.sources.places import heard
from shorts_pipeline.topics.vocabulary import Vocabulary

STILL_TRENDING = timedelta(hours=24)
MOST_TERMS = 2_000
# Google's feed says "20K+" for a term that a country talks about, "500K+" for the news of the month.
MUCH_TRAFFIC = 200_000.0


@dataclass(frozen=True)
class Trends:
    """Terms people search for now, each with how strongly (0–1); `watched` where the channel has such a source."""

    terms: Vocabulary
    strength: Mapping[str, float]
    watched: bool = False

    def of(self, text: str) -> float | None:
        """How strongly the story's subject is searched for; None where nobody watches."""
        if not self.watched:
            return None
        return max((self.strength[term] for term in self.terms.found(text)), default=0.0)


NO_TRENDS = Trends(Vocabulary.plain(()), {})


def read_trends(session: Session, channel_id: UUID, now: datetime, least_growth: float) -> Trends:
    """The terms that the channel's trend sources brought within a day."""
    rows = session.execute(
        select(SourceItem.title, SourceItem.metrics)
        .join(Source, Source.id == SourceItem.source_id)
        .join(ChannelSource, ChannelSource.source_id == Source.id)
        .where(ChannelSource.channel_id == channel_id, ChannelSource.enabled, Source.type == SourceType.TREND, heard())
        .where(SourceItem.fetched_at > now - STILL_TRENDING)
        .order_by(SourceItem.fetched_at.desc(), SourceItem.id)
        .limit(MOST_TERMS)
    ).all()
    strength: dict[str, float] = {}
    for title, metrics in rows:
        term = " ".join(title.split())
        if len(term) > 1:
            strength[term] = max(strength.get(term, 0.0), strength_of(metrics, least_growth) or 0.5)
    return Trends(Vocabulary.plain(strength), strength, watched=bool(strength))


def strength_of(metrics: Mapping[str, Any], least_growth: float) -> float | None:
    """0–1 from a term's or a story's growth (0.5: half again as much) or traffic; None where neither is given."""
    growth, traffic = metrics.get("growth"), metrics.get("traffic")
    if isinstance(growth, int | float):
        # Growth below the channel's least is none; from there on every doubling halves what is missing.
        return 0.0 if growth < least_growth else 1 - 0.5 ** (1 + math.log2((1 + growth) / (1 + least_growth)))
    if isinstance(traffic, int | float) and traffic > 0:
        return min(math.log1p(traffic) / math.log1p(MUCH_TRAFFIC), 1.0)
    return None
