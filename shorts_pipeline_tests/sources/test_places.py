"""{places} of an address, and who hears what they bring."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, ChannelSource, Source, SourceAddress, SourceItem, SourceState, SourceType
from shorts_pipeline.database.documents import SourceConnection
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.sources.collect import AllSourcesFailed, collect
from shorts_pipeline.sources.places import Wish, addresses
from shorts_pipeline.sources.rows import waiting_channels
from shorts_pipeline.topics.items import count_waiting, waiting_batches
from shorts_pipeline.topics.trend import read_trends
from shorts_pipeline_tests.rows import a_channel, a_source
from shorts_pipeline_tests.sources.web import Web, rss, story

Sessions = sessionmaker[Session]


def source(url: str, type: SourceType = SourceType.RSS, **connection: Any) -> Source:
    made = SourceConnection.model_validate({"url": url, **connection})
    return Source(name="boards", type=type, connection_config=made)


def boards(**by_channel: Any) -> list[Wish]:
    return [Wish({"board": values}) for values in by_channel.values()]


def test_each_combination_that_some_channel_asks_for_is_one_address() -> None:
    wishes = [Wish({"board": ["a", "b"], "sort": ["new"]}), Wish({"board": ["a"], "sort": ["top", "new"]})]
    found = addresses(source("https://e.com/{board}/{sort}"), wishes)
    assert [(one.url, one.place) for one in found] == [
        ("https://e.com/a/new", "board=a&sort=new"),
        ("https://e.com/b/new", "board=b&sort=new"),
        ("https://e.com/a/top", "board=a&sort=top"),
    ]


def test_a_channels_values_go_before_the_sources_own() -> None:
    own = source("https://e.com/{board}", parameters={"board": ["own"]})
    assert [one.url for one in addresses(own, [Wish({}), *boards(a=["x"])])] == ["https://e.com/own", "https://e.com/x"]
    assert [one.url for one in addresses(own, [])] == ["https://e.com/own"]


def test_values_are_written_as_addresses_are() -> None:
    (found,) = addresses(source("https://e.com/{q}", query={"q": "{q}", "n": "5"}), [Wish({"q": ["새 R&D/x"]})])
    assert found.url == "https://e.com/%EC%83%88%20R%26D%2Fx?q=%EC%83%88+R%26D%2Fx&n=5"


def test_too_many_addresses_and_places_nobody_fills_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="more than 50"):
        addresses(source("https://e.com/{a}/{b}"), [Wish({"a": [str(n) for n in range(10)], "b": list("abcdef")})])
    with pytest.raises(ConfigurationError, match=r"nothing fills \{b\}"):
        addresses(source("https://e.com/{a}/{b}"), [Wish({"a": ["1"]})])


def test_a_trend_sources_geo_is_the_channels_regions() -> None:
    trends = source("https://t.com/rss?geo={geo}", SourceType.TREND)
    found = addresses(trends, [Wish({}, ["KR", "US"]), Wish({}, ["US"]), Wish({}, None)])
    assert [one.place for one in found] == ["geo=KR", "geo=US"]


def listening(session: Session, url: str, boards_of: dict[str, list[str]], **over: Any) -> UUID:
    made = a_source(session, connection_config={"url": url}, **over)
    for slug, values in boards_of.items():
        channel = a_channel(session, slug=slug)
        use = {"parameters": {"board": values}}
        session.add(ChannelSource(channel_id=channel.id, source_id=made.id, custom_config=use))
    return made.id


def heard(sessions: Sessions) -> dict[str, list[str]]:
    """What waits for each channel, by key of the item's title."""
    with sessions() as session:
        waiting = {one.slug: one.items for one in waiting_channels(session)}
        found = {}
        for channel in session.scalars(select(Channel).order_by(Channel.slug)):
            items = [item for batch in waiting_batches(sessions, channel.id) for item in batch]
            assert len(items) == count_waiting(session, channel.id) == waiting.get(channel.slug, 0)
            found[channel.slug] = sorted((item.url or "").rpartition("/")[2] for item in items)
    return found


def test_two_channels_share_the_fetches_and_each_hears_its_own_boards(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    with sessions.begin() as session:
        listening(session, "https://e.com/{board}", {"one": ["free", "R&D"], "two": ["free", "news=1"], "three": ["x"]})
    web.says("/e.com/free", rss(story(1), story(2)))
    web.says("/e.com/R%26D", rss(story(2), story(3)))
    web.says("/e.com/news%3D1", rss(story(4)))
    web.says("/e.com/x", rss())
    collected = collect(sessions, web.fetcher(), clock=clock)
    assert sorted(web.paths()) == ["/e.com/R%26D", "/e.com/free", "/e.com/news%3D1", "/e.com/x"]
    assert collected.new == 4
    assert heard(sessions) == {"one": ["1", "2", "3"], "three": [], "two": ["1", "2", "4"]}
    with sessions() as session:
        places = dict(session.execute(select(SourceItem.item_key, SourceItem.places)).all())
    assert places["story-2"] == ["board=R%26D", "board=free"]


def test_an_item_waits_for_a_channel_as_soon_as_a_board_of_its_brings_it(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    with sessions.begin() as session:
        listening(session, "https://e.com/{board}", {"one": ["a"], "two": ["b"]})
    web.says("/e.com/a", rss(story(1)))
    web.says("/e.com/b", rss())
    ids = collect(sessions, web.fetcher(), clock=clock).sources
    assert heard(sessions) == {"one": ["1"], "two": []}
    web.says("/e.com/b", rss(story(1)))
    again = collect(sessions, web.fetcher(), source_ids=[ids[0].source_id], clock=clock)
    assert (again.new, again.sources[0].changed) == (0, 1)
    assert heard(sessions) == {"one": ["1"], "two": ["1"]}


def test_every_address_has_its_own_state_and_one_that_is_dead_stops_no_other(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    with sessions.begin() as session:
        id_ = listening(session, "https://e.com/{board}", {"one": ["good", "moved", "gone", "missing"]})
    web.says("/e.com/good", rss(story(1)), ETag='"g"')
    web.says("/e.com/moved", status=301, Location="https://e.com/new")
    web.says("/e.com/new", rss(story(2)), ETag='"m"')
    web.says("/e.com/gone", status=410)
    first = collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    assert (first.new, first.sources[0].addresses_failed, first.failed) == (2, 2, ())
    with sessions() as session:
        known = {row.address: row for row in session.scalars(select(SourceAddress))}
        state = session.get_one(SourceState, id_)
    assert (known["https://e.com/good"].etag, known["https://e.com/moved"].moved_to) == ('"g"', "https://e.com/new")
    assert known["https://e.com/gone"].gone
    assert (state.failures, state.etag) == (0, None)
    assert "2 of 4 addresses" in (state.last_error or "")
    web.asked.clear()
    again = collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    assert (again.new, sorted(web.paths())) == (0, ["/e.com/good", "/e.com/missing", "/e.com/new"])
    sent = {one.path: one.headers.get("If-None-Match") for one in web.asked}
    assert (sent["/e.com/good"], sent["/e.com/new"]) == ('"g"', '"m"')


def test_a_source_fails_when_all_its_addresses_failed_and_recovers_with_another(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    with sessions.begin() as session:
        id_ = listening(session, "https://e.com/{board}", {"one": ["gone", "missing"]})
    web.says("/e.com/gone", status=410)
    with pytest.raises(AllSourcesFailed, match="all 2 addresses failed"):
        collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    with sessions.begin() as session:
        state = session.get_one(SourceState, id_)
        assert (state.failures, state.gone) == (1, False)
        use = session.scalars(select(ChannelSource)).one()
        use.custom_config = {"parameters": {"board": ["good"]}}  # type: ignore[assignment]
    web.says("/e.com/good", rss(story(1)))
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 1
    with sessions() as session:
        assert [row.address for row in session.scalars(select(SourceAddress))] == ["https://e.com/good"]


def test_a_channel_hears_the_search_terms_of_its_own_regions(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    with sessions.begin() as session:
        trends = a_source(session, type=SourceType.TREND, connection_config={"url": "https://t.com/rss?geo={geo}"})
        by_slug = {"korea": {"regions": ["KR"]}, "both": {"regions": ["KR", "US"]}, "silent": {}}
        for slug, settings in by_slug.items():
            channel = a_channel(session, slug=slug, source_config={"trends": settings})
            session.add(ChannelSource(channel_id=channel.id, source_id=trends.id))
    for geo, term in (("KR", "반도체"), ("US", "memory chips")):
        item = f"<title>{term}</title><ht:approx_traffic>20K+</ht:approx_traffic>"
        feed = rss(item).replace("<rss ", '<rss xmlns:ht="https://trends.google.com/trending/rss" ')
        web.says(f"/t.com/rss?geo={geo}", feed)
    assert collect(sessions, web.fetcher(), clock=clock).new == 2
    with sessions() as session:
        ids = dict(session.execute(select(Channel.slug, Channel.id)).all())
        found = {slug: set(read_trends(session, ids[slug], clock.now(), 0.5).strength) for slug in by_slug}
    assert found == {"korea": {"반도체"}, "both": {"반도체", "memory chips"}, "silent": {"반도체"}}
