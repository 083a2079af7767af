"""The embedded Valkey: what it keeps, and who gets in."""

import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import redis as redis_client
from redis.backoff import NoBackoff
from redis.retry import Retry

from shorts_pipeline.embedded import process
from shorts_pipeline.embedded.valkey import Valkey


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Valkey]:
    """A server of this test's own, started, in a folder with a space in its name."""
    made = Valkey(tmp_path / "a home" / "valkey")
    made.folder.parent.mkdir()
    made.start()
    yield made
    made.remove()


def _pid(server: Valkey) -> int:
    record = server.record()
    assert record is not None
    return record.pid


def test_a_restart_keeps_keys_port_and_password(server):
    server.connect().set("channel", "오늘")
    address = server.url
    server.stop()
    assert not server.running()
    server.start()
    assert server.url == address
    assert server.connect().get("channel") == "오늘"


def test_a_killed_server_comes_back_with_what_was_written(server):
    client = server.connect()
    client.set("channel", "오늘")
    client.execute_command("WAITAOF", 1, 0, 2000)
    killed = psutil.Process(_pid(server))
    killed.kill()
    assert process.gone(killed, 5)
    server.start()
    assert server.connect().get("channel") == "오늘"


def test_without_the_password_nothing_is_answered(server):
    with pytest.raises(redis_client.AuthenticationError):
        redis_client.Redis(port=server.port, retry=Retry(NoBackoff(), 0)).ping()


def test_it_listens_on_this_machine_only(server):
    listening = [one for one in psutil.Process(_pid(server)).net_connections() if one.status == "LISTEN"]
    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}


def test_its_secrets_are_its_owners_alone(server):
    for name in ("valkey.conf", "server.json", "log"):
        assert stat.S_IMODE((server.folder / name).stat().st_mode) == 0o600
    assert "requirepass" in (server.folder / "valkey.conf").read_text()
