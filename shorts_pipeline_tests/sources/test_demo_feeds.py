"""The example channels and the demo's feeds meet."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.apply import apply
from shorts_pipeline.channels.reading import read_channel_files
from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import SourceItem
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
    assert (len(first.sources), first.failed) == (4, ())
    assert first.new == 57
    assert [(one.unchanged, one.new) for one in again.sources] == [(True, 0)] * 4
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(SourceItem)) == 57
        assert {one.slug: one.items for one in waiting_channels(session)} == {"byte-sized-news": 28, "oneul-tech": 43}
