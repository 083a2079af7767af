"""Play the story once: apply the example channels, run every asset, move the clock, say what was made."""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import dagster as dg
from redis import Redis
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.apply import apply
from shorts_pipeline.channels.reading import read_channel_files
from shorts_pipeline.clock import FileClock, ManualClock
from shorts_pipeline.definitions import build_defs
from shorts_pipeline.demo.materialize import Materializer
from shorts_pipeline.demo.report import count_rows, new_rows
from shorts_pipeline.demo.state import DemoState, save
from shorts_pipeline.demo.story import Starting, Story, Told, pacific_day

PARTITIONS = "channels"


def play(
    sessions: sessionmaker[Session],
    redis: Redis,
    clock: FileClock,
    *,
    files: Sequence[Path],
    home: Path,
    state: DemoState,
    starting: Starting,
    told: Told,
    shorts: int | None = None,
) -> dict[str, int]:
    """The rows that came, by table; a second time none do. `shorts`: at most so many a channel.

    The environment must name Dagster's instance.
    """
    warnings.filterwarnings("ignore", category=dg.BetaWarning)
    warnings.filterwarnings("ignore", category=dg.PreviewWarning)
    read = read_channel_files(files)
    with sessions.begin() as session:
        before = count_rows(session)
        apply(session, read)
    slugs = [one.channel.slug for one in read]
    with dg.DagsterInstance.get() as instance:
        instance.add_dynamic_partitions(PARTITIONS, slugs)
        story = Story(sessions, redis, clock, Materializer(build_defs(), instance), slugs, starting, told, shorts)
        story.publish()
        if state.ended is None:
            story.move_on()
            save(home, replace(state, ended=clock.now()))
        story.look_back(pacific_day(ManualClock(state.began)))
    with sessions() as session:
        return new_rows(before, count_rows(session))
