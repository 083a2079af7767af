"""A series is found again as itself: with more stories and fewer, merged, split, in any order, and by two at once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, Series, SeriesStatus, Topic
from shorts_pipeline.resources.models.embedder import ANY_OTHER_MODEL
from shorts_pipeline.series.decide import confirm, end, pause, rename
from shorts_pipeline.series.find import FoundSeries, find_series
from shorts_pipeline.series.ordinary import ORDINARY
from shorts_pipeline_tests.rows import a_channel, a_topic
from shorts_pipeline_tests.series.told import a_told_story

WORDS = {"rocket": 0, "engine": 0, "orbit": 0, "bread": 1, "oven": 1, "flour": 1}


class ByWords:
    """An embedder that knows two subjects by their words: what merges and splits is then ours to say."""

    model = "by words"
    dimension = 3
    thresholds = ANY_OTHER_MODEL

    def embed(self, texts: Sequence[str]) -> Any:
        """A place for each subject that a text speaks of; all texts share the third."""
        ordinary = {text for some in ORDINARY.values() for text in some}
        return np.array([[0, 0, 1] if text in ordinary else self._place(text) for text in texts], dtype=np.float32)

    @staticmethod
    def _place(text: str) -> list[float]:
        about = [WORDS[word] for word in text.lower().replace(".", " ").split() if word in WORDS]
        place = np.array([about.count(0), about.count(1), 0.5])
        return list(place / np.linalg.norm(place))


ROCKETS = [f"Rocket engine {word}" for word in ("alpha", "bravo", "carbon", "delta", "ember", "falcon")]
BREADS = [f"Bread oven {word}" for word in ("rye", "spelt", "barley", "emmer", "millet", "oat")]
BETWEEN = [f"Rocket bread {word}" for word in ("gala", "hobby", "ideal", "joker", "kiosk", "lemon", "mango", "night")]


@pytest.fixture
def channel(sessions: sessionmaker[Session]) -> Channel:
    """Three stories on rockets and three on bread."""
    with sessions.begin() as session:
        made = a_channel(session)
        for number, title in enumerate([*ROCKETS[:3], *BREADS[:3]]):
            a_told_story(session, made, title, number=number, views=1000)
    return made


@pytest.fixture
def find(sessions: sessionmaker[Session], channel: Channel, clock: ManualClock) -> Any:
    def found() -> FoundSeries:
        return find_series(sessions, ByWords(), channel=channel.slug, clock=clock)

    return found


def standing(sessions: sessionmaker[Session]) -> dict[str, UUID]:
    with sessions() as session:
        return {row.name: row.id for row in session.scalars(select(Series))}


def belonging(sessions: sessionmaker[Session]) -> dict[str, UUID | None]:
    with sessions() as session:
        rows = session.execute(select(Topic.title_original, Topic.series_id))
        return {row.title_original: row.series_id for row in rows}


def test_a_run_that_finds_nothing_new_writes_no_row_and_changes_no_story(sessions, find):
    find()
    first, stories = standing(sessions), belonging(sessions)
    assert len(first) == 2
    again = find()
    assert (again.new, again.again, again.joined) == (0, 2, 0)
    assert (standing(sessions), belonging(sessions)) == (first, stories)


def test_more_stories_and_fewer_are_the_same_series(sessions, channel, find):
    find()
    first = standing(sessions)
    with sessions.begin() as session:
        for number, title in enumerate([*ROCKETS[3:], *BREADS[3:]]):
            a_told_story(session, channel, title, number=20 + number, views=1000)
        session.execute(update(Topic).where(Topic.title_original.in_(ROCKETS[:2])).values(series_id=None))
        session.execute(update(Topic).where(Topic.title_original == BREADS[0]).values(title_original="Nothing at all"))
    find()
    assert standing(sessions) == first
    rockets = belonging(sessions)[ROCKETS[2]]
    assert {belonging(sessions)[title] for title in ROCKETS} == {rockets}


def test_two_series_that_grow_together_stay_two_rows_and_no_story_changes_its_series(sessions, channel, find):
    find()
    first, before = standing(sessions), belonging(sessions)
    with sessions.begin() as session:
        for number, title in enumerate(BETWEEN):
            a_told_story(session, channel, title, number=20 + number, views=1000)
    find()
    assert standing(sessions).items() >= first.items()
    assert belonging(sessions).items() >= before.items()
    merged = standing(sessions)
    find()
    assert standing(sessions) == merged


def test_a_series_whose_stories_part_stays_one_row_and_the_other_part_is_not_made_anew(sessions, channel, find):
    with sessions.begin() as session:
        session.execute(update(Topic).where(Topic.title_original.in_(BREADS)).values(title_original="Bread"))
    find()
    with sessions.begin() as session:
        one = session.scalars(select(Series.id).order_by(Series.name)).first()
        session.execute(update(Topic).values(series_id=one))
        session.execute(Series.__table__.delete().where(Series.id != one))
    again = find()
    assert (again.new, len(standing(sessions))) == (0, 1)
    assert set(belonging(sessions).values()) == {one}


def test_the_order_of_stories_makes_no_difference(sessions, clock):
    names = []
    for turned in (False, True):
        with sessions.begin() as session:
            made = a_channel(session)
            titles = [*ROCKETS, *BREADS]
            for number, title in enumerate(reversed(titles) if turned else titles):
                a_told_story(session, made, title, number=number, views=1000)
        found = find_series(sessions, ByWords(), channel=made.slug, clock=clock)
        names.append([(one.name, one.episodes) for one in found.series])
    assert names[0] == names[1]
    assert [episodes for _, episodes in names[0]] == [6, 6]


def test_two_runs_at_once_make_a_series_once(sessions, channel, clock):
    both = Barrier(2)

    class Together(ByWords):
        def embed(self, texts: Sequence[str]) -> Any:
            if any(title in texts for title in ROCKETS):
                both.wait(timeout=30)
            return super().embed(texts)

    def run(_: int) -> FoundSeries:
        return find_series(sessions, Together(), channel=channel.slug, clock=clock)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(run, range(2)))
    assert sorted(one.new for one in found) == [0, 2]
    assert len(standing(sessions)) == 2


def test_a_name_that_a_person_gave_stays_through_growth_and_pause(sessions, channel, find):
    find()
    rockets = belonging(sessions)[ROCKETS[0]]
    with sessions.begin() as session:
        rename(session, rockets, "  To   orbit ")
        for number, title in enumerate(ROCKETS[3:]):
            a_told_story(session, channel, title, number=20 + number, views=9000)
    find()
    assert standing(sessions)["To orbit"] == rockets
    with sessions.begin() as session:
        pause(session, rockets)
    find()
    with sessions.begin() as session:
        confirm(session, rockets)
    find()
    assert standing(sessions)["To orbit"] == rockets


@pytest.mark.parametrize(("say", "status"), [(pause, SeriesStatus.PAUSED), (end, SeriesStatus.ENDED)])
def test_what_a_person_stopped_takes_in_no_story_and_is_not_found_anew(sessions, channel, find, say, status):
    """Though three more stories of its subject would be enough for a series of their own."""
    find()
    rockets = belonging(sessions)[ROCKETS[0]]
    with sessions.begin() as session:
        say(session, rockets)
        for number, title in enumerate(ROCKETS[3:]):
            a_told_story(session, channel, title, number=20 + number, views=1000)
        a_topic(session, channel, title_original="Rocket engine orbit", summary=None)
    assert find().new == 0
    assert find().new == 0
    assert {belonging(sessions)[title] for title in ROCKETS[3:]} == {None}
    assert belonging(sessions)["Rocket engine orbit"] is None
    with sessions() as session:
        assert session.get_one(Series, rockets).status is status


@pytest.mark.parametrize("say", [confirm, pause, end])
def test_a_series_whose_old_stories_did_no_longer_well_is_not_made_anew_of_its_new_ones(sessions, channel, find, say):
    """The new cluster shares no story with the series: only what it is about says that it is the same."""
    find()
    first, rockets = standing(sessions), belonging(sessions)[ROCKETS[0]]
    with sessions.begin() as session:
        say(session, rockets)
        for number, title in enumerate([*ROCKETS[3:], *BREADS[3:], "Alone", "Lonely"]):
            a_told_story(session, channel, title, number=20 + number, views=90_000)
    found = find()
    assert (found.new, standing(sessions)) == (0, first)
    assert {belonging(sessions)[title] for title in ROCKETS[3:]} == {rockets if say is confirm else None}


def test_two_series_of_a_channel_never_have_one_name(sessions, channel, find):
    find()
    rockets = belonging(sessions)[ROCKETS[0]]
    with sessions.begin() as session:
        name = session.get_one(Series, rockets).name
        rename(session, belonging(sessions)[BREADS[0]], name.lower())
        session.execute(Series.__table__.delete().where(Series.id == rockets))
    find()
    names = list(standing(sessions))
    assert len(names) == len({each.casefold() for each in names}) == 2
