"""`shorts sources`: what a person sees."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.cli.sources import sources
from shorts_pipeline.cli.topics import topics
from shorts_pipeline.clock import FileClock, ManualClock
from shorts_pipeline.database import (
    ChannelSource,
    ItemJudgement,
    JobLog,
    SourceAddress,
    SourceItem,
    SourceState,
    SourceType,
    Topic,
)
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
    assert any("09:0" in line and "waits after 1 failures" in line for line in upcoming)


def test_a_source_is_tried_and_nothing_is_stored(says: Says, sessions: sessionmaker[Session], web: Web) -> None:
    with sessions.begin() as session:
        a_source(session, name="뉴스 [속보]", connection_config={"url": "https://a.example/"})
    web.says("/a.example/", rss(story(1)))
    shown = says("test", "뉴스 [속보]")
    assert "반도체 수출 1조 원 넘었다" in shown
    assert "1 items" in shown
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(SourceItem)) == 0


def stored(sessions: sessionmaker[Session]) -> list[int]:
    with sessions() as session:
        tables = (SourceItem, SourceState, SourceAddress, Topic, ItemJudgement, JobLog)
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def rows(shown: str, heading: str) -> dict[str, list[str]]:
    """The lines of the table with this title: cells by number."""
    table = shown.partition(f"\n{heading} ")[2].partition("└")[0]
    lines = [[cell.strip() for cell in line.strip("│ ").split("│")] for line in table.splitlines() if "│" in line]
    return {cells[0]: cells[1:] for cells in lines if cells[0].isdigit()}


def test_each_item_is_shown_with_why_each_channel_would_keep_or_drop_it(
    says: Says, sessions: sessionmaker[Session], web: Web, clock: ManualClock
) -> None:
    wants: dict[str, Any] = {
        "include": {"categories": {"chips": {"keywords": ["반도체"]}}},
        "exclude": {"keywords": ["부고"]},
        "rules": [{"keywords": ["급등"], "then": "reject", "reason": "투자 권유"}],
        "queue": {"least_score": 20},
    }
    with sessions.begin() as session:
        one = a_channel(session, slug="one", topic_config=wants)
        two = a_channel(session, slug="two", topic_config={"queue": {"least_score": 100}})
        source = a_source(session, name="게시판", connection_config={"url": "https://a.example/{board}"})
        old = {"filters": {"greatest_age_hours": 24, "excluded_keywords": ["광고"]}, "parameters": {"board": ["x"]}}
        session.add(ChannelSource(channel_id=one.id, source_id=source.id, custom_config=old))
        use = {"parameters": {"board": ["y"]}}
        session.add(ChannelSource(channel_id=two.id, source_id=source.id, custom_config=use))
    CliRunner().invoke(topics, ["add", "one", "반도체 수출 7조 원 넘었다"], catch_exceptions=False)
    titles = [
        "반도체 공장이 문을 연다",
        "[부고] 반도체 학자 별세",
        "반도체 주식 급등",
        "날씨가 맑다",
        "반도체 광고",
        "반도체 옛 소식",
    ]
    dates = ["Mon, 02 Mar 2026 08:00:00 +0900"] * 5 + ["Fri, 27 Feb 2026 08:00:00 +0900"]
    listed = [f"<title>{title}</title><guid>{n}</guid><pubDate>{date}</pubDate>"
              for n, (title, date) in enumerate(zip(titles, dates, strict=True))]  # fmt: skip
    web.says("/a.example/x", rss(*listed, story(7)))
    web.says("/a.example/y", rss("<title>두 번째 게시판의 소식</title><guid>y</guid>"))
    before = stored(sessions)
    shown = says("test", "게시판")
    assert stored(sessions) == before
    assert "8 items; 8 shown, none stored" in shown
    verdicts = {number: (cells[0], cells[2]) for number, cells in rows(shown, "one").items()}
    expected = {
        "1": ("✓ topic", "="), "2": ("✗ filtered", "부고"), "3": ("✗ filtered", "투자 권유"),
        "4": ("✗ filtered", "outside the channel's subjects"), "5": ("✗ filtered", "광고"),
        "6": ("✗ filtered", "hours old"), "7": ("✗ repeat", "told already: “반도체 수출 7조"),
        "8": ("✗ not heard", "other places"),
    }  # fmt: skip
    for number, (outcome, why) in expected.items():
        assert (verdicts[number][0], why in verdicts[number][1]) == (outcome, True), verdicts[number]
    assert [cells[0] for cells in rows(shown, "two").values()] == ["✗ not heard"] * 7 + ["✗ low score"]
    assert says("test", "게시판", "--channel", "two").count("not heard") == 0


def test_a_source_that_nobody_listens_to_can_be_asked_for_one_channel(
    says: Says, sessions: sessionmaker[Session], web: Web
) -> None:
    with sessions.begin() as session:
        a_channel(session, slug="one", topic_config={"include": {"categories": {"x": {"keywords": ["없는 말"]}}}})
        a_source(session, name="a", connection_config={"url": "https://a.example/"})
        a_source(session, name="dead", connection_config={"url": "https://dead.example/"})
    web.says("/a.example/", rss(story(1)))
    assert "No channel listens to it" in says("test", "a")
    assert "outside the channel's subjects" in says("test", "a", "--channel", "one")
    with pytest.raises(ConfigurationError, match="shorts channels list"):
        says("test", "a", "--channel", "nobody")
    with pytest.raises(ConfigurationError, match="404"):
        says("test", "dead")


def test_search_terms_are_shown_as_the_signal_they_are(says: Says, sessions: sessionmaker[Session], web: Web) -> None:
    with sessions.begin() as session:
        a_source(
            session, a_channel(session, slug="one", source_config={"trends": {"enabled": True}}), name="trends",
            type=SourceType.TREND, connection_config={"url": "https://t.example/"},
            parser_config={"format": "json", "items": "t", "title": "q", "traffic": "n"},
        )  # fmt: skip
    web.says("/t.example/", '{"t": [{"q": "반도체", "n": "2만+"}]}')
    shown = says("test", "trends")
    assert "traffic 20,000" in shown
    assert "strength 0.81" in shown


def test_a_source_nobody_knows_is_said_to_be_unknown(says: Says) -> None:
    with pytest.raises(ConfigurationError, match="shorts sources list"):
        says("test", "nothing")
