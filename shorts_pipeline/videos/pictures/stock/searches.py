"""Searches: asking a library, within what it allows.

An answer is kept for 24 hours, for all channels of the media root: Pixabay's terms ask for it, and it saves Pexels'
200 requests an hour. A library that says "too many", or cannot be reached, rests: nobody asks it again before the
time is over, and meanwhile the channel's next source is used. How many requests were sent lately is counted here,
so that it hardly ever has to say so.
"""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from shorts_pipeline.errors import ConfigurationError, NeedsPerson, PipelineError
from shorts_pipeline.resources.fetch import Fetched, FetchFailed
from shorts_pipeline.resources.fetch.client import Fetcher
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.pictures.stock.offers import Kind, Offer
from shorts_pipeline.videos.pictures.stock.requests import Library, Request

KEPT: Final = timedelta(hours=24)
FOLDER: Final = "cache/searches"
ALLOWED: Final = {"pexels": (200, timedelta(hours=1)), "pixabay": (100, timedelta(minutes=1))}
UNREACHED: Final = timedelta(minutes=5)
LONGEST_REST: Final = timedelta(days=31)
_SHORTEST_REST: Final = timedelta(minutes=1)
_log = logging.getLogger(__name__)
# At its most talkative urllib3 logs every address with its query, and Pixabay's key stands there.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


@dataclass(frozen=True)
class Searches:
    """Asks libraries; what it remembers lies in the media root, for all processes."""

    store: MediaStore
    fetcher: Fetcher
    now: datetime

    def offers(self, library: Library, key: str, words: str, language: str, kind: Kind) -> list[Offer]:
        """What the library has; nothing while it rests. Raises `ConfigurationError` where it refuses the key."""
        request = library.request(words, language, kind, key)
        document = self._kept(request)
        if document is None:
            document = self._asked(library, request, key)
        return library.offers(document, kind) if document is not None else []

    def _kept(self, request: Request) -> dict[str, Any] | None:
        kept = _read(self.store, _name(request.known_as))
        asked_at = _time(kept.get("asked_at"))
        fresh = asked_at is not None and timedelta(0) <= self.now - asked_at < KEPT
        answer = kept.get("answer")
        return answer if fresh and isinstance(answer, dict) else None

    def _asked(self, library: Library, request: Request, key: str) -> dict[str, Any] | None:
        rest = _Rest(self.store, f"{FOLDER}/{library.name}-{_digest(key)[:16]}.json", library.name, self.now)
        if not rest.may_ask():
            return None
        try:
            fetched = self.fetcher.fetch(request.full, now=self.now, headers=request.headers)
        except FetchFailed as failure:
            if failure.status in library.key_refused:
                raise ConfigurationError(
                    f"{library.name} refused the key ({failure.status}): look at the secret that "
                    f"content_config.video.{library.name}_secret names"
                ) from None
            rest.lie_down(_how_long(library, failure), f"{failure}")
            return None
        except NeedsPerson:
            raise
        except PipelineError as error:
            rest.lie_down(UNREACHED, f"{error}")
            return None
        return self._understood(request, fetched, rest)

    def _understood(self, request: Request, fetched: Fetched, rest: "_Rest") -> dict[str, Any] | None:
        rest.heed(fetched)
        try:
            answer = json.loads(fetched.body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            rest.lie_down(UNREACHED, "its answer was no JSON object")
            return None
        kept = {"asked_at": self.now.isoformat(), "answer": answer}
        self.store.write_bytes(_name(request.known_as), json.dumps(kept).encode())
        return answer


@dataclass(frozen=True)
class _Rest:
    """When a library may be asked again with one key."""

    store: MediaStore
    file: str
    library: str
    now: datetime

    def may_ask(self) -> bool:
        """Whether a request may be sent; it is then counted as sent."""
        known = _read(self.store, self.file)
        until = _time(known.get("until"))
        if until is not None and self.now < until:
            return False
        most, span = ALLOWED.get(self.library, (100, timedelta(hours=1)))
        times = [at for text in known.get("asked", []) if (at := _time(text)) and timedelta(0) <= self.now - at < span]
        if len(times) >= most:
            return False
        self._write(None, [*times, self.now])
        return True

    def lie_down(self, delay: timedelta, why: str) -> None:
        """Nobody asks before `delay` is over."""
        _log.warning("%s rests for %s: %s", self.library, delay, why)
        self._write(self.now + min(delay, LONGEST_REST), [])

    def heed(self, fetched: Fetched) -> None:
        """What a good answer says of the requests that are left."""
        left, reset = (fetched.headers.get(f"x-ratelimit-{name}", "") for name in ("remaining", "reset"))
        if left.strip() == "0" and reset.strip().isdigit():
            self.lie_down(_until(int(reset), self.now), "no requests are left")

    def _write(self, until: datetime | None, asked: list[datetime]) -> None:
        known = {"until": until and until.isoformat(), "asked": [at.isoformat() for at in asked]}
        self.store.write_bytes(self.file, json.dumps(known).encode())


def _until(reset: int, now: datetime) -> timedelta:
    """Seconds left (Pixabay), or the Unix time at which it ends (Pexels)."""
    if reset < 1_000_000_000:
        return max(timedelta(seconds=reset), _SHORTEST_REST)
    return max(datetime.fromtimestamp(min(reset, 32_503_680_000), UTC) - now, _SHORTEST_REST)


def _how_long(library: Library, failure: FetchFailed) -> timedelta:
    if failure.status == HTTPStatus.TOO_MANY_REQUESTS:
        return failure.delay or library.rests
    return failure.delay or UNREACHED


def _name(known_as: str) -> str:
    digest = _digest(known_as)
    return f"{FOLDER}/{digest[:2]}/{digest}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read(store: MediaStore, file: str) -> dict[str, Any]:
    try:
        found = json.loads(store.path(file).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _time(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
