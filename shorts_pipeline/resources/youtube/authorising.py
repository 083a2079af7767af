"""Authorising: how a person gives a channel's authorisation, with a browser on this machine or on another.

Google's flow for installed applications, with state and PKCE, by its own library. Without a browser here the address is
opened elsewhere; that browser ends at an address of *its* machine where nobody listens, and what stands in its address
line is brought back by hand.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

from shorts_pipeline.errors import ConfigurationError, NeedsPerson, PipelineError, RetryLater
from shorts_pipeline.resources.youtube.transport import TIMEOUT_SECONDS

SCOPE: Final = "https://www.googleapis.com/auth/"
SCOPES: Final = (f"{SCOPE}youtube.upload", f"{SCOPE}youtube.readonly", f"{SCOPE}yt-analytics.readonly")
PLAYLIST_SCOPE: Final = f"{SCOPE}youtube.force-ssl"
CAPTIONS_SCOPE: Final = PLAYLIST_SCOPE
WAIT_SECONDS: Final = 300
# Nobody needs to listen there: the browser only has to show the address.
ELSEWHERE: Final = "http://127.0.0.1:8765/"
_TALKATIVE: Final = ("google_auth_oauthlib", "requests_oauthlib", "oauthlib")
_AUTH_URI, _TOKEN_URI = "https://accounts.google.com/o/oauth2/auth", "https://oauth2.googleapis.com/token"


@dataclass(frozen=True)
class Client:
    """An OAuth client of the kind “Desktop app”, and where it authorises."""

    id: str
    secret: str = field(repr=False)
    auth_uri: str = _AUTH_URI
    token_uri: str = _TOKEN_URI

    @property
    def project(self) -> str:
        """The Google project's number: what stands before the first hyphen of a client's id."""
        return self.id.partition("-")[0]

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """From the client_secret.json that Google Cloud gives. Raises ConfigurationError."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            one = found.get("installed") or found["web"]
            return cls(one["client_id"], one["client_secret"], one.get("auth_uri", _AUTH_URI), one["token_uri"])
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ConfigurationError(
                f"{path} is no client_secret.json: download it in Google Cloud under APIs & Services, Credentials"
            ) from None

    def at(self, api_url: str | None) -> "Client":
        """The same client at a server that stands for Google."""
        if api_url is None:
            return self
        root = api_url.rstrip("/")
        return Client(self.id, self.secret, f"{root}/o/oauth2/auth", f"{root}/token")

    def document(self) -> dict[str, Any]:
        """The client as Google's library reads it."""
        ends = {"auth_uri": self.auth_uri, "token_uri": self.token_uri}
        return {"installed": {"client_id": self.id, "client_secret": self.secret, **ends}}


def authorise_here(client: Client, scopes: Sequence[str], *, port: int, show: Callable[[str], None]) -> Any:
    """Google's credentials by a browser on this machine. `show` gets the address that the browser is sent to.

    Raises NeedsPerson where the person refuses, or does not answer within five minutes.
    """
    flow = _flow(client, scopes, show)
    with _explained(client):
        return flow.run_local_server(
            host="127.0.0.1",
            port=port,
            authorization_prompt_message=None,
            success_message="Done: this window can be closed.",
            timeout_seconds=WAIT_SECONDS,
            prompt="consent",
        )


def authorise_elsewhere(
    client: Client, scopes: Sequence[str], *, show: Callable[[str], None], ask: Callable[[], str]
) -> Any:
    """Google's credentials by a browser on another machine. `ask` returns the address it ended at, or its code."""
    flow = _flow(client, scopes, show)
    flow.redirect_uri = ELSEWHERE
    with _explained(client):
        _, state = flow.authorization_url(prompt="consent")
        flow.fetch_token(code=_code(ask().strip(), state))
        return flow.credentials


def revoke(token: str) -> bool:
    """Take the permission back at Google; False where Google did not know it any more. `token`: stored JSON."""
    import requests

    kept = json.loads(token)
    address = kept["token_uri"].rpartition("/")[0] + "/revoke"
    try:
        answer = requests.post(address, data={"token": kept["refresh_token"]}, timeout=TIMEOUT_SECONDS)
    except requests.RequestException as error:
        raise RetryLater(f"Google could not be reached ({type(error).__name__}); nothing was changed") from None
    if answer.status_code >= 500:
        raise RetryLater(f"Google answered {answer.status_code}; nothing was changed, try again")
    return answer.status_code == 200


def _flow(client: Client, scopes: Sequence[str], show: Callable[[str], None]) -> Any:
    from google_auth_oauthlib.flow import InstalledAppFlow

    class Flow(InstalledAppFlow):  # type: ignore[misc]
        """Shows its address our way, and its call has a time limit."""

        def authorization_url(self, **given: Any) -> Any:
            address, state = super().authorization_url(**given)
            show(address)
            return address, state

        def fetch_token(self, **given: Any) -> Any:
            return super().fetch_token(timeout=TIMEOUT_SECONDS, **given)

    return Flow.from_client_config(client.document(), scopes=list(scopes))


def _code(answer: str, state: str) -> str:
    """The code in the address that the browser ended at; an answer without an address is the code."""
    if "://" not in answer:
        return answer
    found = parse_qs(urlsplit(answer).query)
    if "error" in found:
        raise _refused(found["error"][0])
    if found.get("state") != [state] or "code" not in found:
        raise NeedsPerson("this is not the address that this authorisation ended at: start again and copy it whole")
    return found["code"][0]


@contextmanager
def _explained(client: Client) -> Iterator[None]:
    """What a person has to know about a failed authorisation; never codes, tokens or secrets."""
    import webbrowser

    import requests
    from google_auth_oauthlib.flow import WSGITimeoutError
    from oauthlib.oauth2 import OAuth2Error

    try:
        with _lenient(client):
            yield
    except WSGITimeoutError:
        raise NeedsPerson(f"nobody authorised within {WAIT_SECONDS // 60} minutes: start again") from None
    except OAuth2Error as error:
        raise _refused(error.error) from None
    except requests.RequestException as error:
        raise RetryLater(f"Google could not be reached ({type(error).__name__}): try again") from None
    except webbrowser.Error:
        raise NeedsPerson("there is no browser on this machine: add --no-browser and use another machine's") from None
    except OSError as error:
        raise NeedsPerson(f"no port to wait on for the browser's answer ({error.strerror}): --port N") from None


def _refused(word: str | None) -> PipelineError:
    if word == "access_denied":
        return NeedsPerson("the permission was refused in the browser; nothing was stored")
    if word in {"invalid_client", "unauthorized_client"}:
        return ConfigurationError(f"Google does not know the OAuth client ({word}): check its id and secret")
    return NeedsPerson(f"Google did not accept the authorisation ({word}): start again")


@contextmanager
def _lenient(client: Client) -> Iterator[None]:
    """A person may grant less than was asked, which we look at ourselves; a server on this machine has no TLS.

    Meanwhile the libraries log nothing: they would write codes and tokens.
    """
    wanted = {"OAUTHLIB_RELAX_TOKEN_SCOPE": "1"}
    if urlsplit(client.token_uri).hostname in {"127.0.0.1", "localhost"}:
        wanted["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    quiet = {logger: logger.level for logger in map(logging.getLogger, _TALKATIVE)}
    for logger in quiet:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in quiet.items():
            logger.setLevel(level)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
