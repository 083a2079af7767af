"""The switch that stops every upload, at once and whatever is on its way."""

from datetime import timedelta

import pytest

from shorts_pipeline.database import UploadStatus
from shorts_pipeline.resources.youtube import YouTube
from shorts_pipeline.uploads import stops
from shorts_pipeline.uploads.due import read_work


def halt(studio, reason="a wrong video went out"):
    with studio.sessions.begin() as session:
        stops.halt(session, reason)


def resume(studio) -> bool:
    with studio.sessions.begin() as session:
        return stops.resume(session)


def test_nothing_is_sent_for_any_channel_until_it_is_resumed(studio, kept, sandbox):
    news, tech = studio.channel("news"), studio.channel("tech")
    for channel in (news, tech):
        studio.video(channel)
    halt(studio)
    for channel in (news, tech):
        assert "a wrong video went out" in studio.refresh(channel).published.stopped
    assert studio.refresh(news, force=True).published.video_ids == []
    with studio.sessions() as session:
        assert read_work(session, studio.clock.now()) == []
    studio.clock.move(timedelta(days=400))
    assert studio.refresh(news).published.video_ids == []
    assert (kept(), sandbox.state()["calls"]) == ([], {})
    assert resume(studio)
    assert not resume(studio)
    assert len(studio.refresh(news).published.video_ids) == 1


def test_a_file_on_its_way_stops_after_the_piece_and_goes_on_from_there(studio, kept, sandbox, monkeypatch):
    channel = studio.channel("news")
    for _ in range(2):
        studio.video(channel)
    original = YouTube.resume

    def halting(self, address, file, on_progress):
        def progress(sent: int, size: int) -> None:
            halt(studio)
            on_progress(sent, size)

        return original(self, address, file, progress)

    with monkeypatch.context() as patch:
        patch.setattr(YouTube, "resume", halting)
        published = studio.refresh(channel).published
    assert "shorts uploads resume" in published.stopped
    assert (published.video_ids, kept()) == ([], [])
    first, second = studio.uploads()
    assert {first.upload_status, second.upload_status} == {UploadStatus.UPLOADING, UploadStatus.APPROVED}
    (session,) = sandbox.state()["sessions"]
    assert 0 < session["received"] < 700 * 1024
    resume(studio)
    assert len(studio.refresh(channel).published.video_ids) == 2
    assert len(sandbox.state()["sessions"]) == 2


def test_what_was_sent_is_followed_while_uploads_are_stopped(studio):
    channel = studio.channel("news")
    studio.video(channel)
    studio.refresh(channel)
    halt(studio)
    studio.clock.move(timedelta(minutes=2))
    assert studio.refresh(channel).following.uploaded == 1


@pytest.mark.parametrize("reason", ["", "x" * 5000])
def test_any_reason_will_do(studio, reason):
    halt(studio, reason)
    with studio.sessions() as session:
        assert stops.halted(session) is not None
