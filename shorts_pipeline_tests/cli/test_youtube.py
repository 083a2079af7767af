"""`shorts youtube …` and `shorts uploads …`, on the sandbox in YouTube's place."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from shorts_pipeline.cli.uploads import uploads
from shorts_pipeline.cli.youtube import youtube
from shorts_pipeline.database import Credential
from shorts_pipeline.errors import ConfigurationError, NeedsPerson
from shorts_pipeline.resources.youtube.keyring import new_key
from shorts_pipeline.settings import settings
from shorts_pipeline.uploads import stops
from shorts_pipeline_tests.resources.youtube.browser import visit
from shorts_pipeline_tests.rows import a_channel

ROOT = Path(__file__).parents[2]
TO_YOUTUBE = {"publish": {"publish_to": "youtube"}}


class Person:
    """At the keyboard: what `click.prompt` reads is the address that the browser ended at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, channel: str) -> None:
        from shorts_pipeline.cli import youtube as module

        self.channel, self.ended = channel, ""
        show = module._show_elsewhere

        def look(address: str) -> None:
            show(address)
            self.ended = visit(address, self.channel)

        monkeypatch.setattr(module, "_show_elsewhere", look)
        monkeypatch.setattr(module, "_ask", lambda: self.ended)


@pytest.fixture
def environment(own_database_url, redis_url, sandbox, tmp_path, monkeypatch) -> dict[str, str]:
    given = {
        "DATABASE_URL": own_database_url,
        "REDIS_URL": redis_url,
        "SHORTS_HOME": str(tmp_path),
        "YOUTUBE_API_URL": sandbox.url,
        "TOKEN_KEYS": new_key(),
        "YOUTUBE_CLIENT_ID": "4711-x.apps.googleusercontent.com",
        "YOUTUBE_CLIENT_SECRET": "GOCSPX-canary",
        "COLUMNS": "160",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield given
    settings.cache_clear()


@pytest.fixture
def shorts(environment):
    def run(group, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(group, arguments, input=typed, catch_exceptions=False)

    return run


@pytest.fixture
def news(sessions):
    with sessions.begin() as session:
        return a_channel(session, slug="news", operation_config=TO_YOUTUBE)


def stored(sessions) -> Credential | None:
    with sessions() as session:
        return session.scalars(select(Credential)).one_or_none()


def test_a_machine_without_a_browser_authorises_a_channel_and_a_person_allows_it(
    shorts, news, sessions, monkeypatch, sandbox
):
    Person(monkeypatch, "news")
    result = shorts(youtube, "connect", "news", "--no-browser", typed="y\n")
    assert result.exit_code == 0
    assert f"{sandbox.url}/o/oauth2/auth?" in result.output
    assert "news is connected to “news” (UC" in result.output
    assert "Write youtube_channel_id: UC" in result.output
    row = stored(sessions)
    assert row.allowed_at is not None
    assert "GOCSPX" not in result.output + row.encrypted_token


def test_a_person_who_does_not_allow_it_is_told_how_to_later(shorts, news, sessions, monkeypatch):
    Person(monkeypatch, "news")
    result = shorts(youtube, "connect", "news", "--no-browser", typed="n\n")
    assert "shorts uploads allow news" in result.output
    assert stored(sessions).allowed_at is None
    assert shorts(uploads, "allow", "news").exit_code == 0
    assert stored(sessions).allowed_at is not None
    shorts(uploads, "allow", "news", "--no")
    assert stored(sessions).allowed_at is None


def test_a_browser_on_this_machine_does_it_all(news, sessions, environment, tmp_path):
    """The command itself, in its own process, with a browser that allows."""
    browser = tmp_path / "browser.py"
    browser.write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import requests\n"
        "from shorts_pipeline_tests.resources.youtube.browser import visit\n"
        "requests.get(visit(sys.argv[1], 'news'), timeout=10)\n"
    )
    client = tmp_path / "client_secret.json"
    ends = {"auth_uri": "https://accounts.example/auth", "token_uri": "https://oauth2.example/token"}
    client.write_text(json.dumps({"installed": {"client_id": "99-y", "client_secret": "GOCSPX-file", **ends}}))
    command = [sys.executable, "-c", "from shorts_pipeline.cli import main; main()", "youtube", "connect", "news"]
    done = subprocess.run(
        [*command, "--client-file", str(client), "--allow"],
        env={**os.environ, **environment, "BROWSER": f"{sys.executable} {browser} %s &"},
        capture_output=True,
        text=True,
        timeout=100,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "news is connected" in done.stdout
    assert stored(sessions).project == "99"
    assert "GOCSPX" not in done.stdout + done.stderr


def test_status_shows_accounts_quota_and_what_stops_them(shorts, news, sessions, monkeypatch, sandbox):
    assert "not connected" in shorts(youtube, "status").output
    Person(monkeypatch, "news")
    shorts(youtube, "connect", "news", "--no-browser", "--allow")
    shorts(uploads, "stop", "--reason", "a wrong video went out")
    said = shorts(youtube, "status", "--check").output
    assert "news" in said
    assert "4711" in said
    assert "9998" in said  # one unit to connect, one to check
    assert "insert" in said
    assert "a wrong video went out" in said
    sandbox.order(match={"path": "/youtube/v3/channels", "times": 2}, do={"status": 401, "reason": "authError"})
    said = shorts(youtube, "status", "--check").output
    assert "needs reauthorising" in said
    assert "shorts youtube connect news" in said


def test_without_a_key_or_a_client_nobody_is_sent_to_google(shorts, news, monkeypatch):
    monkeypatch.delenv("YOUTUBE_CLIENT_SECRET")
    with pytest.raises(ConfigurationError, match="YOUTUBE_CLIENT_ID and YOUTUBE_CLIENT_SECRET"):
        shorts(youtube, "connect", "news", "--no-browser")
    monkeypatch.delenv("TOKEN_KEYS")
    settings.cache_clear()
    with pytest.raises(ConfigurationError, match="shorts youtube key"):
        shorts(youtube, "connect", "news", "--no-browser")
    assert len(shorts(youtube, "key").output.strip()) == 44


def test_another_clients_secrets_are_used_by_name(shorts, news, sessions, monkeypatch, tmp_path):
    (tmp_path / "SECOND_ID").write_text("815-z\n")
    (tmp_path / "SECOND_SECRET").write_text("GOCSPX-second\n")
    monkeypatch.setenv("SECRETS_FOLDER", str(tmp_path))
    settings.cache_clear()
    Person(monkeypatch, "news")
    shorts(youtube, "connect", "news", "--no-browser", "--client", "SECOND", "--allow")
    assert stored(sessions).project == "815"


def test_rotating_needs_the_old_key_once(shorts, news, sessions, monkeypatch, environment):
    Person(monkeypatch, "news")
    shorts(youtube, "connect", "news", "--no-browser", "--allow")
    new = new_key()
    monkeypatch.setenv("TOKEN_KEYS", f"{new},{environment['TOKEN_KEYS']}")
    settings.cache_clear()
    assert "1 tokens are encrypted with the first key" in shorts(youtube, "rotate").output
    monkeypatch.setenv("TOKEN_KEYS", new)
    settings.cache_clear()
    assert "needs reauthorising" not in shorts(youtube, "status", "--check").output
    monkeypatch.setenv("TOKEN_KEYS", environment["TOKEN_KEYS"])
    settings.cache_clear()
    with pytest.raises(NeedsPerson, match="no key of TOKEN_KEYS"):
        shorts(youtube, "rotate")


def test_disconnecting_forgets_and_on_request_takes_the_permission_back(shorts, news, sessions, monkeypatch, sandbox):
    Person(monkeypatch, "news")
    shorts(youtube, "connect", "news", "--no-browser", "--allow")
    assert "Google took the permission back" in shorts(youtube, "disconnect", "news", "--revoke").output
    assert stored(sessions) is None
    assert len(json.loads((sandbox.root / "revoked.json").read_text())) == 1
    with pytest.raises(ConfigurationError, match="no stored account"):
        shorts(youtube, "disconnect", "news")
    with pytest.raises(ConfigurationError, match="shorts youtube connect news"):
        shorts(uploads, "allow", "news")


def test_stop_and_resume_say_what_they_did(shorts, sessions):
    assert "All uploads are stopped" in shorts(uploads, "stop").output
    with sessions() as session:
        assert stops.halted(session) == "stopped by hand"
    assert "Uploads go on" in shorts(uploads, "resume").output
    assert "were not stopped" in shorts(uploads, "resume").output
