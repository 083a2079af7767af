"""OAuth, as far as an installed application meets it: each credential is one channel, made on demand.

`sandbox:<name>` is a refresh token and, for a browser or curl, an access token too.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError, refusal

PREFIX = "sandbox:"
LIFETIME_SECONDS = 3600
CODE_LIFE = timedelta(minutes=10)


def name_in(token: str) -> str | None:
    """The channel's name in a refresh or access token."""
    name = token.removeprefix(PREFIX).split("~", 1)[0]
    return name if token.startswith(PREFIX) and name else None


def bearer(headers: Headers) -> str | None:
    """The channel's name in a request's Authorization header."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return name_in(token) if kind.lower() == "bearer" else None


def asking(request: Request) -> str:
    """The name of the channel that asks; 401 without a credential of ours."""
    name = bearer(request.headers)
    if name is None:
        raise ApiError(401, "authError", "Invalid Credentials")
    return name


def name_in_form(body: bytes) -> str | None:
    """The channel's name in the form sent to the token endpoint."""
    return name_in("".join(parse_qs(body.decode(errors="replace")).get("refresh_token", [])))


@dataclass(frozen=True)
class Code:
    """What a code given in the browser stands for, until it is used once or is ten minutes old."""

    name: str
    scope: str
    redirect_uri: str
    challenge: str | None
    offline: bool
    given_at: datetime


@dataclass
class Authorisations:
    """OAuth's endpoints. Which refresh tokens were taken back is kept on disk."""

    revoked_file: Path
    codes: dict[str, Code] = field(default_factory=dict)

    async def authorise(self, request: Request) -> Response:
        """GET /o/oauth2/auth: asks which channel, then sends the browser back with a code.

        `login_hint` names the channel at once; without it there is a page to choose on.
        """
        asked = request.query_params
        back = asked.get("redirect_uri", "")
        if asked.get("response_type") != "code" or urlsplit(back).hostname not in {"127.0.0.1", "localhost"}:
            return PlainTextResponse("Error 400: redirect_uri_mismatch", status_code=400)
        if "refuse" in asked:
            return _back(back, error="access_denied", state=asked.get("state", ""))
        name = asked.get("login_hint", "").strip()
        if not name:
            return HTMLResponse(_page(asked))
        code = f"4/{secrets.token_urlsafe(24)}"
        self.codes[code] = Code(
            name,
            asked.get("scope", ""),
            back,
            asked.get("code_challenge"),
            asked.get("access_type") == "offline",
            _now(request),
        )
        return _back(back, code=code, state=asked.get("state", ""), scope=asked.get("scope", ""))

    async def token(self, request: Request) -> Response:
        """POST /token: tokens for a code, or an access token for a refresh token."""
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if form.get("grant_type") == "authorization_code":
            return self._first(request, form)
        given = form.get("refresh_token", "")
        name = name_in(given)
        if name is None or form.get("grant_type") != "refresh_token" or given in self._revoked():
            return refusal(400, "invalid_grant")
        return JSONResponse(_access(name))

    async def revoke(self, request: Request) -> Response:
        """POST /revoke: a refresh token is worth nothing any more."""
        given = parse_qs((await request.body()).decode()).get("token", [""])[0]
        revoked = self._revoked()
        if name_in(given) is None or given in revoked:
            return JSONResponse({"error": "invalid_token"}, status_code=400)
        temporary = self.revoked_file.with_suffix(".partial")
        temporary.write_text(json.dumps([*revoked, given]), encoding="utf-8")
        temporary.replace(self.revoked_file)
        return JSONResponse({})

    def _first(self, request: Request, form: dict[str, str]) -> Response:
        code = self.codes.pop(form.get("code", ""), None)
        # A client names itself in the form or, as Google's library does, by HTTP's own means.
        basic = request.headers.get("authorization", "").startswith("Basic ")
        if not basic and not (form.get("client_id") and form.get("client_secret")):
            return refusal(401, "invalid_client", "The OAuth client was not found.")
        if (
            code is None
            or _now(request) - code.given_at > CODE_LIFE
            or code.redirect_uri != form.get("redirect_uri")
            or code.challenge != _challenge(form.get("code_verifier"))
        ):
            return refusal(400, "invalid_grant", "Malformed auth code.")
        renewable = {"refresh_token": f"{PREFIX}{code.name}~{secrets.token_urlsafe(24)}"} if code.offline else {}
        return JSONResponse({**_access(code.name), **renewable, "scope": code.scope})

    def _revoked(self) -> list[str]:
        try:
            revoked: list[str] = json.loads(self.revoked_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        return revoked


def _access(name: str) -> dict[str, Any]:
    access = f"{PREFIX}{name}~{secrets.token_urlsafe(8)}"
    return {"access_token": access, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"}


def _now(request: Request) -> datetime:
    now: datetime = request.app.state.world.clock.now()
    return now


def _challenge(verifier: str | None) -> str | None:
    """What S256 makes of a verifier (RFC 7636)."""
    if verifier is None:
        return None
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _back(address: str, **said: str) -> Response:
    return RedirectResponse(f"{address}?{urlencode(said)}", status_code=302)


def _page(asked: QueryParams) -> str:
    """Which channel authorises? The form sends everything back, with the name."""
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in asked.items()
    )
    return (
        '<!doctype html><meta charset="utf-8"><title>YouTube sandbox</title>'
        '<body style="font:16px system-ui;max-width:34em;margin:4em auto"><h1>YouTube sandbox</h1>'
        f"<p>A program asks for: {escape(asked.get('scope', ''))}</p><form>{kept}"
        '<p><label>As which channel? <input name="login_hint" required autofocus></label></p>'
        "<button>Allow</button></form>"
        f'<form>{kept}<button name="refuse" value="1">Refuse</button></form></body>'
    )
