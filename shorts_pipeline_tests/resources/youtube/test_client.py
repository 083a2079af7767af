"""The wrapper against the sandbox, through the true Google client."""

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox, serve
from shorts_pipeline.errors import ConfigurationError, Rejected, RetryLater
from shorts_pipeline.resources.youtube import (
    NeedsAuthorising,
    SessionExpired,
    VideoMetadata,
    YouTube,
    YouTubeResource,
    sending,
    transport,
)

METADATA = VideoMetadata(
    title="반도체 수출이 늘었다",
    description="본문",
    tags=("반도체", "수출 통계"),
    category_id="28",
    privacy="public",
    made_for_kids=False,
    synthetic_media=True,
    language="ko",
)
PIECE = 256 * 1024


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PIECE_BYTES", PIECE)


@pytest.fixture
def youtube(sandbox: RunningSandbox, clock: ManualClock) -> YouTube:
    made = YouTubeResource(sandbox_url=sandbox.url).connect(publish_to="sandbox", credential="demo", clock=clock)
    made._sleep = lambda _: None
    return made


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(bytes(range(256)) * 4000)
    return path


def test_opening_a_session_sends_no_byte(youtube: YouTube, clip: Path, sandbox: RunningSandbox):
    address = youtube.open_session(METADATA, clip, "slug.mp4")
    assert youtube.session_state(address, clip.stat().st_size).sent == 0
    assert sandbox.state()["sessions"] == [{"channel": "demo", "slug": "slug.mp4", "received": 0, "video_id": None}]


def test_an_upload_reports_its_progress_and_everything_it_was_told(youtube: YouTube, clip: Path):
    seen: list[tuple[int, int]] = []
    address = youtube.open_session(METADATA, clip, "slug.mp4")
    video_id = youtube.resume(address, clip, lambda sent, size: seen.append((sent, size)))
    size = clip.stat().st_size
    assert seen == [(PIECE, size), (2 * PIECE, size), (3 * PIECE, size), (size, size)]
    (state,) = youtube.videos([video_id])
    assert (state.title, state.file_name, state.file_size) == (METADATA.title, "slug.mp4", size)
    assert (state.upload_status, state.privacy_status) == ("uploaded", "public")
    assert youtube.session_state(address, size).video_id == video_id


def test_another_process_goes_on_where_the_first_one_stopped(
    youtube: YouTube, clip: Path, sandbox: RunningSandbox, clock: ManualClock
):
    class Killed(BaseException):
        pass

    def die(sent: int, size: int) -> None:
        raise Killed

    address = youtube.open_session(METADATA, clip, "slug.mp4")
    with pytest.raises(Killed):
        youtube.resume(address, clip, die)
    successor = YouTubeResource(sandbox_url=sandbox.url).connect(publish_to="sandbox", credential="demo", clock=clock)
    seen: list[int] = []
    successor.resume(address, clip, lambda sent, _: seen.append(sent))
    assert seen[0] == 2 * PIECE
    (video,) = sandbox.state()["videos"]
    assert (sandbox.root / "videos" / f"{video['id']}.mp4").read_bytes() == clip.read_bytes()


@pytest.mark.parametrize(
    "do", [{"status": 503}, {"drop": True}, {"lose_reply": True}, {"status": 500, "retry_after": 1}]
)
def test_a_passing_fault_while_sending_is_overcome(youtube: YouTube, clip: Path, sandbox: RunningSandbox, do):
    address = youtube.open_session(METADATA, clip, "slug.mp4")
    sandbox.order(match={"method": "PUT", "path": "/upload", "skip": 1, "times": 3}, do=do)
    video_id = youtube.resume(address, clip)
    assert [video["id"] for video in sandbox.state()["videos"]] == [video_id]
    assert (sandbox.root / "videos" / f"{video_id}.mp4").read_bytes() == clip.read_bytes()


def test_patience_ends_and_says_to_come_back_later(youtube: YouTube, clip: Path, sandbox: RunningSandbox):
    address = youtube.open_session(METADATA, clip, "slug.mp4")
    sandbox.order(match={"method": "PUT", "times": 0}, do={"status": 503})
    with pytest.raises(RetryLater) as failure:
        youtube.resume(address, clip)
    assert address not in str(failure.value)


def test_a_long_retry_after_is_left_to_the_caller(youtube: YouTube, clip: Path, sandbox: RunningSandbox):
    address = youtube.open_session(METADATA, clip, "slug.mp4")
    sandbox.order(match={"method": "PUT"}, do={"status": 503, "retry_after": 3600})
    with pytest.raises(RetryLater) as failure:
        youtube.resume(address, clip)
    assert failure.value.delay == timedelta(hours=1)


def test_an_expired_session_is_told_apart(youtube: YouTube, clip: Path, clock: ManualClock):
    address = youtube.open_session(METADATA, clip, "slug.mp4")
    clock.move(timedelta(days=8))
    with pytest.raises(SessionExpired):
        youtube.resume(address, clip)
    with pytest.raises(SessionExpired):
        youtube.session_state(address, clip.stat().st_size)


def test_a_session_is_found_again_where_the_sandbox_has_moved_to(
    youtube: YouTube, clip: Path, sandbox: RunningSandbox, clock: ManualClock
):
    address = youtube.open_session(METADATA, clip, "slug.mp4")
    with serve(sandbox.root, clock) as moved:
        there = YouTubeResource(sandbox_url=moved.url).connect(publish_to="sandbox", credential="demo", clock=clock)
        assert there.resume(address, clip)


def test_a_video_is_found_by_its_slug_among_many(youtube: YouTube, clip: Path, clock: ManualClock):
    ids = {}
    clip.write_bytes(b"short")
    for number in range(53):
        slug = f"slug-{number}.mp4"
        ids[slug] = youtube.resume(youtube.open_session(METADATA, clip, slug), clip)
    found = youtube.find_by_slug("slug-0.mp4")
    assert found is not None
    assert found.id == ids["slug-0.mp4"]
    assert youtube.find_by_slug("never-sent.mp4") is None


def test_a_search_ends_at_the_time_the_session_was_opened(
    youtube: YouTube, clip: Path, clock: ManualClock, sandbox: RunningSandbox
):
    clip.write_bytes(b"short")
    for number in range(51):
        youtube.resume(youtube.open_session(METADATA, clip, f"slug-{number}.mp4"), clip)
    clock.move(timedelta(days=3))
    before = sandbox.state()["calls"].get("playlistItems.list", 0)
    assert youtube.find_by_slug("never-sent.mp4", since=clock.now()) is None
    assert sandbox.state()["calls"]["playlistItems.list"] == before + 1


def test_an_update_keeps_what_it_does_not_change(youtube: YouTube, clip: Path):
    scheduled = VideoMetadata(
        **METADATA.__dict__ | {"privacy": "private", "publish_at": datetime(2026, 3, 9, tzinfo=UTC)}
    )
    video_id = youtube.resume(youtube.open_session(scheduled, clip, "slug.mp4"), clip)
    youtube.update_video(video_id, METADATA)
    (state,) = youtube.videos([video_id])
    assert (state.privacy_status, state.publish_at) == ("public", None)
    with pytest.raises(Rejected):
        youtube.update_video("unknown-one", METADATA)


def test_a_thumbnail_and_a_playlist_are_steps_of_their_own(
    youtube: YouTube, clip: Path, clock: ManualClock, tmp_path: Path, sandbox: RunningSandbox
):
    video_id = youtube.resume(youtube.open_session(METADATA, clip, "slug.mp4"), clip)
    picture = tmp_path / "thumbnail.jpg"
    picture.write_bytes(b"\xff\xd8\xff a picture")
    clock.move(timedelta(minutes=2))
    youtube.set_thumbnail(video_id, picture)
    for _ in range(2):
        youtube.add_to_playlist("PL-best", video_id)
    assert sandbox.state()["calls"]["playlistItems.insert"] == 1
    with pytest.raises(Rejected, match="JPEG"):
        youtube.set_thumbnail(video_id, clip)


def test_figures_arrive_as_values_and_absent_is_not_zero(youtube: YouTube, clip: Path, clock: ManualClock):
    video_id = youtube.resume(youtube.open_session(METADATA, clip, "slug.mp4"), clip)
    assert youtube.daily_metrics(date(2026, 3, 2), [video_id]) == []
    assert youtube.reach_files(date(2026, 3, 1), date(2026, 3, 3)) == []
    clock.move(timedelta(days=9))
    (day,) = youtube.daily_metrics(date(2026, 3, 2), [video_id, *(f"x{n:010d}" for n in range(250))])
    assert day.video_id == video_id
    assert day.views is not None
    assert day.views > 0
    assert day.watch_time_seconds is not None
    assert day.watch_time_seconds % 60 == 0
    assert sum(youtube.traffic(video_id, date(2026, 3, 2), date(2026, 3, 2)).values()) == day.views
    assert youtube.audience(video_id, date(2026, 3, 1), date(2026, 3, 8))["age18-24.female"] > 0
    (file,) = [one for one in youtube.reach_files(date(2026, 3, 1), date(2026, 3, 3)) if one.day == date(2026, 3, 2)]
    (reach,) = youtube.read_reach(file)
    assert (reach.video_id, reach.day) == (video_id, date(2026, 3, 2))
    assert reach.impressions is not None
    assert reach.impressions > 0


def test_a_dead_credential_says_what_a_person_must_do(youtube: YouTube, sandbox: RunningSandbox):
    sandbox.order(match={"path": "/token", "times": 0}, do={"status": 400, "reason": "invalid_grant"})
    with pytest.raises(NeedsAuthorising, match="shorts youtube connect"):
        youtube.my_channel()


def test_a_401_is_refreshed_once_and_then_a_person_is_asked(youtube: YouTube, sandbox: RunningSandbox):
    sandbox.order(match={"path": "/youtube/v3/channels"}, do={"status": 401, "reason": "authError"})
    assert youtube.my_channel().title == "demo"
    sandbox.order(match={"path": "/youtube/v3/channels", "times": 2}, do={"status": 401, "reason": "authError"})
    with pytest.raises(NeedsAuthorising):
        youtube.my_channel()
    assert all(fault["met"] == fault["match"]["times"] for fault in sandbox.state()["faults"])


def test_each_thread_has_its_own_connection(youtube: YouTube):
    seen: list[object] = []
    threads = [threading.Thread(target=lambda: seen.append(youtube._services.http)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(each) for each in seen}) == 3


def test_every_call_has_a_time_limit(youtube: YouTube):
    assert youtube._services.http.http.timeout == transport.TIMEOUT_SECONDS


def test_a_sandbox_without_an_address_needs_a_setting():
    with pytest.raises(ConfigurationError, match="YOUTUBE_SANDBOX_URL"):
        YouTubeResource().connect(publish_to="sandbox", credential="demo")
