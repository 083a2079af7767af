"""The secret of a source goes to its own server and nowhere else: no row, message, log or address ever holds it."""

import json
import logging
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import SourceItem, SourceType
from shorts_pipeline.sources.ask import Asks
from shorts_pipeline.sources.collect import AllSourcesFailed, collect
from shorts_pipeline_tests.rows import a_channel, a_source
from shorts_pipeline_tests.sources.web import Web

Sessions = sessionmaker[Session]
SECRET = "hunter2/with+signs&more"
PARSER = {"format": "json", "items": "items", "title": "title", "link": "url", "content": "text"}


@pytest.fixture(autouse=True)
def _named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", SECRET)


def an_api(sessions: Sessions, url: str = "https://api.example/list", **connection: Any) -> UUID:
    asked = {"url": url, "secret": "EXAMPLE_API_KEY", **connection}
    with sessions.begin() as session:
        return a_source(
            session, a_channel(session), type=SourceType.API, connection_config=asked, parser_config=PARSER
        ).id


def everything(sessions: Sessions) -> str:
    """Every row of every table, as text."""
    with sessions() as session:
        tables = MetaData()
        tables.reflect(session.get_bind())
        return "\n".join(str(row) for table in tables.sorted_tables for row in session.execute(select(table)))


def nowhere(sessions: Sessions, caplog: pytest.LogCaptureFixture, *said: object) -> bool:
    """Whether no row, log line or message holds the secret, however it is written."""
    text = "\n".join([everything(sessions), caplog.text, *map(repr, said), *map(str, said)])
    return not any(part in text for part in ("hunter2", "with+signs", "with%2Bsigns"))


def test_a_secret_goes_into_a_header_and_nowhere_else(
    sessions: Sessions, clock: ManualClock, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    an_api(sessions)
    web.says("/api.example/list", json.dumps({"items": [{"title": "a", "url": "/1"}]}))
    collected = collect(sessions, web.fetcher(), clock=clock)
    assert web.asked[0].headers["Authorization"] == f"Bearer {SECRET}"
    assert collected.new == 1
    assert nowhere(sessions, caplog, collected, collected.as_metadata())


def test_a_secret_in_the_query_is_taken_out_of_all_that_comes_back(
    sessions: Sessions, clock: ManualClock, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    id_ = an_api(sessions, secret_query="key", query={"n": "5"})
    asked = "/api.example/list?n=5&key=hunter2%2Fwith%2Bsigns%26more"
    echo = {"title": f"you asked with {SECRET}", "url": f"?page=2&key={SECRET}", "text": f"key={SECRET}"}
    web.says(asked, status=301, Location="https://api.example/moved?n=5&key=hunter2%2Fwith%2Bsigns%26more")
    web.says("/api.example/moved?n=5&key=hunter2%2Fwith%2Bsigns%26more", json.dumps({"items": [echo]}))
    collected = collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    assert (collected.new, web.paths()[0]) == (1, asked)
    assert nowhere(sessions, caplog, collected)
    collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    assert web.paths()[2] == "/api.example/moved?n=5&key=hunter2%2Fwith%2Bsigns%26more"


def test_a_secret_is_not_sent_to_another_server(
    sessions: Sessions, clock: ManualClock, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    id_ = an_api(sessions)
    web.says("/api.example/list", status=301, Location="https://elsewhere.example/list")
    web.says("/elsewhere.example/list", json.dumps({"items": [{"title": "a"}]}))
    for _ in range(2):
        collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    sent = {one.path: one.headers.get("Authorization") for one in web.asked}
    assert sent == {"/api.example/list": f"Bearer {SECRET}", "/elsewhere.example/list": None}
    # Moved for good or not: with a secret it is asked where its owner said.
    assert web.paths().count("/api.example/list") == 2
    assert nowhere(sessions, caplog)


def test_a_failure_does_not_tell_the_secret(
    sessions: Sessions, clock: ManualClock, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    id_ = an_api(sessions, secret_query="key")
    web.says("/api.example/list?key=hunter2%2Fwith%2Bsigns%26more", status=302, Location=f"https://x.example/{SECRET}")
    with pytest.raises(AllSourcesFailed) as failed:
        collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    assert nowhere(sessions, caplog, failed.value, failed.value.__cause__, failed.value.__context__)


def test_an_items_own_page_is_told_nothing(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    with sessions.begin() as session:
        a_source(
            session, a_channel(session), type=SourceType.API, parser_config=PARSER | {"articles": True},
            connection_config={"url": "https://api.example/list", "secret": "EXAMPLE_API_KEY", "headers": {"X-A": "b"}},
        )  # fmt: skip
    web.says("/api.example/list", json.dumps({"items": [{"title": "a", "url": "https://api.example/1"}]}))
    web.says("/api.example/1", "<p>x</p>", Content_Type="text/html")
    collect(sessions, web.fetcher(), clock=clock)
    (page,) = (one for one in web.asked if one.path == "/api.example/1")
    assert "Authorization" not in page.headers
    assert "X-A" not in page.headers


def test_what_asks_does_not_show_its_secret(web: Web, clock: ManualClock) -> None:
    from shorts_pipeline.database.documents import SourceConnection

    connection = SourceConnection.model_validate({"url": "https://api.example/", "secret": "EXAMPLE_API_KEY"})
    assert "hunter2" not in repr(Asks.of(web.fetcher(), connection, clock.now()))


def test_nothing_of_a_secret_is_left_in_items(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    an_api(sessions)
    web.says("/api.example/list", json.dumps({"items": [{"title": f"key {SECRET}", "url": "/1"}]}))
    collect(sessions, web.fetcher(), clock=clock)
    with sessions() as session:
        assert session.scalars(select(SourceItem.title)).one() == "key ***"
