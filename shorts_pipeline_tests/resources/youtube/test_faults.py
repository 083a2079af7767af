"""Every row of the facts' error table, from the true client's exceptions to what to do."""

import json
from datetime import UTC, datetime, timedelta

import httplib2
import pytest
from google.auth.exceptions import RefreshError, TransportError
from googleapiclient.errors import HttpError

from shorts_pipeline.errors import NeedsPerson, Parked, Rejected, RetryLater
from shorts_pipeline.resources.youtube.faults import (
    ChannelLimit,
    NeedsAuthorising,
    QuotaSpent,
    SetUpWrong,
    explain,
    pacific_midnight,
)

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SECRET = "https://upload.example/session?upload_id=SECRET"


def answered(status: int, reason: str = "", **headers: str) -> HttpError:
    body = {"error": {"code": status, "message": "m", "errors": [{"reason": reason}]}} if reason else {}
    response = httplib2.Response({"status": status, **headers})
    return HttpError(response, json.dumps(body).encode(), uri=SECRET)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (answered(500), RetryLater),
        (answered(502), RetryLater),
        (answered(503, "backendError"), RetryLater),
        (answered(504), RetryLater),
        (answered(429), RetryLater),
        (answered(403, "rateLimitExceeded"), RetryLater),
        (answered(403, "userRateLimitExceeded"), RetryLater),
        (answered(403, "quotaExceeded"), QuotaSpent),
        (answered(403, "dailyLimitExceeded"), QuotaSpent),
        (answered(400, "uploadLimitExceeded"), ChannelLimit),
        (answered(401, "authError"), NeedsAuthorising),
        (answered(403, "accessNotConfigured"), SetUpWrong),
        (answered(400, "invalidTitle"), Rejected),
        (answered(403, "forbidden"), Rejected),
        (answered(404, "videoNotFound"), Rejected),
        (ConnectionResetError("reset"), RetryLater),
        (TimeoutError("slow"), RetryLater),
        (httplib2.ServerNotFoundError("dns"), RetryLater),
        (TransportError("no way there"), RetryLater),
        (RefreshError("invalid_grant: revoked", {"error": "invalid_grant"}), NeedsAuthorising),
        (RefreshError("", "", retryable=False), RetryLater),
        (RefreshError("x", {"error": "temporarily_unavailable"}), RetryLater),
        (FileNotFoundError(2, "No such file", "video.mp4"), NeedsPerson),
    ],
)
def test_each_answer_leads_to_what_the_table_says(error: Exception, kind: type[Exception]):
    explained = explain(error, NOW)
    assert type(explained) is kind or (kind is NeedsPerson and isinstance(explained, kind))
    assert "SECRET" not in str(explained)


def test_quota_is_parked_to_pacific_midnight_and_a_channel_for_a_day():
    quota, channel = explain(answered(403, "quotaExceeded"), NOW), explain(answered(400, "uploadLimitExceeded"), NOW)
    assert isinstance(quota, Parked)
    assert isinstance(channel, Parked)
    assert (quota.until, channel.until) == (datetime(2026, 3, 2, 8, tzinfo=UTC), NOW + timedelta(hours=24))


def test_pacific_midnight_knows_both_changes_of_the_clock():
    assert pacific_midnight(datetime(2026, 3, 8, 20, tzinfo=UTC)) == datetime(2026, 3, 9, 7, tzinfo=UTC)
    assert pacific_midnight(datetime(2026, 11, 1, 20, tzinfo=UTC)) == datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["120", "Mon, 02 Mar 2026 00:02:00 GMT"])
def test_retry_after_is_honoured_in_seconds_and_as_a_date(text: str):
    explained = explain(answered(503, **{"retry-after": text}), NOW)
    assert isinstance(explained, RetryLater)
    assert explained.delay == timedelta(minutes=2)
