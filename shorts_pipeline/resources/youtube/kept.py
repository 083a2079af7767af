"""Google's credentials that tell what becomes of them: a fresh access token is kept, a refused one is written down."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from shorts_pipeline.clock import Clock
from shorts_pipeline.resources.youtube.faults import NeedsAuthorising, explain

Told = Callable[[str], None]
_FIELDS = ("token", "refresh_token", "token_uri", "client_id", "client_secret")


def kept_credentials(token: str, *, refreshed: Told, refused: Told, clock: Clock) -> Any:
    """Credentials from the JSON that `to_json` wrote. `refreshed` gets such a JSON again, `refused` a reason."""
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2.credentials import Credentials

    class Kept(Credentials):
        """A copy, such as each thread has, tells it too: the functions belong to the class."""

        def refresh(self, request: Any) -> None:
            try:
                super().refresh(request)  # type: ignore[no-untyped-call]
            except GoogleAuthError as error:
                explained = explain(error, clock.now())
                if isinstance(explained, NeedsAuthorising):
                    refused(str(explained))
                raise
            refreshed(self.to_json())  # type: ignore[no-untyped-call]

    kept = json.loads(token)
    # The scopes stay out: a refresh that names more than was granted is refused.
    made = Kept(**{name: kept.get(name) for name in _FIELDS})  # type: ignore[no-untyped-call]
    made.expiry = _expiry(kept.get("expiry"))
    return made


def _expiry(text: str | None) -> datetime | None:
    """Google's naive UTC; without one the token counts as fresh, and a 401 has it refreshed."""
    return None if text is None else datetime.fromisoformat(text.rstrip("Z")).replace(tzinfo=None)
