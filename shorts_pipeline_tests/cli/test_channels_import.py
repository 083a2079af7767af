"""`shorts channels import` as a person sees it; what it does is tested in importing."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from shorts_pipeline.cli.channels import channels
from shorts_pipeline.clock import FileClock
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox
from shorts_pipeline.settings import settings
from shorts_pipeline_tests.importing.before import a_short, korean_title
from shorts_pipeline_tests.rows import a_channel

LONG_AGO = datetime(2026, 1, 5, 11, tzinfo=UTC)


@pytest.fixture
def shorts(own_database_url, redis_url, sandbox, tmp_path, monkeypatch, clock):
    """Runs `shorts channels …` on this test's services, at 80 columns and on the test's clock."""
    FileClock(tmp_path / "home" / "clock").set(clock.now())
    given = {
        "DATABASE_URL": own_database_url,
        "REDIS_URL": redis_url,
        "YOUTUBE_SANDBOX_URL": sandbox.url,
        "SHORTS_HOME": str(tmp_path / "home"),
        "COLUMNS": "80",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(channels, arguments, catch_exceptions=False)

    yield run
    settings.cache_clear()


@pytest.fixture
def history(sessions, sandbox: RunningSandbox) -> None:
    """A channel with six shorts and a long video."""
    with sessions.begin() as session:
        a_channel(session, slug="dongne")
    videos = [a_short(korean_title(number), LONG_AGO + timedelta(days=7 * number)) for number in range(6)]
    sandbox.seed("dongne", [*videos, a_short("한 시간 방송", LONG_AGO, duration=3600)])


def test_a_person_sees_what_came_in_what_did_not_and_what_to_do_next(shorts, history):
    dry = shorts("import", "dongne", "--dry-run").output
    assert "6  would be brought in" in dry
    done = shorts("import", "dongne", "--history", "20")
    assert done.exit_code == 0
    assert done.output.startswith("dongne from the YouTube sandbox: dongne (UC")
    assert "6  brought in" in done.output
    assert "1  left out: longer than a Short" in done.output
    assert "6 have no description to learn from, only a title: `--captions N`" in done.output
    assert "Figures: 20 days, since 2026-02-09." in done.output
    assert "5 shorts are older than that, and their totals lack what came before" in done.output
    assert "`shorts channels import dongne --history 55` fetches all." in done.output
    assert "Quota used: 3 units." in done.output
    again = shorts("import", "dongne").output
    assert "since 2026-01-05" in again
    assert "6  left out: imported before" in again
    assert "older than that" not in again


def test_a_stop_is_told_and_ends_with_1(shorts, history, sandbox):
    sandbox.order(match={"path": "/youtube/v3/playlistItems"}, do={"status": 403, "reason": "quotaExceeded"})
    done = shorts("import", "dongne")
    assert done.exit_code == 1
    assert "Go on with the same command after 2026-03-02 08:00 UTC." in done.output
