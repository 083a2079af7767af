"""Days as YouTube counts them: Pacific, two of them a year not 24 hours long. No reading, no writing."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
# Figures come 48 to 72 hours late and are restated for about a week.
TRAILING_DAYS = 7
# Now and then more: spam that is taken back weeks later, a file that was made again.
WEEKLY_DAYS = 28


def pacific_day(at: datetime) -> date:
    """The Pacific date of an instant."""
    return at.astimezone(PACIFIC).date()


def trailing_days(now: datetime, count: int = TRAILING_DAYS) -> list[date]:
    """The last `count` whole Pacific days, oldest first; the last one ended at the midnight before `now`."""
    today = pacific_day(now)
    return [today - timedelta(days=back) for back in range(count, 0, -1)]
