"""The example channels and the demo's feeds meet."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.apply import apply
from shorts_pipeline.channels.reading import read_channel_files
from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Source, SourceItem, SourceType
from shorts_pipeline.embedded.feeds import serve
from shorts_pipeline.resources.fetch import FetchResource
from shorts_pipeline.sources.collect import collect
from shorts_pipeline.sources.rows import waiting_channels

CHANNELS = sorted((Path(__file__).parents[2] / "channels").glob("*.yaml"))


def test_the_example_channels_collect_the_demos_feeds_once(sessions: sessionmaker[Session], clock: ManualClock) -> None:
    with sessions.begin() as session:
        apply(session, read_channel_files(CHANNELS))
    with serve(clock.now()) as feeds:
        fetcher = FetchResource(mirror_url=feeds.url).fetcher
        first = collect(sessions, fetcher, clock=clock)
        clock.move(timedelta(hours=6))
        again = collect(sessions, fetcher, clock=clock)
    assert first.failed == again.failed == ()
    read = {one.name: one.new for one in first.sources}
    others = {"Hacker News": 4, "Lobsters": 4, "Google Trends": 9}
    assert {name: new for name, new in read.items() if name in others} == others
    assert sum(new for name, new in read.items() if name not in others) == 57
    assert again.new == 0
    unchanged = {one.name for one in again.sources if one.unchanged}
    assert unchanged == read.keys() - {"Google Trends"}
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(SourceItem)) == 57 + 17
        assert {one.slug: one.items for one in waiting_channels(session)} == {"byte-sized-news": 36, "oneul-tech": 43}
        kinds = select(Source.type, func.count()).join(SourceItem).group_by(Source.type)
        assert dict(session.execute(kinds).all()) == {
            SourceType.RSS: 57, SourceType.API: 4, SourceType.SCRAPER: 4, SourceType.TREND: 9,
        }  # fmt: skip
        told = session.scalars(select(SourceItem.text).join(Source).where(Source.name == "Hacker News")).all()
        assert sum("GLM-16" in text for text in told) == 1
        ransomware = session.scalars(select(SourceItem).where(SourceItem.item_key == "m8xq2c")).one()
        assert ransomware.places == ["board=hardware", "board=security"]
