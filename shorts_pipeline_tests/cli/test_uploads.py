"""shorts uploads list: what was sent, where it is, and what YouTube has against it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.cli import uploads as module
from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import UploadStatus
from shorts_pipeline_tests.rows import a_channel, a_published_upload


@pytest.fixture
def listed(sessions: sessionmaker[Session], clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What `shorts uploads list` prints about this test's own database."""

    @contextmanager
    def opened() -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(sessions=sessions, clock=clock)

    monkeypatch.setattr(module, "opened", opened)

    def run(*arguments: str) -> str:
        runner = CliRunner(env={"COLUMNS": "200"})
        return runner.invoke(module.uploads, ["list", *arguments], catch_exceptions=False).output

    return run


def test_nothing_sent_is_said(listed: Callable[..., str]):
    assert listed() == "No uploads yet.\n"


def test_the_latest_come_first_of_the_channel_and_status_asked_for(
    listed: Callable[..., str], sessions: sessionmaker[Session], clock: ManualClock
):
    with sessions.begin() as session:
        first, second = a_channel(session, slug="first"), a_channel(session, slug="second")
        a_published_upload(session, first, title="Older [bold]")
        a_published_upload(session, first, title="Newer", scheduled_at=clock.now())
        failed = {"upload_status": UploadStatus.FAILED, "error_message": "quota [spent]"}
        a_published_upload(session, second, title="Refused", **failed)
    everything = listed()
    assert everything.index("Newer") < everything.index("Older [bold]")
    assert "quota [spent]" in everything
    assert "03-02 00:00" in everything
    assert "Refused" not in listed("--channel", "first")
    assert "Newer" not in listed("--status", "failed")
    assert "Older" not in listed("--channel", "first", "--limit", "1")


def test_a_video_that_is_gone_from_youtube_says_so(
    listed: Callable[..., str], sessions: sessionmaker[Session], clock: ManualClock
):
    with sessions.begin() as session:
        upload = a_published_upload(session, a_channel(session), removed_at=clock.now())
    assert f"{str(upload.id)[:8]} is no longer on YouTube: found gone at 2026-03-02 00:00 UTC" in listed()
