"""One story under many addresses, the whole way: from feeds over items to topics."""

from typing import Any
from xml.sax.saxutils import escape

from sqlalchemy import func, select

from shorts_pipeline.database import ChannelSource, SourceItem, Topic, TopicSighting
from shorts_pipeline.resources.fetch import Fetched, Validators
from shorts_pipeline.sources.collect import collect
from shorts_pipeline_tests.rows import a_source
from shorts_pipeline_tests.topics.stories import a_desk_channel

TITLE = "현대차, 미국 조지아 공장 가동 시작"
ADDRESSES = (
    "https://news.example.com/economy/20260302-1",
    "http://news.example.com/economy/20260302-1",
    "https://www.news.example.com/economy/20260302-1",
    "https://news.example.com/economy/20260302-1/",
    "https://NEWS.example.com/economy/20260302-1",
    "https://news.example.com/economy/20260302-1?utm_source=rss&utm_medium=feed",
    "https://news.example.com/economy/20260302-1?fbclid=IwAR0abc",
    "https://news.example.com/economy/20260302-1#comments",
    "https://news.example.com/amp/economy/20260302-1",
    "https://news.example.com:443/economy/20260302-1?outputType=amp",
)


class Feeds:
    """A fetcher that has every answer."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.answers = answers

    def fetch(self, address: str, **_: Any) -> Fetched:
        return Fetched(address, self.answers[address], "application/rss+xml", Validators())


def feed(*links: str) -> bytes:
    items = "".join(f"<item><title>{TITLE}</title><link>{escape(link)}</link></item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>소식</title>{items}</channel></rss>'.encode()


def test_a_story_under_ten_addresses_is_one_topic(sessions, choose, clock):
    answers = {"https://all.example.com/feed.xml": feed(*ADDRESSES)}
    answers |= {f"https://of-{n}.example.com/feed.xml": feed(link) for n, link in enumerate(ADDRESSES)}
    with sessions.begin() as session:
        channel = a_desk_channel(session, "news")
        sources = [a_source(session, channel, connection_config={"url": address}).id for address in answers]
    collected = collect(sessions, Feeds(answers), source_ids=sources, clock=clock)
    assert not collected.failed
    chosen = choose("news")
    assert (chosen.made, chosen.duplicates) == (1, chosen.read - 1)
    with sessions() as session:
        topic = session.scalars(select(Topic)).one()
        assert topic.score_parts["parts"]["multi_source"]["sources"] == len(answers)
        assert set(session.scalars(select(TopicSighting.topic_id))) == {topic.id}
        in_one_feed = select(func.count()).where(SourceItem.source_id == sources[0])
        # Case, fragments, tracking and the scheme's own port are no other address.
        assert session.scalar(in_one_feed) <= 6


def test_what_one_channel_told_is_news_to_another_that_hears_the_same_feed(sessions, choose, clock, redis):
    with sessions.begin() as session:
        one, other = a_desk_channel(session, "one"), a_desk_channel(session, "other")
        source = a_source(session, one, connection_config={"url": "https://news.example.com/feed.xml"})
        session.add(ChannelSource(channel_id=other.id, source_id=source.id))
        source_id = source.id
    feeds = Feeds({"https://news.example.com/feed.xml": feed(ADDRESSES[0])})
    assert collect(sessions, feeds, source_ids=[source_id], clock=clock).new == 1
    assert choose("one").made == 1
    with sessions() as session:
        hashed = session.scalars(select(Topic.content_hash)).one()
    assert redis.smembers(f"topic:hash:{hashed}") == {str(one.id)}
    assert (choose("other").made, choose("one").read, choose("other").read) == (1, 0, 0)
