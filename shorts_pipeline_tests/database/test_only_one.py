"""One process at a time, by name; whoever dies leaves nothing locked."""

import threading
import time
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database.only_one import only_one


def test_a_second_one_is_told_at_once_and_another_name_is_free(sessions: sessionmaker[Session]):
    with only_one(sessions, "a") as first, only_one(sessions, "a") as second, only_one(sessions, "b") as other:
        assert (first, second, other) == (True, False, True)
    with only_one(sessions, "a") as again:
        assert again


def test_a_second_one_that_waits_has_its_turn_when_the_first_ends(sessions: sessionmaker[Session]):
    turns: list[bool] = []

    def wait() -> None:
        with only_one(sessions, "a", wait=timedelta(seconds=30)) as mine:
            turns.append(mine)

    with only_one(sessions, "a"):
        waiting = threading.Thread(target=wait)
        waiting.start()
        while not _waiting(sessions):
            time.sleep(0.01)
        assert not turns
    waiting.join(30)
    assert turns == [True]


def test_whoever_waits_too_long_is_told_and_the_connection_is_as_it_was(sessions: sessionmaker[Session]):
    with only_one(sessions, "a"), only_one(sessions, "a", wait=timedelta(milliseconds=30)) as mine:
        assert not mine
    with sessions() as session:
        assert session.scalar(text("SHOW lock_timeout")) == "0"


def test_a_process_that_is_gone_holds_nothing(sessions: sessionmaker[Session]):
    with only_one(sessions, "a") as mine:
        assert mine
        with sessions.begin() as session:
            holders = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database ="
            own = "(SELECT oid FROM pg_database WHERE datname = current_database())"
            session.execute(text(f"SELECT pg_terminate_backend(pid) FROM ({holders} {own}) AS held"))
        with only_one(sessions, "a", wait=timedelta(seconds=30)) as next_one:
            assert next_one


def _waiting(sessions: sessionmaker[Session]) -> bool:
    with sessions() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")))
