"""Which videos YouTube still has: gone is only what its owner does not find twice."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import FileClock, ManualClock
from shorts_pipeline.database import Channel, ChannelStatus, Performance, PerformanceDay, Upload
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox
from shorts_pipeline.errors import NeedsPerson, PipelineError
from shorts_pipeline.performance.retention import forget
from shorts_pipeline.performance.snapshots import pull_snapshots
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.youtube import YouTube
from shorts_pipeline.uploads.presence import Looked, look, look_at_all
from shorts_pipeline.uploads.schedules import presence
from shorts_pipeline_tests.uploads.conftest import Google, Studio

DAY = timedelta(days=1)


@pytest.fixture
def aired(studio: Studio) -> Channel:
    """A channel with two published shorts, two days ago."""
    channel = studio.channel("news", uploads={"least_hours_between": 0.0, "most_a_day": 10})
    for _ in range(2):
        studio.video(channel)
        studio.refresh(channel)
        studio.clock.move(timedelta(hours=1))
    studio.refresh(channel)
    studio.clock.move(2 * DAY)
    assert [upload.youtube_video_id is not None for upload in studio.uploads()] == [True, True]
    return channel


@pytest.fixture
def watch(studio: Studio) -> Callable[[], Looked]:
    return lambda: look(studio.sessions, channel="news", youtube=studio.youtube, clock=studio.clock)


def delete(studio: Studio, upload: Upload) -> None:
    """What its owner does in YouTube Studio."""
    connected = studio.youtube.connect(publish_to="sandbox", credential="news", clock=studio.clock)
    connected._services.youtube.videos().delete(id=upload.youtube_video_id).execute()


def removed(studio: Studio) -> list[bool]:
    return [upload.removed_at is not None for upload in studio.uploads()]


def test_every_video_is_looked_at_once_a_week(studio: Studio, aired: Channel, watch: Callable[[], Looked]):
    assert watch() == Looked(looked_at=2, present=2)
    assert {upload.seen_at for upload in studio.uploads()} == {studio.clock.now()}
    assert watch() == Looked()
    studio.clock.move(7 * DAY)
    assert watch() == Looked(looked_at=2, present=2)


def test_a_deleted_videos_figures_go_and_nothing_else(
    studio: Studio, sessions: sessionmaker[Session], aired: Channel, watch: Callable[[], Looked]
):
    """From the deletion in YouTube Studio to the tables, through the true client."""
    studio.clock.move(9 * DAY)
    connected = studio.youtube.connect(publish_to="sandbox", credential="news", clock=studio.clock)
    first, second = studio.uploads()
    days = [first.uploaded_at.date() + n * DAY for n in range(3)]
    pull_snapshots(sessions, connected, channel="news", days=days, clock=studio.clock)
    delete(studio, first)
    looked = watch()
    assert (looked.looked_at, looked.present, looked.removed) == (2, 1, [first.youtube_video_id])
    assert forget(sessions, now=studio.clock.now()).removed_videos == 1
    with sessions() as session:
        assert set(session.scalars(select(PerformanceDay.upload_id))) == {second.id}
        assert session.scalars(select(Performance.upload_id)).all() == [second.id]
        assert session.scalars(select(func.count()).select_from(Upload)).one() == 2
    pull_snapshots(sessions, connected, channel="news", days=days, clock=studio.clock)
    with sessions() as session:
        assert set(session.scalars(select(PerformanceDay.upload_id))) == {second.id}


@pytest.mark.parametrize(
    ("path", "do"),
    [
        ("/youtube/v3/videos", {"status": 503}),
        ("/youtube/v3/videos", {"status": 403, "reason": "quotaExceeded"}),
        ("/youtube/v3/videos", {"status": 404, "reason": "notFound"}),
        ("/youtube/v3/videos", {"status": 401, "reason": "authError"}),
        ("/youtube/v3/videos", {"drop": True}),
        ("/youtube/v3/channels", {"status": 404, "reason": "notFound"}),
    ],
)
def test_an_error_is_never_taken_for_removed(
    studio: Studio,
    aired: Channel,
    watch: Callable[[], Looked],
    sandbox: RunningSandbox,
    do: dict[str, Any],
    path: str,
):
    sandbox.order(match={"path": path, "times": 0}, do=do)
    with pytest.raises(PipelineError):
        watch()
    assert removed(studio) == [False, False]
    assert [upload.seen_at for upload in studio.uploads()] == [None, None]


def test_one_answer_without_the_videos_is_not_enough(
    studio: Studio, aired: Channel, watch: Callable[[], Looked], sandbox: RunningSandbox
):
    sandbox.order(match={"path": "/youtube/v3/videos"}, do={"answer": {"items": []}})
    assert watch() == Looked(looked_at=2, present=2)
    assert removed(studio) == [False, False]


def test_a_stranger_who_sees_no_private_videos_is_not_believed(google: Google, studio: Studio, sandbox: RunningSandbox):
    """Another account's credential finds none of the channel's private videos: they are all there."""
    channel = google.channel("news")
    studio.video(channel)
    studio.refresh(channel)
    studio.clock.move(2 * DAY)
    with studio.sessions.begin() as session:
        session.execute(update(Channel).values(youtube_channel_id="UCsomebody-else"))
    with pytest.raises(NeedsPerson, match="not to news"):
        look(studio.sessions, channel="news", youtube=studio.youtube, clock=studio.clock)
    assert removed(studio) == [False]


def test_a_look_verifies_the_true_account(google: Google, studio: Studio):
    channel = google.channel("news")
    studio.video(channel)
    studio.refresh(channel)
    studio.clock.move(20 * DAY)
    before = google.credential("news").checked_at
    assert look(studio.sessions, channel="news", youtube=studio.youtube, clock=studio.clock).present == 1
    assert before is not None
    assert google.credential("news").checked_at == studio.clock.now() > before


def test_a_video_that_is_back_is_measured_again(
    studio: Studio, aired: Channel, watch: Callable[[], Looked], sandbox: RunningSandbox
):
    sandbox.order(match={"path": "/youtube/v3/videos", "times": 2}, do={"answer": {"items": []}})
    assert len(watch().removed) == 2
    studio.clock.move(DAY)
    assert watch() == Looked(looked_at=2, present=2, returned=2)
    assert removed(studio) == [False, False]


@pytest.mark.parametrize("status", [ChannelStatus.PAUSED, ChannelStatus.ARCHIVED])
def test_an_idle_channel_is_not_looked_at(
    studio: Studio, aired: Channel, watch: Callable[[], Looked], status: ChannelStatus, sandbox: RunningSandbox
):
    with studio.sessions.begin() as session:
        session.execute(update(Channel).values(status=status))
    before = sandbox.state()["calls"]
    assert watch().skipped == f"the channel is {status}"
    assert look_at_all(studio.sessions, youtube=studio.youtube, clock=studio.clock, run_id="run").done == {}
    assert sandbox.state()["calls"] == before


def test_a_failing_channel_does_not_keep_the_others_from_being_looked_at(
    studio: Studio, aired: Channel, sandbox: RunningSandbox, clock: ManualClock
):
    other = studio.channel("sports")
    studio.video(other)
    studio.refresh(other)
    clock.move(2 * DAY)
    sandbox.order(match={"path": "/youtube/v3/videos", "credential": "news", "times": 0}, do={"status": 503})
    looked = look_at_all(studio.sessions, youtube=studio.youtube, clock=clock, run_id="run")
    assert list(looked.done) == ["sports"]
    assert "503" in looked.failed["news"]


def test_one_deleted_by_youtubes_own_word_is_gone(
    studio: Studio, aired: Channel, watch: Callable[[], Looked], monkeypatch: pytest.MonkeyPatch
):
    from dataclasses import replace

    states = YouTube.videos

    def deleted(youtube: YouTube, ids: Any) -> Any:
        return [replace(state, upload_status="deleted") for state in states(youtube, ids)]

    monkeypatch.setattr(YouTube, "videos", deleted)
    assert len(watch().removed) == 2


def test_the_daily_job_tells_what_is_gone_and_fails_when_nobody_could_be_asked(
    studio: Studio, aired: Channel, own_database_url: str, sandbox: RunningSandbox, tmp_path: Path
):
    FileClock(tmp_path / "clock").set(studio.clock.now())
    resources = {
        "postgres": PostgresResource(url=own_database_url),
        "youtube": studio.youtube,
        "clock": ClockResource(file=str(tmp_path / "clock")),
    }
    sandbox.order(match={"path": "/youtube/v3/videos", "times": 1}, do={"status": 503})
    assert not presence.execute_in_process(resources=resources, raise_on_error=False).success
    gone, _ = studio.uploads()
    delete(studio, gone)
    result = presence.execute_in_process(resources=resources)
    (ended,) = [event for event in result.all_events if event.event_type_value == "STEP_OUTPUT"]
    told = {name: value.value for name, value in ended.event_specific_data.metadata.items()}
    assert told == {
        "channels": 1,
        "looked_at": 2,
        "present": 1,
        "returned": 0,
        "removed": [gone.youtube_video_id],
        "failed": {},
    }
