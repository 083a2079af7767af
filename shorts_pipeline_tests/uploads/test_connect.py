"""Authorised channels on the real YouTube (the sandbox in its place): stored, refreshed, refused, rotated."""

import threading
from datetime import timedelta

import pytest
from google.auth.transport import requests as transport
from sqlalchemy import select, update

from shorts_pipeline.database import Channel, Credential, CredentialState, QuotaLedger, UploadStatus
from shorts_pipeline.errors import ConfigurationError, NeedsPerson, RetryLater
from shorts_pipeline.performance.channel import connector
from shorts_pipeline.resources.youtube import NeedsAuthorising, accounts
from shorts_pipeline.resources.youtube.accounts import Account, StoredAccount
from shorts_pipeline.resources.youtube.authorising import PLAYLIST_SCOPE, SCOPES, revoke
from shorts_pipeline.resources.youtube.keyring import Keyring, new_key
from shorts_pipeline.settings import settings
from shorts_pipeline.uploads.connect import health, verify

OK, DEAD = CredentialState.OK, CredentialState.NEEDS_REAUTHORISING


def test_a_connected_channel_publishes_to_youtube_and_pays_from_its_own_project(studio, google, kept, sandbox):
    channel = google.channel("news")
    studio.video(channel)
    assert len(studio.refresh(channel).published.video_ids) == 1
    (video,) = kept()
    assert video["channel"] == "news"
    assert studio.upload().youtube_url == f"https://www.youtube.com/shorts/{video['id']}"
    with studio.sessions() as session:
        assert set(session.scalars(select(QuotaLedger.project))) == {"4711"}


def test_what_is_stored_is_sealed_and_says_whose_it_is(studio, google):
    google.channel("news")
    row = google.credential("news")
    assert "sandbox:news" not in row.encrypted_token
    assert "GOCSPX" not in row.encrypted_token
    assert (row.state, row.project, row.purpose) == (OK, "4711", "news")
    assert row.authorised_at == row.checked_at == studio.clock.now()
    assert set(row.scopes) == set(SCOPES)


def test_a_playlist_asks_for_the_permission_that_it_needs(google):
    google.channel("news", playlist="PL-best")
    assert PLAYLIST_SCOPE in google.credential("news").scopes


def test_the_first_upload_to_youtube_waits_for_a_persons_word(studio, google, kept):
    channel = google.channel("news", allowed=False)
    studio.video(channel)
    with pytest.raises(NeedsPerson, match="shorts uploads allow news"):
        studio.refresh(channel)
    assert (kept(), studio.upload().upload_status) == ([], UploadStatus.APPROVED)
    google.connect("news")
    assert len(studio.refresh(channel).published.video_ids) == 1


def test_the_word_stays_with_the_youtube_channel_and_not_with_the_token(studio, google):
    google.channel("news")
    google.connect("news", allowed=False)
    assert google.credential("news").allowed_at is not None
    with studio.sessions.begin() as session:
        session.execute(update(Channel).values(youtube_channel_id=None))
    google.connect("news", account="another", allowed=False)
    assert google.credential("news").allowed_at is None


def test_an_access_token_that_ran_out_is_refreshed_and_the_fresh_one_is_stored(studio, google, token_keys):
    channel = google.channel("news")
    studio.video(channel)
    before = google.credential("news").encrypted_token
    google.expire("news")
    studio.clock.move(timedelta(minutes=30))
    assert len(studio.refresh(channel).published.video_ids) == 1
    row = google.credential("news")
    assert row.encrypted_token != before
    assert row.checked_at == studio.clock.now()
    fresh = Keyring.from_settings(settings()).open(row.encrypted_token)
    assert '"2000-01-01' not in fresh
    assert "sandbox:news~" in fresh


def test_a_token_taken_back_at_google_stops_this_channel_alone_until_it_is_connected_again(studio, google, kept):
    news, tech = google.channel("news"), google.channel("tech")
    for channel in (news, tech):
        studio.video(channel)
    revoke(Keyring.from_settings(settings()).open(google.credential("news").encrypted_token))
    google.expire("news")
    with pytest.raises(NeedsAuthorising, match="shorts youtube connect"):
        studio.refresh(news)
    row = google.credential("news")
    assert row.state is DEAD
    assert "invalid_grant" in row.reason
    assert len(studio.refresh(tech).published.video_ids) == 1
    assert "invalid_grant" in studio.refresh(news).published.stopped
    google.connect("news")
    assert len(studio.refresh(news).published.video_ids) == 1
    assert len(kept()) == 2


def test_a_dead_token_is_not_offered_to_google_again(studio, google, sandbox):
    channel = google.channel("news")
    studio.video(channel)
    google.expire("news")
    sandbox.order(match={"path": "/token", "times": 0}, do={"status": 400, "reason": "invalid_grant"})
    for _ in range(3):
        with pytest.raises(NeedsAuthorising):
            studio.refresh(channel)
        studio.clock.move(timedelta(hours=2))
    assert sandbox.state()["faults"][0]["met"] == 1


def test_a_refresh_that_fails_in_passing_is_no_ones_fault(studio, google, sandbox):
    channel = google.channel("news")
    studio.video(channel)
    google.expire("news")
    sandbox.order(match={"path": "/token", "times": 0}, do={"drop": True})
    with pytest.raises(RetryLater, match="could not be refreshed just now"):
        studio.refresh(channel)
    sandbox.clear()
    assert google.credential("news").state is OK
    assert len(studio.refresh(channel).published.video_ids) == 1


def test_a_401_after_a_refresh_marks_the_account_too(studio, google, sandbox):
    channel = google.channel("news")
    studio.video(channel)
    sandbox.order(match={"path": "/youtube/v3/channels", "times": 2}, do={"status": 401, "reason": "authError"})
    with pytest.raises(NeedsAuthorising):
        studio.refresh(channel)
    assert google.credential("news").state is DEAD


def test_a_run_that_began_before_never_undoes_what_a_person_renewed(studio, google):
    channel = google.channel("news")
    old = StoredAccount(studio.sessions, Account(channel.id, "news", "news"))
    began = studio.clock.now()
    credentials = old.credentials(settings(), studio.clock)
    studio.clock.move(timedelta(minutes=1))
    google.connect("news")
    renewed = google.credential("news").encrypted_token
    credentials.refresh(transport.Request())
    old.refused("too late", since=began)
    row = google_row(studio)
    assert (row.encrypted_token, row.state) == (renewed, OK)


def google_row(studio) -> Credential:
    with studio.sessions() as session:
        return session.scalars(select(Credential)).one()


def test_another_youtube_channel_than_the_files_is_not_stored(studio, google):
    google.channel("news", connected=False)
    with pytest.raises(NeedsPerson, match="nothing was stored"):
        google.connect("news", account="stranger")
    with studio.sessions() as session:
        assert session.scalars(select(Credential)).all() == []


def test_one_youtube_channel_is_not_connected_twice(studio, google):
    google.channel("news")
    studio.channel("copy", publish={"publish_to": "youtube"})
    with pytest.raises(NeedsPerson, match="connected to news already"):
        google.connect("copy", account="news")


def test_a_permission_that_was_unticked_is_named_and_nothing_is_stored(studio, google):
    google.channel("news", connected=False)
    with pytest.raises(NeedsPerson, match=r"not given: yt-analytics\.readonly; nothing was stored"):
        google.connect("news", scope=" ".join(SCOPES[:2]))
    with pytest.raises(NeedsPerson, match="no renewable token"):
        google.connect("news", access_type="online")


def test_the_channel_is_compared_before_each_upload_even_if_the_file_changes_later(studio, google, kept):
    channel = google.channel("news")
    studio.video(channel)
    with studio.sessions.begin() as session:
        session.execute(update(Channel).values(youtube_channel_id="UC-another"))
    with pytest.raises(NeedsPerson, match="not to news"):
        studio.refresh(channel)
    assert kept() == []


def test_rotation_seals_all_anew_or_none(studio, google, token_keys, monkeypatch):
    google.channel("news")
    google.channel("tech")
    before = {slug: google.credential(slug).encrypted_token for slug in ("news", "tech")}
    new = new_key()
    both = keyring_of(monkeypatch, f"{new},{token_keys}")
    with studio.sessions.begin() as session:
        assert accounts.rotate(session, both) == 2
    alone = keyring_of(monkeypatch, new)
    for slug, old in before.items():
        sealed = google.credential(slug).encrypted_token
        assert sealed != old
        assert f"sandbox:{slug}~" in alone.open(sealed)
    with studio.sessions.begin() as session:
        session.execute(update(Credential).where(Credential.purpose == "tech").values(encrypted_token=before["tech"]))
    kept = google.credential("news").encrypted_token
    with pytest.raises(NeedsPerson, match="opens the stored"), studio.sessions.begin() as session:
        accounts.rotate(session, alone)
    assert google.credential("news").encrypted_token == kept


def keyring_of(monkeypatch, keys: str) -> Keyring:
    monkeypatch.setenv("TOKEN_KEYS", keys)
    settings.cache_clear()
    return Keyring.from_settings(settings())


def test_without_its_key_a_channel_says_what_to_do_and_sends_nothing(studio, google, kept, monkeypatch):
    channel = google.channel("news")
    studio.video(channel)
    monkeypatch.delenv("TOKEN_KEYS")
    settings.cache_clear()
    with pytest.raises(ConfigurationError, match="shorts youtube key"):
        studio.refresh(channel)
    monkeypatch.setenv("TOKEN_KEYS", new_key())
    settings.cache_clear()
    with pytest.raises(NeedsPerson, match="no key of TOKEN_KEYS"):
        studio.refresh(channel)
    assert kept() == []


def test_figures_come_with_the_same_account(studio, google):
    channel = google.channel("news")
    studio.video(channel)
    (video_id,) = studio.refresh(channel).published.video_ids
    connect = connector(studio.sessions, studio.youtube, studio.clock)
    assert [state.id for state in connect("news").videos([video_id])] == [video_id]


def test_health_says_when_it_was_last_verified_and_a_check_asks_google_now(studio, google, sandbox):
    google.channel("news")
    studio.clock.move(timedelta(days=3))
    verify(studio.sessions, studio.youtube, "news", studio.clock)
    with studio.sessions() as session:
        (one,) = health(session, studio.clock.now())
    assert (one.slug, one.state, one.checked_at) == ("news", OK, studio.clock.now())
    assert one.authorised_at == studio.clock.now() - timedelta(days=3)
    sandbox.order(match={"path": "/youtube/v3/channels", "times": 2}, do={"status": 401, "reason": "authError"})
    with pytest.raises(NeedsAuthorising):
        verify(studio.sessions, studio.youtube, "news", studio.clock)
    assert google.credential("news").state is DEAD
    verify(studio.sessions, studio.youtube, "news", studio.clock)
    assert (google.credential("news").state, google.credential("news").reason) == (OK, None)


def test_many_channels_refresh_at_once_and_each_keeps_its_own_token(studio, google):
    channels = [google.channel(f"c{n}") for n in range(4)]
    for channel in channels:
        studio.video(channel)
        google.expire(channel.slug)
    threads = [threading.Thread(target=studio.refresh, args=[channel]) for channel in channels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keyring = Keyring.from_settings(settings())
    for channel in channels:
        assert f"sandbox:{channel.slug}~" in keyring.open(google.credential(channel.slug).encrypted_token)
