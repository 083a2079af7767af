"""`shorts sources`: what a person sees."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.cli.sources import sources
from shorts_pipeline.clock import FileClock, ManualClock
from shorts_pipeline.database import SourceItem
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.settings import settings
from shorts_pipeline.sources.collect import collect
from shorts_pipeline_tests.rows import a_channel, a_source
from shorts_pipeline_tests.sources.web import Web, rss, story

Says = Callable[..., str]


@pytest.fixture
def says(
    own_database_url: str,
    redis_url: str,
    web: Web,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: object,
) -> Says:
    """Runs a command on this test's services and gives what it says."""
    for name, value in {
        "SHORTS_HOME": str(tmp_path),
        "DATABASE_URL": own_database_url,
        "REDIS_URL": redis_url,
        "SOURCE_MIRROR_URL": web.url,
        "COLUMNS": "200",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    FileClock(settings().clock_file).set(clock.now())

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(sources, list(arguments), catch_exceptions=False)
        assert done.exit_code == 0
        return done.output

    return run


def test_sources_are_listed_with_what_is_wrong_and_when_they_are_read_next(
    says: Says, sessions: sessionmaker[Session], clock: ManualClock, web: Web
) -> None:
    with sessions.begin() as session:
        channel = a_channel(session)
        for name in ("good", "bad"):
            a_source(session, channel, name=name, connection_config={"url": f"https://{name}.example/"})
        a_source(session, channel, name="odd", cron_expression="whenever")
    web.says("/good.example/", rss())
    collect(sessions, web.fetcher(), clock=clock)
    listed = says("list")
    assert "404" in listed
    assert "2026-03-02 09:00 KST" in listed
    upcoming = says("next").splitlines()
    assert [name for line in upcoming for name in ("good", "bad", "odd") if f" {name} " in line] == [
        "bad",
        "good",
        "odd",
    ]
    assert any("09:05 KST" in line and "waits after 1 failures" in line for line in upcoming)


def test_a_source_is_tried_and_nothing_is_stored(says: Says, sessions: sessionmaker[Session], web: Web) -> None:
    with sessions.begin() as session:
        a_source(session, name="뉴스 [속보]", connection_config={"url": "https://a.example/"})
    web.says("/a.example/", rss(story(1)))
    shown = says("test", "뉴스 [속보]")
    assert "반도체 수출 1조 원 넘었다" in shown
    assert "1 items" in shown
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(SourceItem)) == 0


def test_a_source_nobody_knows_is_said_to_be_unknown(says: Says) -> None:
    with pytest.raises(ConfigurationError, match="shorts sources list"):
        says("test", "nothing")
