"""Importing from the real YouTube's place: whose account it is, and what it may do."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from shorts_pipeline.database import Channel, Credential, QuotaLedger, Upload
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.youtube.authorising import CAPTIONS_SCOPE
from shorts_pipeline.uploads.connect import wanted
from shorts_pipeline_tests.importing.before import a_short
from shorts_pipeline_tests.importing.conftest import Desk
from shorts_pipeline_tests.uploads.conftest import Google, Studio, token_keys

__all__ = ["token_keys"]
LONG_AGO = datetime(2026, 1, 5, 11, tzinfo=UTC)


@pytest.fixture
def google(desk: Desk, sandbox: RunningSandbox, tmp_path: Any, token_keys: str) -> Google:
    """The sandbox in the place of the real YouTube; `desk` imports from there."""
    studio = Studio(desk.sessions, MediaStore(tmp_path / "media"), desk.youtube, desk.clock, desk.redis)
    made = Google(studio, sandbox)
    desk.youtube = studio.youtube
    return made


def test_a_connected_channel_needs_no_word_for_publishing_to_be_read(desk: Desk, google: Google):
    google.channel("real", allowed=False)
    [youtube_id] = desk.seed([a_short("부산시, 로봇이 바다를 치운다", LONG_AGO)], "real")
    done = desk.bring_in("real")
    assert (done.made, done.sandbox) == (1, False)
    [upload], [ledger] = desk.rows(Upload), desk.rows(QuotaLedger)
    assert upload.youtube_url == f"https://www.youtube.com/shorts/{youtube_id}"
    assert (ledger.project, ledger.spent) == ("4711", 1 + done.units)  # one unit to connect


def test_another_channels_account_brings_in_nothing(desk: Desk, google: Google):
    google.channel("real")
    desk.seed([a_short("부산시, 로봇이 바다를 치운다", LONG_AGO)], "real")
    with desk.sessions.begin() as session:
        session.execute(update(Channel).where(Channel.slug == "real").values(youtube_channel_id="UCsomebody-else"))
    with pytest.raises(NeedsPerson, match="belongs to the YouTube channel “real”"):
        desk.bring_in("real")
    assert desk.counts() == (0, 0, 0, 0)


def test_captions_without_their_permission_name_the_command_before_anything_is_asked(desk: Desk, google: Google):
    google.channel("real")
    before = desk.sandbox.state()["calls"]
    with pytest.raises(NeedsPerson, match=r"shorts youtube connect real --captions"):
        desk.bring_in("real", captions=3)
    assert desk.sandbox.state()["calls"] == before
    with desk.sessions() as session:
        assert CAPTIONS_SCOPE in wanted(session, "real", captions=True).scopes
        assert CAPTIONS_SCOPE not in wanted(session, "real").scopes
    with desk.sessions.begin() as session:
        session.execute(update(Credential).values(scopes=[CAPTIONS_SCOPE]))
    assert desk.bring_in("real", captions=3).stopped == ""


def test_a_revoked_account_is_told_and_keeps_what_there_is(desk: Desk, google: Google):
    google.channel("real")
    desk.seed([a_short(f"{number}번 소식", LONG_AGO) for number in range(60)], "real")
    desk.sandbox.order(
        match={"path": "/youtube/v3/playlistItems", "skip": 1, "times": 2}, do={"status": 401, "reason": "authError"}
    )
    with pytest.raises(NeedsPerson, match="shorts youtube connect"):
        desk.bring_in("real")
    assert desk.counts()[3] == 50
