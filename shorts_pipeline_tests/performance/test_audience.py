"""Traffic sources and demographics: two calls a video and week, under a budget, the most seen first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, ChannelStatus, JobLog, Performance, PerformanceDay, Upload
from shorts_pipeline.database.only_one import only_one
from shorts_pipeline.errors import RetryLater
from shorts_pipeline.performance.audience import Audience, ask_audience
from shorts_pipeline.performance.snapshots import pull_snapshots
from shorts_pipeline_tests.performance.channel_history import FIRST, FakeYouTube, a_channel_with_uploads
from shorts_pipeline_tests.performance.conftest import OnAir
from shorts_pipeline_tests.rows import a_channel

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# The clock stands on Sunday, 1 March in California: the newest day that is nearly whole is the one before 26 February.
NEWEST = date(2026, 2, 25)


@dataclass
class Told:
    """Answers about any video, and what was asked. `fails_after` so many calls it answers no more."""

    asked: list[tuple[str, str, date, date]] = field(default_factory=list)
    fails_after: int | None = None
    withheld: frozenset[str] = frozenset()

    def traffic(self, video_id: str, first: date, last: date) -> dict[str, int]:
        self._note("traffic", video_id, first, last)
        return {"SHORTS": 80, "SUBSCRIBER": 20}

    def audience(self, video_id: str, first: date, last: date) -> dict[str, float]:
        self._note("audience", video_id, first, last)
        return {} if video_id in self.withheld else {"age18-24.female": 60.0, "age18-24.male": 40.0}

    def _note(self, *asked: Any) -> None:
        self.asked.append(asked)
        if self.fails_after is not None and len(self.asked) > self.fails_after:
            raise RetryLater("YouTube answered 503")

    @property
    def videos(self) -> list[str]:
        """Videos whose traffic was asked for, in order."""
        return [asked[1] for asked in self.asked if asked[0] == "traffic"]


@pytest.fixture
def told() -> Told:
    return Told()


Made = tuple[Channel, list[Upload], FakeYouTube]


@pytest.fixture
def measured(sessions: sessionmaker[Session], clock: ManualClock) -> Callable[..., Made]:
    """A channel whose shorts were seen so often on NEWEST, and on no other day."""

    def make(views: Sequence[int], *, calls_a_week: int = 100) -> Made:
        youtube = FakeYouTube()
        budget = {"budget": {"audience_calls_a_week": calls_a_week}}
        with sessions.begin() as session:
            channel, uploads = a_channel_with_uploads(session, len(views), operation_config=budget)
        for upload, count in zip(uploads, views, strict=True):
            youtube.say(NEWEST, upload, views=count)
        pull_snapshots(sessions, youtube, channel=channel.slug, days=[NEWEST], clock=clock)
        return channel, uploads, youtube

    return make


@pytest.fixture
def ask(sessions: sessionmaker[Session], told: Told, clock: ManualClock) -> Callable[[Channel], Audience]:
    return lambda channel: ask_audience(sessions, lambda _: told, channel=channel.slug, clock=clock, run_id="run")


def names(uploads: Sequence[Upload]) -> list[str]:
    return [str(upload.youtube_video_id) for upload in uploads]


def test_the_answer_is_in_the_days_row_and_in_performances(
    sessions: sessionmaker[Session], measured: Callable[..., Made], ask: Callable[[Channel], Audience], told: Told
):
    channel, (upload,), _ = measured([100])
    assert ask(channel) == Audience(channel.slug, videos=1, calls=2, left=98)
    assert told.asked[0] == ("traffic", upload.youtube_video_id, FIRST, NEWEST)
    with sessions() as session:
        row = session.get_one(PerformanceDay, (upload.id, NEWEST))
        total = session.scalars(select(Performance)).one()
        assert row.traffic_sources == total.traffic_sources == {"SHORTS": 80, "SUBSCRIBER": 20}
        assert row.demographics == total.demographics == {"age18-24.female": 60.0, "age18-24.male": 40.0}
        assert row.views == total.views == 100


def test_the_most_seen_come_first_and_the_budget_ends_it(
    measured: Callable[..., Made], ask: Callable[[Channel], Audience], told: Told
):
    channel, uploads, _ = measured([5, 900, 40, 70, 0], calls_a_week=5)
    result = ask(channel)
    assert told.videos == [uploads[1].youtube_video_id, uploads[3].youtube_video_id]
    assert (result.videos, result.calls, result.left) == (2, 4, 1)


def test_no_video_is_asked_about_twice_a_week(
    measured: Callable[..., Made], ask: Callable[[Channel], Audience], told: Told, clock: ManualClock
):
    channel, uploads, _ = measured([10, 20])
    ask(channel)
    clock.move(4 * DAY)  # another week of the calendar has begun
    assert ask(channel).calls == 0
    assert told.videos == names(list(reversed(uploads)))


def test_after_a_week_only_what_was_seen_since_is_asked_about_again(
    sessions: sessionmaker[Session],
    measured: Callable[..., Made],
    ask: Callable[[Channel], Audience],
    told: Told,
    clock: ManualClock,
):
    channel, (quiet, lively), youtube = measured([500, 20])
    ask(channel)
    clock.move(WEEK)
    youtube.say(NEWEST + 3 * DAY, lively, views=1)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[NEWEST + n * DAY for n in range(1, 8)], clock=clock)
    told.asked.clear()
    ask(channel)
    assert told.videos == names([lively])
    assert told.asked[0][3] == NEWEST + WEEK
    with sessions() as session:
        stored = select(func.count()).where(PerformanceDay.traffic_sources.is_not(None))
        assert session.scalar(stored.where(PerformanceDay.upload_id == quiet.id)) == 1
        assert session.scalar(stored.where(PerformanceDay.upload_id == lively.id)) == 2


def test_the_budget_is_a_calendar_weeks_and_failed_calls_count(
    sessions: sessionmaker[Session],
    measured: Callable[..., Made],
    ask: Callable[[Channel], Audience],
    told: Told,
    clock: ManualClock,
):
    channel, uploads, _ = measured([30, 20, 10], calls_a_week=4)
    told.fails_after = 2
    with pytest.raises(RetryLater):
        ask(channel)
    told.fails_after = None
    with sessions() as session:
        assert session.scalars(select(JobLog.result["calls"].astext).order_by(JobLog.started_at)).all()[-1] == "3"
        # What was answered before the failure is kept, in the totals too.
        kept = session.scalars(select(Performance.upload_id).where(Performance.traffic_sources != {})).all()
        assert kept == [uploads[0].id]
    assert ask(channel).calls == 0  # one call is left, and a video costs two
    clock.move(DAY)  # Monday
    assert ask(channel).calls == 4
    assert told.videos[-2:] == names(uploads[1:])


def test_withheld_demographics_are_null_and_the_last_known_ones_stay_shown(
    sessions: sessionmaker[Session],
    measured: Callable[..., Made],
    ask: Callable[[Channel], Audience],
    told: Told,
    clock: ManualClock,
):
    channel, (upload,), youtube = measured([100])
    ask(channel)
    clock.move(WEEK)
    youtube.say(NEWEST + WEEK, upload, views=3)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[NEWEST + WEEK], clock=clock)
    told.withheld = frozenset(names([upload]))
    assert ask(channel).withheld == 1
    with sessions() as session:
        row = session.get_one(PerformanceDay, (upload.id, NEWEST + WEEK))
        assert row.traffic_sources is not None
        assert row.demographics is None
        assert session.scalars(text("SELECT count(*) FROM performance_days WHERE demographics = 'null'")).one() == 0
        assert session.scalars(select(Performance.demographics)).one() != {}


def test_pulling_the_day_again_keeps_its_audience(
    sessions: sessionmaker[Session],
    measured: Callable[..., Made],
    ask: Callable[[Channel], Audience],
    clock: ManualClock,
):
    channel, (upload,), youtube = measured([100])
    ask(channel)
    youtube.say(NEWEST, upload, views=120)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[NEWEST], clock=clock)
    with sessions() as session:
        total = session.scalars(select(Performance)).one()
        assert (total.views, total.traffic_sources["SHORTS"]) == (120, 80)


@pytest.mark.parametrize("status", [ChannelStatus.PAUSED, ChannelStatus.ARCHIVED])
def test_an_idle_channel_is_not_asked_about(
    sessions: sessionmaker[Session],
    measured: Callable[..., Made],
    ask: Callable[[Channel], Audience],
    told: Told,
    status: ChannelStatus,
):
    channel, _, _ = measured([10])
    with sessions.begin() as session:
        session.execute(update(Channel).values(status=status))
    assert (ask(channel).skipped, told.asked) == (f"the channel is {status}", [])


def test_two_runs_at_once_spend_the_budget_once(
    sessions: sessionmaker[Session], told: Told, measured: Callable[..., Made], ask: Callable[[Channel], Audience]
):
    channel, _, _ = measured([100])
    with only_one(sessions, f"audience:{channel.id}"):
        assert ask(channel).skipped == "another run is asking for this channel"
    assert not told.asked
    assert ask(channel).calls == 2


def test_a_budget_of_nothing_and_a_channel_without_shorts_cost_no_call(
    sessions: sessionmaker[Session], measured: Callable[..., Made], ask: Callable[[Channel], Audience], told: Told
):
    channel, _, _ = measured([10], calls_a_week=0)
    with sessions.begin() as session:
        empty = a_channel(session)
    assert [ask(one).calls for one in (channel, empty)] == [0, 0]
    assert told.asked == []


def test_audiences_come_through_the_true_client_from_the_sandbox(on_air: Callable[..., OnAir]):
    air = on_air(3)
    air.clock.move(10 * DAY)
    air.pull(*(air.first + n * DAY for n in range(8)))
    before = air.calls("reports.query")
    asked = ask_audience(air.sessions, lambda _: air.youtube, channel="on-air", clock=air.clock)
    assert (asked.videos, asked.calls) == (3, 6)
    assert air.calls("reports.query") - before == 6
    with air.sessions() as session:
        for total in session.scalars(select(Performance)):
            days = [day["views"] for day in total.daily_snapshots if day["date"] <= "2026-03-07"]
            assert sum(total.traffic_sources.values()) == sum(days)
            assert sum(total.demographics.values()) == pytest.approx(100, abs=2)
