"""Desk: everything of a channel that judging its items needs, read once and compiled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, ChannelStatus, Series, SeriesStatus, SeriesTrend
from shorts_pipeline.database.documents import GateConfig, SourceConfig, TopicConfig
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.resources.models.subject import Subject, words_of
from shorts_pipeline.review.risk import OwnWords
from shorts_pipeline.topics.filter import Sieve
from shorts_pipeline.topics.vocabulary import Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Told:
    """A story as a series looks at it; `vectors` has shape (2, dimension): of the title, and of all the `text`."""

    title: str
    text: str
    keywords: tuple[str, ...]
    categories: tuple[str, ...]
    model: str
    vectors: "NDArray[np.float32]"


@dataclass(frozen=True)
class SeriesDesk:
    """A running series and what belongs to it."""

    id: UUID
    words: Vocabulary
    wanted: int
    categories: frozenset[str]
    min_similarity: float
    does_well: bool
    subject: Mapping[str, Any]

    def likeness(self, told: Told) -> float:
        """How like the series' stories it is, against how like they are one another.

        By the series' subject; where another model made that, the share of the series' keywords in the text (three are
        enough), 0 outside its categories.
        """
        subject = Subject.of_json(self.subject, told.model)
        if subject is not None:
            return subject.likeness(told.title, told.vectors, words_of(told.title, told.text, told.keywords))
        return self._shared(told.text, told.categories)

    def _shared(self, text: str, categories: tuple[str, ...]) -> float:
        if self.categories and not self.categories & set(categories):
            return 0.0
        return min(len(self.words.found(text)) / self.wanted, 1.0)


@dataclass(frozen=True)
class Desk:
    """A channel that listens."""

    id: UUID
    slug: str
    status: ChannelStatus
    language: str
    topics: TopicConfig
    sources: SourceConfig
    gate: GateConfig
    sieve: Sieve
    own_words: OwnWords
    series: tuple[SeriesDesk, ...] = ()

    @property
    def closed(self) -> str:
        """Why nothing is judged for this channel; "" where it is."""
        return "" if self.status is ChannelStatus.ACTIVE else f"the channel is {self.status}"

    def series_of(self, told: Told) -> SeriesDesk | None:
        """The running series that a story continues, the likest first."""
        likeness = {each.id: each.likeness(told) for each in self.series}
        fitting = [each for each in self.series if likeness[each.id] >= each.min_similarity]
        return max(fitting, key=lambda each: (likeness[each.id], str(each.id)), default=None)


def open_desk(session: Session, slug: str) -> Desk:
    """The desk of a channel. Raises `NeedsPerson` where there is no such channel."""
    channel = session.scalars(select(Channel).where(Channel.slug == slug)).first()
    if channel is None:
        raise NeedsPerson(f"there is no channel “{slug}”: apply its file with `shorts channels apply`")
    return Desk(
        id=channel.id,
        slug=channel.slug,
        status=channel.status,
        language=channel.content_config.language,
        topics=channel.topic_config,
        sources=channel.source_config,
        gate=channel.operation_config.review.topic,
        sieve=Sieve.of(channel.topic_config),
        own_words=OwnWords.of(channel.operation_config.review),
        series=_running_series(session, channel.id),
    )


def _running_series(session: Session, channel_id: UUID) -> tuple[SeriesDesk, ...]:
    rows = session.scalars(
        select(Series).where(Series.channel_id == channel_id, Series.status == SeriesStatus.ACTIVE).order_by(Series.id)
    )
    return tuple(
        SeriesDesk(
            id=row.id,
            words=Vocabulary.plain(row.criteria_keywords),
            wanted=min(max(len(row.criteria_keywords), 1), 3),
            categories=frozenset(row.criteria_categories),
            min_similarity=row.min_similarity,
            does_well=row.trend != SeriesTrend.DECLINING,
            subject=row.subject,
        )
        for row in rows
        if row.criteria_keywords or row.subject
    )
