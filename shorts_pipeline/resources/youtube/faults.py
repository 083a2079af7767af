"""What to do about an answer of Google's: the table of the facts, as exceptions of errors.py.

Messages are made here from status and reason. Google's own texts hold addresses, and the address of an upload
session is a secret: the original exceptions are cut off (`from None`).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from zoneinfo import ZoneInfo

from shorts_pipeline.clock import Clock
from shorts_pipeline.errors import NeedsPerson, Parked, PipelineError, Rejected, RetryLater

PACIFIC = ZoneInfo("America/Los_Angeles")
CHANNEL_PAUSE = timedelta(hours=24)
_QUOTA = {"quotaExceeded", "dailyLimitExceeded"}
_RATE = {"rateLimitExceeded", "userRateLimitExceeded"}
_SET_UP = {"accessNotConfigured", "insufficientPermissions", "youtubeSignupRequired", "SERVICE_DISABLED"}


class QuotaSpent(Parked):
    """The Google project has nothing left until Pacific midnight: every channel waits."""


class ChannelLimit(Parked):
    """YouTube takes no more uploads of this channel for a day; the others go on."""


class NeedsAuthorising(NeedsPerson):
    """The channel's credential is dead: its uploads stop until a person authorises it again."""


class SetUpWrong(NeedsPerson):
    """The Google project or account lacks something: an API, a scope, a channel."""


class SessionExpired(RetryLater):
    """The upload session is gone: look for the finished video, then open a new one."""


@contextmanager
def explained(clock: Clock) -> Iterator[None]:
    """Turn what the Google client raises inside the block into what to do about it."""
    from google.auth.exceptions import GoogleAuthError
    from googleapiclient.errors import HttpError
    from httplib2 import HttpLib2Error

    try:
        yield
    except (HttpError, GoogleAuthError, HttpLib2Error, OSError, HTTPException) as error:
        raise explain(error, clock.now()) from None


def explain(error: Exception, now: datetime) -> PipelineError:
    """What to do about `error`."""
    from google.auth.exceptions import GoogleAuthError
    from googleapiclient.errors import HttpError

    if isinstance(error, HttpError):
        return _answered(int(error.resp.status), reason_of(error), retry_after(error, now), now)
    if isinstance(error, GoogleAuthError):
        return _authorising(error)
    if isinstance(error, OSError) and error.filename is not None:
        return NeedsPerson(f"{error.filename} cannot be read: {error.strerror}")
    return RetryLater(f"the connection to YouTube was lost ({type(error).__name__})")


def reason_of(error: Exception) -> str:
    """Google's `reason` in an HttpError; the empty string where the body has none."""
    try:
        problem = json.loads(getattr(error, "content", b"") or b"{}").get("error", {})
    except (ValueError, AttributeError):
        return ""
    if not isinstance(problem, dict):
        return str(problem)
    details = [*problem.get("errors", []), *problem.get("details", [])]
    return next((str(each["reason"]) for each in details if isinstance(each, dict) and "reason" in each), "")


def retry_after(error: Exception, now: datetime) -> timedelta | None:
    """The Retry-After header, in seconds or as a date."""
    text = getattr(error, "resp", {}).get("retry-after")
    if text is None:
        return None
    try:
        return timedelta(seconds=max(0, int(text)))
    except ValueError:
        pass
    try:
        return max(timedelta(0), parsedate_to_datetime(text) - now)
    except (ValueError, TypeError):
        return None


def pacific_midnight(now: datetime) -> datetime:
    """When the quota's day ends."""
    tomorrow = now.astimezone(PACIFIC).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=PACIFIC).astimezone(now.tzinfo)


def _answered(status: int, reason: str, delay: timedelta | None, now: datetime) -> PipelineError:
    said = f"YouTube answered {status} {reason}".rstrip()
    if status in {500, 502, 503, 504}:
        return RetryLater(f"{said}: its own trouble", delay=delay)
    if reason in _QUOTA:
        return QuotaSpent(f"{said}: the project's quota of today is spent", until=pacific_midnight(now))
    if status == 429 or reason in _RATE:
        return RetryLater(f"{said}: too fast", delay=delay)
    if reason == "uploadLimitExceeded":
        return ChannelLimit(f"{said}: this channel may upload no more for a day", until=now + CHANNEL_PAUSE)
    if status == 401:
        return NeedsAuthorising(f"{said}: the credential is not accepted, even refreshed. {_AUTHORISE}")
    if reason in _SET_UP:
        return SetUpWrong(f"{said}: check the Google project (APIs enabled, scopes granted) and the account's channel")
    return Rejected(f"{said}: the request is refused for good")


_AUTHORISE = "Authorise the channel again: `shorts youtube connect <channel>`."


def _authorising(error: Exception) -> PipelineError:
    detail = error.args[1] if len(error.args) > 1 else None
    if isinstance(detail, dict) and detail.get("error") == "invalid_grant":
        return NeedsAuthorising(f"Google says invalid_grant: the credential expired or was revoked. {_AUTHORISE}")
    # Any other failure to refresh is passing, whatever it says about itself: a 503 says "not retryable".
    return RetryLater(f"the credential could not be refreshed just now ({type(error).__name__})")
