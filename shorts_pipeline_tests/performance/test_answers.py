"""What YouTube answers, through the true Google client: late, empty, in another order, refused, in part."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shorts_pipeline.database import JobLog, JobStatus, Performance, PerformanceDay
from shorts_pipeline.errors import Rejected, RetryLater
from shorts_pipeline.resources.youtube import NeedsAuthorising, QuotaSpent
from shorts_pipeline_tests.performance.conftest import OnAir

DAY = timedelta(days=1)
REPORTS = "/v2/reports"


def row(air: OnAir, day: date, number: int = 0) -> PerformanceDay:
    with air.sessions() as session:
        return session.get_one(PerformanceDay, (air.uploads[number].id, day))


def totals(air: OnAir) -> list[Performance]:
    with air.sessions() as session:
        return list(session.scalars(select(Performance).order_by(Performance.upload_id)))


def test_a_late_day_is_empty_until_it_is_reported_and_then_filled(on_air: Callable[..., OnAir]):
    air = on_air()
    air.clock.move(DAY)
    early = air.pull(air.first)
    assert (early.asked, early.reported, early.missing) == (2, 0, 2)
    assert (row(air, air.first).views, row(air, air.first).impressions) == (None, None)
    assert [total.daily_snapshots for total in totals(air)] == [[], []]
    air.clock.move(3 * DAY)
    late = air.pull(air.first)
    assert (late.reported, late.missing) == (2, 0)
    assert (row(air, air.first).views or 0) > 0


def test_the_partial_last_day_is_replaced_by_the_whole_one(on_air: Callable[..., OnAir]):
    air = on_air()
    air.clock.move(3 * DAY)  # between 48 and 72 hours after the day's end
    air.pull(air.first)
    part = row(air, air.first).views
    air.clock.move(7 * DAY)
    air.pull(air.first)
    whole = row(air, air.first).views
    assert part is not None
    assert whole is not None
    assert 0 < part < whole
    assert [day["views"] for day in totals(air)[0].daily_snapshots] == [whole]
    assert totals(air)[0].views == whole


@pytest.mark.parametrize("empty", [{"rows": []}, {}])
def test_an_answer_without_rows_forgets_nothing_and_is_not_zero(on_air: Callable[..., OnAir], empty: dict[str, Any]):
    air = on_air()
    air.clock.move(9 * DAY)
    air.pull(air.first)
    known = row(air, air.first).views
    second = air.first + DAY
    headers = [{"name": "video"}, {"name": "views"}]
    air.sandbox.order(match={"path": REPORTS, "times": 2}, do={"answer": {"columnHeaders": headers} | empty})
    result = air.pull(air.first, second)
    assert (row(air, air.first).views, row(air, second).views) == (known, None)
    assert result.asked == 4
    assert totals(air)[0].views == known


def test_columns_in_another_order_mean_the_same(on_air: Callable[..., OnAir]):
    air = on_air()
    air.clock.move(9 * DAY)
    air.pull(air.first)
    straight = row(air, air.first)
    video = str(air.uploads[0].youtube_video_id)
    names = ["subscribersLost", "shares", "estimatedMinutesWatched", "video", "likes", "views", "averageViewPercentage"]
    answer = [1, 2, 3.0, video, 4.0, 5000.0, 61.5]
    air.sandbox.order(
        match={"path": REPORTS},
        do={"answer": {"columnHeaders": [{"name": name} for name in names], "rows": [answer]}},
    )
    air.clock.move(timedelta(hours=1))
    air.pull(air.first)
    other = row(air, air.first)
    assert (other.subscribers_lost, other.shares, other.watch_time_seconds) == (1, 2, 180)
    assert (other.likes, other.views, other.avg_view_percentage) == (4, 5000, 61.5)
    assert (other.comments, other.avg_view_duration) == (straight.comments, straight.avg_view_duration)


@pytest.mark.parametrize(
    ("status", "reason", "error"),
    [
        (400, "badRequest", Rejected),
        (503, "backendError", RetryLater),
        (403, "quotaExceeded", QuotaSpent),
        (401, "authError", NeedsAuthorising),
    ],
)
def test_a_refused_day_fails_the_run_and_keeps_the_days_before_it(
    on_air: Callable[..., OnAir], status: int, reason: str, error: type[Exception]
):
    air = on_air()
    air.clock.move(9 * DAY)
    do = {"status": status, "reason": reason}
    air.sandbox.order(match={"path": REPORTS, "skip": 1, "times": 0}, do=do)
    with pytest.raises(error):
        air.pull(air.first, air.first + DAY, air.first + 2 * DAY)
    with air.sessions() as session:
        assert set(session.scalars(select(PerformanceDay.day))) == {air.first}
        assert session.scalars(select(JobLog.status)).all() == [JobStatus.FAILED]
    assert [one.views for one in totals(air)] == [row(air, air.first, n).views for n in range(2)]
    air.sandbox.clear()
    assert air.pull(air.first, air.first + DAY, air.first + 2 * DAY).reported == 6


def test_calls_are_days_times_two_hundreds_of_videos_as_youtube_counts_them(on_air: Callable[..., OnAir]):
    """Two hundred ids do not fit into an address: the client sends them another way, and it is still one call."""
    from shorts_pipeline_tests.rows import a_published_upload

    air = on_air(2)
    with air.sessions.begin() as session:
        for _ in range(399):
            a_published_upload(session, air.channel, uploaded_at=air.uploads[0].uploaded_at)
    air.clock.move(9 * DAY)
    result = air.pull(*(air.first + n * DAY for n in range(4)))
    assert result.calls == air.calls("reports.query") == 4 * 3  # 401 videos
    assert (result.asked, result.reported) == (4 * 401, 8)
    # One list of jobs (and its making), one of reports, and a file a day.
    assert {name: air.calls(name) for name in ("jobs.list", "jobs.create", "reports.list", "media.download")} == {
        "jobs.list": 1,
        "jobs.create": 1,
        "reports.list": 1,
        "media.download": 4,
    }
