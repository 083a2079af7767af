"""OAuth, as far as a client with a refresh token meets it: each credential is one channel, made on demand.

`sandbox:<name>` is a refresh token and, for a browser or curl, an access token too.
"""

import secrets
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError, refusal

PREFIX = "sandbox:"
LIFETIME_SECONDS = 3600


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


async def token(request: Request) -> Response:
    """POST /token: an access token for a refresh token."""
    body = await request.body()
    name = name_in_form(body)
    if name is None or parse_qs(body.decode()).get("grant_type") != ["refresh_token"]:
        return refusal(400, "invalid_grant")
    access = f"{PREFIX}{name}~{secrets.token_urlsafe(8)}"
    return JSONResponse({"access_token": access, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"})
