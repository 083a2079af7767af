"""The true OAuth client against the sandbox's endpoints: state, PKCE, refusals, a browser here and one elsewhere."""

import json
import os
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from shorts_pipeline.errors import ConfigurationError, NeedsPerson, RetryLater
from shorts_pipeline.resources.youtube.authorising import SCOPES, Client, authorise_elsewhere, authorise_here, revoke
from shorts_pipeline_tests.resources.youtube.browser import Elsewhere, visit

CLIENT = Client("123456-abc.apps.googleusercontent.com", "GOCSPX-canary")


@pytest.fixture
def client(sandbox) -> Client:
    return CLIENT.at(sandbox.url)


def elsewhere(client, person):
    return authorise_elsewhere(client, SCOPES, show=person.show, ask=person.ask)


def test_a_browser_elsewhere_and_its_last_address_brought_back(client, sandbox):
    given = elsewhere(client, Elsewhere("news"))
    assert given.refresh_token.startswith("sandbox:news~")
    assert set(given.granted_scopes) == set(SCOPES)
    assert (given.client_id, given.token_uri) == (client.id, f"{sandbox.url}/token")
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ


def test_the_bare_code_will_do(client):
    def only_code(address: str) -> str:
        return parse_qs(urlsplit(address).query)["code"][0]

    assert elsewhere(client, Elsewhere(back=only_code)).refresh_token


def test_the_address_asks_for_a_renewable_token_with_state_and_pkce(client):
    seen = []
    with pytest.raises(NeedsPerson):
        authorise_elsewhere(client, SCOPES, show=seen.append, ask=lambda: "http://127.0.0.1:8765/?error=access_denied")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(seen[0]).query).items()}
    assert (asked["access_type"], asked["prompt"], asked["code_challenge_method"]) == ("offline", "consent", "S256")
    assert (asked["response_type"], asked["redirect_uri"]) == ("code", "http://127.0.0.1:8765/")
    assert len(asked["state"]) >= 20
    assert asked["scope"].split() == list(SCOPES)


def test_an_address_of_another_authorisation_is_refused(client):
    person = Elsewhere(back=lambda address: address.replace("state=", "state=x"))
    with pytest.raises(NeedsPerson, match="not the address"):
        elsewhere(client, person)


def test_a_code_that_somebody_else_asked_for_is_worth_nothing(client):
    """PKCE: the code's own challenge was another one."""
    with pytest.raises(NeedsPerson, match="invalid_grant"):
        elsewhere(client, Elsewhere(code_challenge="0" * 43))


def test_a_code_is_good_once_and_for_ten_minutes(client, clock):
    used = Elsewhere()
    elsewhere(client, used)
    code = parse_qs(urlsplit(used.ended).query)["code"][0]
    with pytest.raises(NeedsPerson, match="invalid_grant"):
        elsewhere(client, Elsewhere(back=lambda _: code))

    def late(address: str) -> str:
        clock.move(timedelta(minutes=11))
        return address

    with pytest.raises(NeedsPerson, match="invalid_grant"):
        elsewhere(client, Elsewhere(back=late))


def test_a_refusal_in_the_browser_is_said_in_words(client):
    with pytest.raises(NeedsPerson, match="refused in the browser"):
        elsewhere(client, Elsewhere(refuse="1"))


def test_fewer_permissions_than_asked_for_are_seen(client):
    given = elsewhere(client, Elsewhere(scope=SCOPES[1]))
    assert given.granted_scopes == [SCOPES[1]]


def test_a_browser_here_is_sent_to_google_and_comes_back_by_itself(client, monkeypatch):
    shown: list[str] = []

    def show(address: str) -> None:
        shown.append(address)
        threading.Thread(target=lambda: requests.get(visit(address, "tech"), timeout=10)).start()

    monkeypatch.setenv("BROWSER", "true")
    given = authorise_here(client, SCOPES, port=0, show=show)
    assert given.refresh_token.startswith("sandbox:tech~")
    assert "code_challenge=" in shown[0]


def test_an_answer_with_a_strange_state_does_not_authorise_here(client, monkeypatch):
    def show(address: str) -> None:
        forged = visit(address, "attacker", state="forged")
        threading.Thread(target=lambda: requests.get(forged, timeout=10)).start()

    monkeypatch.setenv("BROWSER", "true")
    with pytest.raises(NeedsPerson, match="mismatching_state"):
        authorise_here(client, SCOPES, port=0, show=show)


def test_a_token_that_is_taken_back_is_dead(client):
    token = elsewhere(client, Elsewhere()).to_json()
    assert revoke(token)
    assert not revoke(token)


def test_google_being_away_changes_nothing():
    nowhere = CLIENT.at("http://127.0.0.1:9")
    with pytest.raises(RetryLater, match="could not be reached"):
        authorise_elsewhere(nowhere, SCOPES, show=lambda _: None, ask=lambda: "4/code")
    with pytest.raises(RetryLater, match="nothing was changed"):
        revoke(json.dumps({"token_uri": "http://127.0.0.1:9/token", "refresh_token": "x"}))


def test_a_client_is_read_from_googles_file_and_never_shown(tmp_path: Path):
    path = tmp_path / "client_secret.json"
    ends = {"auth_uri": "https://accounts.example/auth", "token_uri": "https://oauth2.example/token"}
    path.write_text(json.dumps({"installed": {"client_id": CLIENT.id, "client_secret": CLIENT.secret, **ends}}))
    found = Client.from_file(path)
    assert (found.id, found.secret, found.token_uri) == (CLIENT.id, CLIENT.secret, ends["token_uri"])
    assert found.project == "123456"
    assert CLIENT.secret not in repr(found)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"installed": {}}', '{"installed": []}', "\x00"])
def test_a_file_that_is_no_client_is_said_to_be_none(tmp_path: Path, content: str):
    path = tmp_path / "client_secret.json"
    path.write_text(content)
    with pytest.raises(ConfigurationError, match="no client_secret"):
        Client.from_file(path)
