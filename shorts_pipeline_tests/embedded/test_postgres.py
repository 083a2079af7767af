"""The embedded PostgreSQL: who runs it, where it listens, and what survives a kill."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from shorts_pipeline.embedded import account as accounts
from shorts_pipeline.embedded import process
from shorts_pipeline.embedded.account import Account, database_account, reachable
from shorts_pipeline.embedded.postgres import Postgres
from shorts_pipeline.embedded.postgres_binaries import BINARIES, copy_for_others, find_binaries


@pytest.fixture(scope="module")
def this_files_server(open_folder: Path) -> Iterator[Postgres]:
    """A server that the tests of this file may stop and kill."""
    made = Postgres(Path(tempfile.mkdtemp(dir=open_folder)) / "postgres", durable=False)
    made.folder.parent.chmod(0o755)
    yield made
    made.remove()


@pytest.fixture
def server(this_files_server: Postgres) -> Postgres:
    """That server, started."""
    this_files_server.start()
    return this_files_server


def _remember(server: Postgres) -> None:
    with server.connect("shorts") as connection:
        connection.execute("DROP TABLE IF EXISTS remembered")
        connection.execute("CREATE TABLE remembered (word text)")
        connection.execute("INSERT INTO remembered VALUES ('오늘')")


def _remembered(server: Postgres) -> list[tuple[object, ...]]:
    with server.connect("shorts") as connection:
        return connection.execute("SELECT word FROM remembered").fetchall()


def _kill(server: Postgres) -> None:
    record = server.record()
    assert record is not None
    postmaster = record.find()
    assert postmaster is not None
    postmaster.kill()
    assert process.gone(postmaster, 5)


def test_a_restart_keeps_the_data_the_port_and_the_password(server):
    _remember(server)
    address = server.url("shorts")
    server.stop()
    assert not server.running()
    server.start()
    assert server.url("shorts") == address
    assert _remembered(server) == [("오늘",)]


def test_a_killed_postmaster_loses_nothing_that_was_committed(server):
    _remember(server)
    _kill(server)
    server.start()
    assert _remembered(server) == [("오늘",)]


def test_a_lock_file_that_names_a_stranger_is_no_obstacle(server):
    _kill(server)
    lock = server.data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    server.start()
    assert server.running()


def test_a_zombie_postmaster_is_no_obstacle(open_folder):
    """Its parent never collects it: its pid exists, and signals to it succeed."""
    folder = Path(tempfile.mkdtemp(dir=open_folder))
    folder.chmod(0o755)
    server = Postgres(folder / "postgres", durable=False)
    starter = (
        "import sys, time; from pathlib import Path; from shorts_pipeline.embedded.postgres import Postgres;"
        f"Postgres(Path({str(folder)!r}) / 'postgres', durable=False).start(); print('up', flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE)
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        record = server.record()
        assert record is not None
        psutil.Process(record.pid).kill()
        assert process.wait_until(lambda: psutil.Process(record.pid).status() == psutil.STATUS_ZOMBIE, 5)
        server.start()
        assert server.running()
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
        server.remove()


def test_a_half_made_data_folder_is_made_anew(open_folder):
    folder = Path(tempfile.mkdtemp(dir=open_folder))
    folder.chmod(0o755)
    server = Postgres(folder / "postgres", durable=False)
    (folder / "postgres" / "data.partial").mkdir(parents=True)
    (folder / "postgres" / "data.partial" / "PG_VERSION").write_text("18")
    server.start()
    assert server.running()
    server.remove()


def test_a_taken_port_makes_it_move_to_another(server):
    server.stop()
    taken = server.port
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", taken))
        other.listen()
        server.start()
        assert server.port != taken
        assert server.running()


def test_a_wrong_password_is_refused(server):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host="127.0.0.1", port=server.port, user="shorts", password="guess", dbname="shorts")


def test_nothing_listens_beyond_this_machine_and_no_socket_file_is_made(server):
    record = server.record()
    assert record is not None
    listening = [one for one in psutil.Process(record.pid).net_connections("all") if one.status == "LISTEN"]
    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}
    with server.connect() as connection:
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)


def test_its_secrets_are_its_owners_alone_and_never_on_a_command_line(server):
    for name in ("password", "server.json", "log"):
        assert stat.S_IMODE((server.folder / name).stat().st_mode) == 0o600
    record = server.record()
    assert record is not None
    password = (server.folder / "password").read_text()
    assert not [one for one in psutil.process_iter(["cmdline"]) if password in " ".join(one.info["cmdline"] or [])]


def test_both_databases_are_there_and_know_vectors(server):
    for database in ("shorts", "dagster"):
        with server.connect(database) as connection:
            connection.execute("CREATE EXTENSION vector")


def test_root_never_runs_it(server):
    record = server.record()
    assert record is not None
    assert psutil.Process(record.pid).uids().real != 0
    assert server.data.stat().st_uid != 0


def test_a_folder_that_nobody_may_pass_is_not_reachable(tmp_path):
    other = Account(uid=os.geteuid() + 1, gid=os.getegid() + 1)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not reachable(closed / "data", other)
    assert reachable(closed / "data", None)
    assert reachable(Path("/usr"), other)


def test_a_copy_of_the_programs_runs_for_everybody(open_folder):
    installed = find_binaries(database_account()).parents[2]
    target = open_folder / "programs"
    assert copy_for_others(installed, target) == target
    version = subprocess.run([target / BINARIES / "postgres", "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("postgres (PostgreSQL) 18")
    assert not [path for path in target.rglob("*") if not path.is_symlink() and not path.stat().st_mode & stat.S_IROTH]
    shutil.rmtree(target)


def test_a_closed_home_of_roots_keeps_its_data_where_its_account_can_reach_it(tmp_path, monkeypatch, open_folder):
    """tmp_path is closed to everyone else, like a project under /root."""
    monkeypatch.setattr(accounts, "ROOTS_PLACE", open_folder / "roots-place")
    server = Postgres(tmp_path / "home" / "postgres", durable=False)
    server.start()
    outside = server.data.parent == open_folder / "roots-place"
    assert server.running()
    assert outside == (database_account() is not None)
    data = server.data
    server.remove()
    assert not data.exists()
