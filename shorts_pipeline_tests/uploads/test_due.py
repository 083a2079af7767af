"""Which channels ask for a run, and under which key."""

from datetime import UTC, datetime, timedelta

from shorts_pipeline.resources.youtube import NeedsAuthorising
from shorts_pipeline.uploads.due import ChannelWork, plan, read_work
from shorts_pipeline.uploads.plan import plan_uploads
from shorts_pipeline.uploads.stops import stop

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def keys(work: ChannelWork, now: datetime = NOW) -> list[str]:
    return [run.run_key for run in plan([work], now, {work.slug})]


def test_nothing_to_do_asks_for_nothing():
    assert keys(ChannelWork("news")) == []


def test_the_same_work_has_the_same_key_and_a_new_try_a_new_one():
    once = keys(ChannelWork("news", to_send=(("a", 0), ("b", 1))))
    assert once == keys(ChannelWork("news", to_send=(("b", 1), ("a", 0))), NOW + timedelta(days=1))
    assert once != keys(ChannelWork("news", to_send=(("a", 1), ("b", 1))))


def test_a_fresh_upload_is_looked_at_every_five_minutes_and_an_old_one_seldom():
    def asked(since: datetime) -> int:
        work = ChannelWork("news", followed_since=since)
        return len({keys(work, NOW + timedelta(minutes=minutes))[0] for minutes in range(6 * 60)})

    assert asked(NOW - timedelta(hours=1)) == 72
    assert asked(NOW - timedelta(days=30)) == 1


def test_a_video_that_found_no_slot_is_looked_at_again_the_next_day():
    work = ChannelWork("news", to_plan=("v",))
    assert keys(work) == keys(work, NOW + timedelta(hours=5))
    assert keys(work) != keys(work, NOW + timedelta(days=1))


def test_a_channel_without_a_partition_is_passed_over():
    assert plan([ChannelWork("ghost", to_plan=("v",))], NOW, {"news"}) == []


def test_at_most_fifty_runs_are_asked_for_in_a_tick():
    work = [ChannelWork(f"c{n}", to_plan=("v",)) for n in range(80)]
    assert len(plan(work, NOW, {each.slug for each in work})) == 50


def read(studio) -> dict[str, ChannelWork]:
    with studio.sessions() as session:
        return {work.slug: work for work in read_work(session, studio.clock.now())}


def test_a_short_is_to_plan_then_to_send_then_to_follow_then_done(studio):
    channel = studio.channel("news")
    video = studio.video(channel)
    assert read(studio) == {"news": ChannelWork("news", to_plan=(str(video),))}
    plan_uploads(studio.sessions, channel="news", clock=studio.clock)
    upload = studio.upload()
    assert read(studio) == {"news": ChannelWork("news", to_send=((str(upload.id), 0),))}
    studio.refresh(channel)
    assert read(studio)["news"].followed_since is not None
    studio.clock.move(timedelta(minutes=2))
    studio.refresh(channel)
    assert read(studio) == {}  # processed, private until its time
    studio.clock.move(timedelta(hours=3))
    assert read(studio)["news"].followed_since == upload.scheduled_at
    studio.refresh(channel)
    assert read(studio) == {}


def test_a_stopped_channel_asks_for_nothing_until_its_time_is_over(studio):
    channel = studio.channel("news")
    studio.video(channel)
    with studio.sessions.begin() as session:
        stop(session, channel.id, NeedsAuthorising("connect it again"), studio.clock.now())
    assert read(studio) == {}
    studio.clock.move(timedelta(hours=1))
    assert list(read(studio)) == ["news"]
