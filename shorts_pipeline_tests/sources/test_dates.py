"""Moments as they are written on pages, in APIs and in feeds."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shorts_pipeline.sources.items import Where, published
from shorts_pipeline.sources.parse import Entry

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SEOUL = Where("https://e.com/", ZoneInfo("Asia/Seoul"), NOW)


def at(written: str) -> datetime | None:
    return published(Entry(published=written), SEOUL)


@pytest.mark.parametrize(
    "written",
    [
        "1772409600",
        "1772409600000",
        "1772409600.0",
        "2026-03-02T09:00:00+09:00",
        "2026-03-02 09:00",
        "Mon, 02 Mar 2026 00:00:00 GMT",
        "2026.03.02 09:00",
        "2026.03.02. 09:00:00",
        "2026년 3월 2일 9시 0분",
        "2026. 3. 2. 오전 9:00:00",
        "09:00",
        "오전 9:00",
    ],
)
def test_one_moment_in_many_spellings(written: str) -> None:
    assert at(written) == NOW


@pytest.mark.parametrize(
    ("written", "ago"),
    [
        ("3분 전", timedelta(minutes=3)),
        ("2시간 전", timedelta(hours=2)),
        ("1일전", timedelta(days=1)),
        ("an hour ago", timedelta(hours=1)),
        ("5 min ago", timedelta(minutes=5)),
        ("5d ago", timedelta(days=5)),
        ("09:12", timedelta(hours=23, minutes=48)),
        ("03-02", timedelta(hours=9)),
        ("12.31", timedelta(days=61, hours=9)),
        ("Mar 1, 2026", timedelta(days=1, hours=9)),
    ],
)
def test_what_leaves_something_out_is_the_latest_such_moment(written: str, ago: timedelta) -> None:
    assert at(written) == NOW - ago


@pytest.mark.parametrize(
    "written", ["", "yesterday", "soon", "13.45", "99:99", "1" * 70, "0000-00-00", "9999999999999999", "3 bananas ago"]
)
def test_what_is_no_moment_is_none(written: str) -> None:
    assert at(written) is None
