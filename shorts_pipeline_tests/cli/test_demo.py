"""Which story a home plays: its own once it was played, and whichever is asked for before that."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shorts_pipeline.cli.demo import _state
from shorts_pipeline.demo.state import STORY, begin, load, save
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.settings import settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SHORTS_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_a_new_story_ends_before_the_machines_own_time() -> None:
    now = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
    assert timedelta() < now - (begin(now, live=False).began + STORY) < timedelta(days=2)


def test_a_story_that_was_played_goes_on_where_it_ended(home: Path) -> None:
    first = _state(live=False)
    ended = replace(first, ended=first.began + STORY)
    save(home, ended)
    assert _state(live=False) == ended
    assert ended.now == ended.ended


def test_a_played_story_is_not_mixed_with_other_feeds(home: Path) -> None:
    first = _state(live=False)
    save(home, replace(first, ended=first.began + STORY))
    with pytest.raises(ConfigurationError, match="made from the shipped feeds"):
        _state(live=True)


def test_a_story_that_failed_without_a_network_may_be_played_from_the_shipped_feeds(home: Path) -> None:
    """`--live` without a network left a home that refused the demo from then on."""
    assert _state(live=True).live
    assert not _state(live=False).live
    state = load(home)
    assert state is not None
    assert not state.live
