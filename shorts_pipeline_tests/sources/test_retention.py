"""How long items are kept."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import SourceItem
from shorts_pipeline.sources.collect import collect
from shorts_pipeline.sources.retention import prune_items
from shorts_pipeline_tests.rows import a_channel, a_source
from shorts_pipeline_tests.sources.web import Web, rss, story

Sessions = sessionmaker[Session]


def test_items_are_kept_as_long_as_the_channel_that_keeps_them_longest(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    with sessions.begin() as session:
        short = a_channel(session, operation_config={"retention": {"source_item_days": 2}})
        default = a_channel(session)
        url = {"url": "https://a.example/feed.xml"}
        only_short = a_source(session, short, connection_config=url)
        default_one = a_source(session, default, connection_config=url)
        nobody = a_source(session, connection_config=url)
    web.says("/a.example/feed.xml", rss(story(1), "<title>undated</title>"))
    collect(sessions, web.fetcher(), source_ids=[only_short.id, default_one.id, nobody.id], clock=clock)
    kept = []
    for days in (1, 2, 28):
        clock.move(timedelta(days=days))
        with sessions.begin() as session:
            kept.append(
                (prune_items(session, now=clock.now()), session.scalar(select(func.count()).select_from(SourceItem)))
            )
    assert kept == [(0, 6), (2, 4), (4, 0)]


def test_an_item_older_than_what_is_kept_is_not_stored_again(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    with sessions.begin() as session:
        ids = [a_source(session, a_channel(session), connection_config={"url": "https://a.example/feed.xml"}).id]
    web.says("/a.example/feed.xml", rss(story(1)))
    collect(sessions, web.fetcher(), source_ids=ids, clock=clock)
    clock.move(timedelta(days=31))
    with sessions.begin() as session:
        assert prune_items(session, now=clock.now()) == 1
    assert collect(sessions, web.fetcher(), source_ids=ids, clock=clock).new == 0
