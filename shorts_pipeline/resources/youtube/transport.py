"""The true Google client, pointed at an address: services from the bundled discovery documents, with time limits.

`client_options` leaves media uploads on the original host; a document whose `rootUrl` is replaced does not.
"""

import json
import threading
from copy import copy
from functools import lru_cache
from typing import Any

TIMEOUT_SECONDS = 60.0
# The time limit holds for the sending of a whole piece, so a piece must fit into it on a slow line.
PIECE_BYTES = 4 * 1024 * 1024
_DOCUMENTS = {
    "youtube": ("youtube", "v3"),
    "analytics": ("youtubeAnalytics", "v2"),
    "reporting": ("youtubereporting", "v1"),
}


class Services:
    """The Google services of one credential: one set of objects per thread, since they share their connection."""

    def __init__(self, credentials: Any, root_url: str | None) -> None:
        self._credentials = credentials
        self._root_url = root_url
        self._of_thread = threading.local()

    def __getattr__(self, name: str) -> Any:
        if name not in _DOCUMENTS:
            raise AttributeError(name)
        if not hasattr(self._of_thread, name):
            setattr(self._of_thread, name, self._build(name))
        return getattr(self._of_thread, name)

    @property
    def http(self) -> Any:
        """This thread's authorised connection."""
        if not hasattr(self._of_thread, "http"):
            self._of_thread.http = self._connect()
        return self._of_thread.http

    def rooted(self, address: str) -> str:
        """An address the sandbox gave earlier, where it is reached now: its port may have changed."""
        if self._root_url is None:
            return address
        _, _, path = address.partition("://")[2].partition("/")
        return f"{self._root_url}/{path}"

    def _build(self, name: str) -> Any:
        from googleapiclient.discovery import build_from_document

        document = json.loads(_document(*_DOCUMENTS[name]))
        if self._root_url is not None:
            document["rootUrl"] = document["baseUrl"] = f"{self._root_url}/"
        return build_from_document(document, http=self.http)

    def _connect(self) -> Any:
        import httplib2
        from google_auth_httplib2 import AuthorizedHttp

        # The sandbox lives on this machine: no proxy stands between.
        proxy = {"proxy_info": None} if self._root_url is not None else {}
        http = httplib2.Http(timeout=TIMEOUT_SECONDS, **proxy)
        # 308 is "go on sending" in an upload, not a redirect.
        http.redirect_codes = http.redirect_codes - {308}
        return AuthorizedHttp(copy(self._credentials), http=http, max_refresh_attempts=1)


def sandbox_credentials(name: str, sandbox_url: str) -> Any:
    """OAuth credentials of the sandbox channel called `name`."""
    from google.oauth2.credentials import Credentials

    return Credentials(  # type: ignore[no-untyped-call]
        token=None,
        refresh_token=f"sandbox:{name}",
        token_uri=f"{sandbox_url}/token",
        client_id="sandbox",
        client_secret="sandbox",  # noqa: S106 - the sandbox has no secrets
    )


@lru_cache
def _document(name: str, version: str) -> str:
    from googleapiclient.discovery_cache import get_static_doc

    document: str | None = get_static_doc(name, version)
    if document is None:
        raise RuntimeError(f"google-api-python-client brings no description of {name} {version}; install it again")
    return document
