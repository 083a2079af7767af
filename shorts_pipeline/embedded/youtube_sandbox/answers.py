"""Answers in Google's shapes: errors, instants, the calendar of YouTube."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.responses import JSONResponse

PACIFIC = ZoneInfo("America/Los_Angeles")

_DOMAINS = {
    "quotaExceeded": "youtube.quota",
    "dailyLimitExceeded": "usageLimits",
    "rateLimitExceeded": "usageLimits",
    "userRateLimitExceeded": "usageLimits",
}


class ApiError(Exception):
    """A refusal as Google words it: HTTP status and `reason`."""

    def __init__(self, status: int, reason: str, message: str = "") -> None:
        super().__init__(message or reason)
        self.status = status
        self.reason = reason


def refusal(status: int, reason: str, message: str = "", *, retry_after: int | None = None) -> JSONResponse:
    """The error document of the Google APIs, or OAuth's short form for its own two reasons."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    if reason in {"invalid_grant", "invalid_client"}:
        body: dict[str, object] = {
            "error": reason,
            "error_description": message or "Token has been expired or revoked.",
        }
        return JSONResponse(body, status_code=status, headers=headers)
    detail = {"message": message or reason, "domain": _DOMAINS.get(reason, "youtube"), "reason": reason}
    error = {"code": status, "message": message or reason, "errors": [detail]}
    return JSONResponse({"error": error}, status_code=status, headers=headers)


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, as the Data API writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def pacific_day(at: datetime) -> date:
    """The day of YouTube's books."""
    return at.astimezone(PACIFIC).date()


def day_begins(day: date) -> datetime:
    """The Pacific midnight a day begins with, in UTC (days have 23 or 25 hours twice a year)."""
    return datetime.combine(day, time.min, tzinfo=PACIFIC).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """The Pacific midnight a day ends with, in UTC."""
    return day_begins(day + timedelta(days=1))
