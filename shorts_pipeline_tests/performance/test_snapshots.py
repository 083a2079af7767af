"""A day's figures: any order, any number of times, several at once; what is not reported is NULL, not 0."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, ChannelStatus, JobLog, JobStatus, Performance, PerformanceDay
from shorts_pipeline.errors import ConfigurationError, Rejected
from shorts_pipeline.performance.completeness import unequal_totals
from shorts_pipeline.performance.projection import LIVE_DAYS, lock_projection, project
from shorts_pipeline.performance.snapshots import Snapshots, pull_channels, pull_snapshots
from shorts_pipeline.resources.youtube import YouTubeResource
from shorts_pipeline_tests.performance.channel_history import FIRST, FakeYouTube, a_channel_with_uploads
from shorts_pipeline_tests.rows import a_channel, a_published_upload

SECOND = FIRST + timedelta(days=1)


@pytest.fixture
def youtube() -> FakeYouTube:
    return FakeYouTube()


def everything(sessions: sessionmaker[Session]) -> list[Any]:
    """Every figure in both tables, without the times at which they were written."""
    days = "SELECT to_jsonb(d) - 'pulled_at' - 'run_id' FROM performance_days d ORDER BY upload_id, day"
    timed = "'{id,created_at,updated_at,last_synced_at}'::text[]"
    totals = f"SELECT to_jsonb(p) - {timed} FROM performances p ORDER BY upload_id"
    with sessions() as session:
        return [*session.scalars(text(days)), *session.scalars(text(totals))]


def test_a_days_figures_reach_both_tables(sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock):
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    youtube.say(FIRST, upload, views=100, likes=4, comments=1, shares=1, watch_time_seconds=900, avg_view_duration=9.0)
    youtube.say(SECOND, upload, views=50, likes=3, watch_time_seconds=300, avg_view_duration=6.0)
    result = pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST, SECOND], clock=clock, run_id="run")
    assert result == Snapshots(channel.slug, days=2, calls=2, videos=3, asked=6, reported=2)
    with sessions() as session:
        total = session.scalars(select(Performance).where(Performance.upload_id == upload.id)).one()
        assert (total.views, total.likes, total.watch_time_seconds) == (150, 7, 1200)
        assert total.avg_view_duration == pytest.approx(8.0)
        assert total.engagement_rate == pytest.approx(9 / 150)
        assert [(day["date"], day["views"], day["comments"]) for day in total.daily_snapshots] == [
            ("2026-02-01", 100, 1),
            ("2026-02-02", 50, None),
        ]
        assert total.last_synced_at == clock.now()
        log = session.scalars(select(JobLog)).one()
        assert (log.status, log.result["reported"]) == (JobStatus.COMPLETED, 2)
        assert log.run_metadata["run_id"] == "run"


def test_what_is_not_reported_is_null_and_not_zero(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel, (some, none, _) = a_channel_with_uploads(session)
    youtube.say(FIRST, some, views=0)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    with sessions() as session:
        assert session.get_one(PerformanceDay, (some.id, FIRST)).views == 0
        assert session.get_one(PerformanceDay, (some.id, FIRST)).likes is None
        assert session.get_one(PerformanceDay, (none.id, FIRST)).views is None
        lists = dict(session.execute(select(Performance.upload_id, Performance.daily_snapshots)).all())
        assert [day["views"] for day in lists[some.id]] == [0]
        assert lists[none.id] == []


def test_a_restated_day_replaces_what_was_said(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    for views in (100, 130, 120):
        youtube.say(FIRST, upload, views=views, likes=None if views == 120 else 5)
        pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
        clock.move(timedelta(hours=1))
    with sessions() as session:
        day = session.get_one(PerformanceDay, (upload.id, FIRST))
        assert (day.views, day.likes) == (120, 5)
        assert session.scalars(select(Performance.views).where(Performance.upload_id == upload.id)).one() == 120


def test_an_answer_that_leaves_a_video_out_forgets_nothing(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    youtube.say(FIRST, upload, views=100)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    youtube.figures.clear()
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    with sessions() as session:
        assert session.get_one(PerformanceDay, (upload.id, FIRST)).views == 100


def test_an_older_pull_that_ends_later_does_not_win(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    youtube.say(FIRST, upload, views=200)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    youtube.say(FIRST, upload, views=100)
    clock.move(timedelta(hours=-1))
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    with sessions() as session:
        assert session.get_one(PerformanceDay, (upload.id, FIRST)).views == 200


def test_any_order_any_number_of_times_and_four_at_once_give_the_same_tables(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    days = [FIRST + timedelta(days=n) for n in range(12)]
    chance = random.Random(7)
    with sessions.begin() as session:
        channel, uploads = a_channel_with_uploads(session, 25)
    for day in days:
        for upload in uploads:
            if chance.random() < 0.9:
                youtube.say(day, upload, views=chance.randrange(5000), likes=chance.randrange(200))
    pull_snapshots(sessions, youtube, channel=channel.slug, days=days, clock=clock)
    straight = everything(sessions)
    with sessions.begin() as session:
        session.execute(text("TRUNCATE performance_days, performance_months, performances"))
    shuffled = [[day] for day in days * 2]
    chance.shuffle(shuffled)
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda some: pull_snapshots(sessions, youtube, channel=channel.slug, days=some, clock=clock), shuffled
            )
        )
    assert everything(sessions) == straight


def test_calls_are_days_times_two_hundreds_of_videos(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel, _ = a_channel_with_uploads(session, 201)
    result = pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST, SECOND], clock=clock)
    assert result.calls == len(youtube.calls) == 4
    assert youtube.calls == [(FIRST, 200), (FIRST, 1), (SECOND, 200), (SECOND, 1)]


def test_a_video_is_not_asked_for_before_it_was_there(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel, _ = a_channel_with_uploads(session, 1)
    result = pull_snapshots(
        sessions, youtube, channel=channel.slug, days=[FIRST - timedelta(days=1), FIRST], clock=clock
    )
    assert youtube.calls == [(FIRST, 1)]
    assert (result.days, result.asked) == (2, 1)


def test_one_channels_figures_leave_the_others_alone(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        mine, (upload, *_) = a_channel_with_uploads(session)
        a_published_upload(session, a_channel(session), uploaded_at=upload.uploaded_at)
    pull_snapshots(sessions, youtube, channel=mine.slug, days=[FIRST], clock=clock)
    assert youtube.calls == [(FIRST, 3)]


@pytest.mark.parametrize("status", [ChannelStatus.PAUSED, ChannelStatus.ARCHIVED])
def test_a_channel_that_is_not_active_is_skipped(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock, status: ChannelStatus
):
    with sessions.begin() as session:
        channel, _ = a_channel_with_uploads(session)
        session.execute(update(Channel).values(status=status))
    result = pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    assert (result.skipped, youtube.calls) == (f"the channel is {status}", [])


def test_a_failing_channel_does_not_stop_the_others(sessions: sessionmaker[Session], clock: ManualClock):
    with sessions.begin() as session:
        good, (upload, *_) = a_channel_with_uploads(session)
        bad, _ = a_channel_with_uploads(session)
    works, fails = FakeYouTube(), FakeYouTube(fails_on=frozenset({SECOND}), error=Rejected("YouTube answered 400"))
    works.say(FIRST, upload, views=1)
    pulled = pull_channels(
        sessions,
        lambda slug: fails if slug == bad.slug else works,
        {bad.slug: [FIRST, SECOND], good.slug: [FIRST, SECOND], "unknown": [FIRST]},
        clock=clock,
    )
    assert list(pulled.done) == [good.slug]
    assert pulled.failed[bad.slug] == "YouTube answered 400"
    assert "no channel 'unknown'" in pulled.failed["unknown"]
    with sessions() as session:
        logs = dict(session.execute(select(JobLog.channel_id, JobLog.status)).all())
        assert logs == {good.id: JobStatus.COMPLETED, bad.id: JobStatus.FAILED}


def test_an_unknown_channel_is_told_how_to_come_to_be(sessions: sessionmaker[Session], clock: ManualClock):
    with pytest.raises(ConfigurationError, match="shorts channels apply"):
        pull_snapshots(sessions, FakeYouTube(), channel="nobody", days=[date(2026, 2, 1)], clock=clock)


def test_a_channel_without_uploads_costs_no_call(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session)
    assert pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock).calls == 0


def test_figures_come_through_the_true_client_from_the_sandbox(
    sessions: sessionmaker[Session], sandbox: Any, clock: ManualClock, tmp_path: Any
):
    from shorts_pipeline.resources.youtube import VideoMetadata

    connected = YouTubeResource(sandbox_url=sandbox.url).connect(
        publish_to="sandbox", credential="channel", clock=clock
    )
    file = tmp_path / "short.mp4"
    file.write_bytes(b"\0" * 1000)
    metadata = VideoMetadata(
        title="반도체 수출",
        description="",
        tags=(),
        category_id="28",
        privacy="public",
        made_for_kids=False,
        synthetic_media=True,
    )
    published = clock.now()
    video_id = connected.resume(connected.open_session(metadata, file, "slug.mp4"), file)
    with sessions.begin() as session:
        channel = a_channel(session, slug="channel")
        a_published_upload(session, channel, youtube_video_id=video_id, uploaded_at=published, published_at=published)
    clock.move(timedelta(days=20))
    days = [published.date() + timedelta(days=n) for n in range(-1, 14)]
    result = pull_snapshots(sessions, connected, channel="channel", days=days, clock=clock)
    assert result.reported >= 13
    with sessions() as session:
        total = session.scalars(select(Performance)).one()
        assert total.views > 0
        assert len(total.daily_snapshots) == result.reported
        assert total.views == sum(day["views"] for day in total.daily_snapshots)


def test_a_list_is_live_while_it_is_short_and_then_made_once_a_day_while_numbers_are_always_right(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    days = [FIRST + timedelta(days=n) for n in range(LIVE_DAYS + 1)]
    for day in days:
        youtube.say(day, upload, views=1)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=days[:-1], clock=clock)
    result = pull_snapshots(sessions, youtube, channel=channel.slug, days=days[-1:], clock=clock)
    assert result.lists_left == 1
    mine = select(Performance).where(Performance.upload_id == upload.id)
    with sessions() as session:
        total = session.scalars(mine).one()
        assert (total.views, len(total.daily_snapshots)) == (LIVE_DAYS + 1, LIVE_DAYS)
        assert unequal_totals(session) == []
    project(sessions, channel_id=channel.id)
    with sessions() as session:
        total = session.scalars(mine).one()
        assert [day["date"] for day in total.daily_snapshots] == [day.isoformat() for day in days]


def test_averages_are_weighted_over_months_and_years(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    youtube.say(date(2026, 2, 28), upload, views=100, avg_view_duration=10.0, avg_view_percentage=50.0)
    youtube.say(date(2026, 3, 1), upload, views=300, avg_view_duration=20.0)
    youtube.say(date(2027, 1, 1), upload, views=600, avg_view_percentage=80.0)
    youtube.show(date(2026, 3, 1), upload, 100, 0.5)
    youtube.show(date(2027, 1, 1), upload, 300, 0.1)
    days = [date(2027, 1, 1), date(2026, 2, 28), date(2026, 3, 1)]
    for some in (days, days[:1], days[1:2]):
        pull_snapshots(sessions, youtube, channel=channel.slug, days=some, clock=clock)
    with sessions() as session:
        total = session.scalars(select(Performance).where(Performance.upload_id == upload.id)).one()
    assert (total.views, total.ctr) == (1000, pytest.approx(0.2))
    assert total.avg_view_duration == pytest.approx((100 * 10 + 300 * 20) / 400)
    assert total.avg_view_percentage == pytest.approx((100 * 50 + 600 * 80) / 700)


def test_a_month_whose_days_are_gone_is_not_counted_any_more(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    for day in (FIRST, FIRST + timedelta(days=40)):
        youtube.say(day, upload, views=7)
        pull_snapshots(sessions, youtube, channel=channel.slug, days=[day], clock=clock)
    with sessions.begin() as session:
        session.execute(text("DELETE FROM performance_days WHERE day = '2026-02-01'"))
    project(sessions, channel_id=channel.id)
    with sessions() as session:
        assert session.scalars(select(Performance.views).where(Performance.upload_id == upload.id)).one() == 7
        assert unequal_totals(session) == []


def test_two_answers_to_one_day_mean_the_same_in_either_order(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    """An answer that was asked for earlier and written later lost even what only it had."""
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)

    def earlier() -> None:
        youtube.say(FIRST, upload, views=100, likes=9)
        pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=ManualClock(clock.now()))

    def later() -> None:
        youtube.say(FIRST, upload, views=120, shares=3)
        after = ManualClock(clock.now() + timedelta(hours=1))
        pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=after)

    tables = []
    for order in ((earlier, later), (later, earlier)):
        for pull in order:
            pull()
        tables.append(everything(sessions))
        with sessions.begin() as session:
            session.execute(text("TRUNCATE performance_days, performance_months, performances"))
    assert tables[0] == tables[1]
    assert (tables[0][0]["views"], tables[0][0]["likes"], tables[0][0]["shares"]) != (None, None, None)


def test_a_count_that_arrives_as_a_fraction_is_a_whole_number(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    youtube.say(FIRST, upload, views=5.0)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    with sessions() as session:
        assert session.get_one(PerformanceDay, (upload.id, FIRST)).views == 5


def test_a_projection_reads_only_after_the_one_before_it_has_committed(
    sessions: sessionmaker[Session], youtube: FakeYouTube, clock: ManualClock
):
    """Two runs that end together: the later one, having read before the other's days were there, would lose them."""
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    youtube.say(SECOND, upload, views=10)
    with ThreadPoolExecutor(1) as pool:
        with sessions.begin() as first:
            lock_projection(first, channel.id)
            first.add(PerformanceDay(upload_id=upload.id, day=FIRST, views=100, pulled_at=clock.now()))
            first.flush()
            second = pool.submit(pull_snapshots, sessions, youtube, channel=channel.slug, days=[SECOND], clock=clock)
            with pytest.raises(TimeoutError):
                second.result(timeout=1.5)
        assert second.result(timeout=30).reported == 1
    with sessions() as session:
        total = session.scalars(select(Performance).where(Performance.upload_id == upload.id)).one()
        assert (total.views, len(total.daily_snapshots)) == (110, 2)
