"""The services of a home: shared, recovered, and ended with the last who needs them."""

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from shorts_pipeline.embedded import keeper, process
from shorts_pipeline.embedded.home import PROJECT, Home
from shorts_pipeline.embedded.leftovers import VARIABLE, end_leftovers
from shorts_pipeline.embedded.services import Services
from shorts_pipeline.errors import ConfigurationError, RetryLater
from shorts_pipeline.settings import Settings


def _find(services: Services, name: str) -> psutil.Process:
    record = services.home.running().services[name]
    found = record.find()
    assert found is not None
    return found


def _keeper(home: Home) -> psutil.Process:
    running = home.running()
    assert running.keeper is not None
    found = running.keeper.find()
    assert found is not None
    return found


def _family(services: Services) -> list[psutil.Process]:
    kept = _keeper(services.home)
    return [kept, *kept.children(recursive=True)]


def _nothing_left(family: list[psutil.Process], seconds: float = 15) -> bool:
    return all(process.gone(one, seconds) for one in family)


def test_they_start_together_and_end_with_the_last_user(home_settings):
    first, second = Services(home_settings, also=()), Services(home_settings, also=())
    first.start()
    assert first.was_alone
    family = _family(first)
    second.start()
    assert not second.was_alone
    first.stop()
    assert _keeper(first.home).pid == family[0].pid
    second.stop()
    assert _nothing_left(family, 3)
    assert second.home.running().services == {}


def test_every_address_is_in_the_environment_and_answers(home_settings):
    with Services(home_settings) as services:
        found = services.dagster_environment()
        assert found["DATABASE_URL"].startswith("postgresql+psycopg://")
        assert found["DAGSTER_DATABASE_URL"].startswith("postgresql+psycopg2://")
        assert found["DAGSTER_DATABASE_URL"].endswith("/dagster")
        assert Path(found["SHORTS_HOME"]).is_absolute()
        assert (Path(found["DAGSTER_HOME"]) / "dagster.yaml").exists()
        assert "SOURCE_MIRROR_URL" not in found
        assert keeper.postgres(services.home).running()
        assert keeper.valkey(services.home).running()
        assert keeper.sandbox(services.home).running()


def test_they_listen_on_this_machine_only_and_tell_passwords_to_nobody(home_settings):
    with Services(home_settings) as services:
        addresses = {
            connection.laddr.ip
            for member in _family(services)
            for connection in member.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert addresses == {"127.0.0.1"}
        assert stat.S_IMODE((services.home.path / "services.json").stat().st_mode) == 0o600
        told = (services.home.path / "services.json").read_text()
        assert (services.home.postgres / "password").read_text() not in told


def test_services_that_are_killed_are_started_again_at_the_same_places(home_settings):
    with Services(home_settings) as services:
        before = services.environment()
        killed = {name: _find(services, name) for name in ("postgres", "valkey", "sandbox")}
        for one in killed.values():
            one.kill()

        def all_new() -> bool:
            return all(services.home.running().services[name].pid != one.pid for name, one in killed.items())

        assert process.wait_until(all_new, 20)
        for serving in (keeper.postgres, keeper.valkey, keeper.sandbox):
            assert serving(services.home).running()
        assert services.environment() == before


def test_a_killed_keeper_is_replaced_and_nothing_is_lost(home_settings):
    with Services(home_settings, also=()) as services:
        with keeper.postgres(services.home).connect("shorts") as connection:
            connection.execute("CREATE TABLE remembered (word text)")
        before = services.environment()
        family = _family(services)
        family[0].kill()
        assert process.gone(family[0], 5)
        assert services.gone()
        services.start()
        assert not services.gone()
        assert services.environment() == before
        with keeper.postgres(services.home).connect("shorts") as connection:
            connection.execute("SELECT * FROM remembered")
        family += _family(services)
    assert _nothing_left(family)


def test_a_killed_user_leaves_nothing_behind(home_settings):
    code = (
        "import sys, time; from pathlib import Path; from shorts_pipeline.embedded.services import Services;"
        "from shorts_pipeline.settings import Settings;"
        f"Services(Settings(SHORTS_HOME=Path({str(home_settings.home)!r})), also=()).start();"
        "print('up', flush=True); time.sleep(60)"
    )
    user = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=PROJECT)
    assert user.stdout is not None
    assert user.stdout.readline() == b"up\n"
    services = Services(home_settings)
    family = _family(services)
    user.kill()
    user.wait()
    user.stdout.close()
    assert _nothing_left(family)


def test_addresses_that_are_given_are_used_as_they_are(home_folder):
    given = {
        "DATABASE_URL": "postgresql+psycopg://me:secret@db.example/shorts",
        "DAGSTER_DATABASE_URL": "postgresql+psycopg2://me:secret@db.example/dagster",
        "REDIS_URL": "redis://cache.example/0",
    }
    with Services(Settings(SHORTS_HOME=home_folder, **given), also=()) as services:
        assert services.environment().items() >= given.items()
        assert services.home.running().keeper is None
        assert not (home_folder / "postgres").exists()
        assert not (home_folder / "valkey").exists()


def test_dagster_needs_its_own_address_where_the_applications_is_given(home_folder):
    settings = Settings(SHORTS_HOME=home_folder, DATABASE_URL="postgresql+psycopg://me:secret@db.example/shorts")
    services = Services(settings, also=())
    services.wanted = set()
    with pytest.raises(ConfigurationError, match="DAGSTER_DATABASE_URL") as raised:
        services.dagster_environment()
    assert "secret" not in str(raised.value)


def test_a_service_that_cannot_start_says_why_and_leaves_nothing(home_settings):
    home = Home(home_settings.home)
    home.prepare()
    home.valkey.write_text("a file where a folder belongs")
    services = Services(home_settings, also=())
    with pytest.raises(RetryLater, match="valkey"):
        services.start()
    assert process.wait_until(lambda: home.running().keeper is None, 15)
    home.valkey.unlink()


def test_a_process_of_a_dead_shorts_up_is_found_and_ended(home_settings):
    home = Home(home_settings.home)
    home.prepare()
    mark = {**os.environ, VARIABLE: str(home.path)}
    ours = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], env=mark)
    other = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], env={**mark, VARIABLE: "/another/home"}
    )
    try:
        assert process.wait_until(lambda: VARIABLE in psutil.Process(ours.pid).environ(), 5)
        assert end_leftovers(home) == 1
        assert ours.poll() is not None
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_pid_that_was_given_again_is_not_taken_for_ours():
    me = process.record(os.getpid(), "python")
    assert me.find() is not None
    assert process.ProcessRecord(me.pid, me.started - 60, me.marker).find() is None
    assert process.ProcessRecord(me.pid, me.started, "another program").find() is None


def test_a_free_port_is_kept_and_a_taken_one_left():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert process.free_port(taken) != taken
    assert process.free_port(taken) == taken


def test_the_demos_feeds_are_wanted_only_where_it_was_run_with_them(home_settings):
    home = Home(home_settings.home)
    home.prepare()
    assert not home.plays_the_demo()
    (home.path / "demo.json").write_text(json.dumps({"live": False}))
    assert home.plays_the_demo()
    (home.path / "demo.json").write_text(json.dumps({"live": True}))
    assert not home.plays_the_demo()
