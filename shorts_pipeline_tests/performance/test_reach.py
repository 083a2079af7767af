"""Impressions and click-through rate from the Reporting API's daily files, through the true Google client."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Performance, PerformanceDay
from shorts_pipeline.embedded.youtube_sandbox import reporting_api
from shorts_pipeline.errors import Rejected
from shorts_pipeline.performance.snapshots import Pulled, pull_snapshots
from shorts_pipeline.resources.youtube import Reach, ReachFile
from shorts_pipeline_tests.performance.channel_history import FIRST, FakeYouTube, a_channel_with_uploads
from shorts_pipeline_tests.performance.conftest import OnAir

DAY = timedelta(days=1)


def row(air: OnAir, day: date) -> PerformanceDay:
    with air.sessions() as session:
        return session.get_one(PerformanceDay, (air.uploads[0].id, day))


def test_a_days_file_fills_impressions_and_rate(on_air: Callable[..., OnAir]):
    air = on_air()
    air.clock.move(9 * DAY)
    result = air.pull(air.first, air.first + DAY)
    assert (result.reach_files, result.with_impressions, result.reach_trouble) == (2, 4, [])
    found = row(air, air.first)
    assert found.impressions is not None
    assert found.impressions > 0
    assert found.ctr is not None
    assert 0 < found.ctr <= 1
    with air.sessions() as session:
        total = session.scalars(select(Performance).where(Performance.upload_id == air.uploads[0].id)).one()
    assert total.daily_snapshots[0]["impressions"] == found.impressions
    assert 0 < total.ctr <= 1


def test_a_day_without_a_file_is_null_until_there_is_one(on_air: Callable[..., OnAir]):
    air = on_air()
    air.clock.move(2 * DAY)
    early = air.pull(air.first)
    assert (row(air, air.first).impressions, row(air, air.first).ctr) == (None, None)
    assert (early.reach_files, early.reach_trouble) == (0, [])
    air.clock.move(3 * DAY)
    air.pull(air.first)
    assert (row(air, air.first).impressions or 0) > 0


def test_a_file_that_was_made_again_replaces_the_first_one(on_air: Callable[..., OnAir]):
    air = on_air()
    air.clock.move(3 * DAY)
    air.pull(air.first)
    first = row(air, air.first).impressions
    air.clock.move(7 * DAY)
    (file,) = air.youtube.reach_files(air.first, air.first)
    assert file.name.endswith("/2")
    air.pull(air.first)
    assert first is not None
    assert (row(air, air.first).impressions or 0) > first


def test_a_file_that_is_gone_forgets_nothing(sessions: sessionmaker[Session], clock: ManualClock):
    youtube = FakeYouTube()
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    youtube.show(FIRST, upload, 300, 0.25)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    youtube.reach.clear()
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    with sessions() as session:
        found = session.get_one(PerformanceDay, (upload.id, FIRST))
        assert (found.impressions, found.ctr, found.views) == (300, 0.25, None)


def test_videos_that_are_not_ours_are_passed_over(sessions: sessionmaker[Session], clock: ManualClock):
    youtube = FakeYouTube()
    with sessions.begin() as session:
        channel, (upload, *_) = a_channel_with_uploads(session)
    youtube.reach[FIRST] = [
        Reach("somebodys-own", FIRST, 10, 0.5),
        Reach(str(upload.youtube_video_id), FIRST, 20, None),
    ]
    result = pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    assert (result.with_impressions, result.reported) == (1, 1)
    with sessions() as session:
        shown = session.scalars(select(PerformanceDay.impressions).where(PerformanceDay.impressions.is_not(None)))
        assert shown.all() == [20]


@pytest.mark.parametrize(
    ("match", "do", "said"),
    [
        ({"path": "/v1/jobs", "times": 0}, {"status": 403, "reason": "accessNotConfigured"}, "accessNotConfigured"),
        ({"path": "/v1/jobs", "times": 0}, {"status": 404, "reason": "notFound"}, "404 notFound"),
        ({"path": "/v1/jobs", "times": 0}, {"status": 503}, "503"),
        ({"path": "/v1/jobs", "times": 0}, {"drop": True}, "lost"),
        ({"path": "/v1/media", "times": 0}, {"status": 404, "reason": "notFound"}, "404 notFound"),
        ({"path": "/v1/jobs", "method": "GET"}, {"answer": {"jobs": [{"name": "odd"}]}}, "not as its documentation"),
        ({"path": "/v1/media", "times": 0}, {"answer": {"odd": 1}}, "not as its documentation"),
    ],
)
def test_a_failing_reporting_api_costs_no_other_figure_and_is_told(
    on_air: Callable[..., OnAir], match: dict[str, Any], do: dict[str, Any], said: str
):
    air = on_air()
    air.clock.move(9 * DAY)
    air.sandbox.order(match=match, do=do)
    result = air.pull(air.first, air.first + DAY)
    assert (result.reported, result.with_impressions) == (4, 0)
    (reason,) = result.reach_trouble[:1]
    assert said in reason
    told = Pulled({air.channel.slug: result}).as_metadata()
    assert told["reach_trouble"][0] == f"on-air: {reason}"
    air.sandbox.clear()
    assert air.pull(air.first, air.first + DAY).with_impressions == 4


def test_one_days_broken_file_costs_only_its_own_day(on_air: Callable[..., OnAir]):
    air = on_air()
    air.clock.move(9 * DAY)
    air.sandbox.order(match={"path": "/v1/media"}, do={"status": 500})
    result = air.pull(air.first, air.first + DAY)
    assert (result.reach_files, result.with_impressions, len(result.reach_trouble)) == (1, 2, 1)
    assert row(air, air.first).impressions is None
    assert (row(air, air.first + DAY).impressions or 0) > 0


def test_a_long_list_of_reports_is_read_to_its_end(on_air: Callable[..., OnAir], monkeypatch: pytest.MonkeyPatch):
    air = on_air()
    air.youtube.reach_files(air.first, air.first)  # the job, from which on files are made
    air.clock.move(80 * DAY)
    files = air.youtube.reach_files(air.first, air.first + 69 * DAY)
    assert [file.day for file in files] == [air.first + n * DAY for n in range(70)]  # 140 reports, 50 a page
    assert air.calls("reports.list") > 2


def test_columns_of_a_file_may_come_in_another_order(on_air: Callable[..., OnAir], monkeypatch: pytest.MonkeyPatch):
    air = on_air()
    air.clock.move(9 * DAY)
    (file,) = air.youtube.reach_files(air.first, air.first)
    straight = air.youtube.read_reach(file)
    ordered = reporting_api._csv

    def reordered(*asked: Any) -> str:
        lines = [line.split(",") for line in ordered(*asked).splitlines()]
        return "\n".join(",".join(reversed(line)) for line in lines)

    monkeypatch.setattr(reporting_api, "_csv", reordered)
    assert air.youtube.read_reach(file) == straight


@pytest.mark.parametrize("rate", ["nan", "inf", "much"])
def test_a_rate_that_is_no_number_is_refused(on_air: Callable[..., OnAir], monkeypatch: pytest.MonkeyPatch, rate: str):
    air = on_air()
    air.clock.move(9 * DAY)
    text = io.StringIO()
    text.write("video_id,video_thumbnail_impressions,video_thumbnail_impressions_ctr\n")
    text.write(f"{air.uploads[0].youtube_video_id},5,{rate}\n")
    monkeypatch.setattr(reporting_api, "_csv", lambda *_: text.getvalue())
    (file,) = air.youtube.reach_files(air.first, air.first)
    with pytest.raises(Rejected, match="not as its documentation says"):
        air.youtube.read_reach(file)


def test_an_empty_cell_is_unknown_and_not_zero(on_air: Callable[..., OnAir], monkeypatch: pytest.MonkeyPatch):
    air = on_air()
    air.clock.move(9 * DAY)
    header = "video_id,video_thumbnail_impressions,video_thumbnail_impressions_ctr"
    monkeypatch.setattr(reporting_api, "_csv", lambda *_: f"{header}\na,,\nb,0,0.0\n")
    day = air.first
    file = ReachFile(day, datetime(2026, 3, 9, tzinfo=UTC), air.youtube.reach_files(day, day)[0].name)
    assert air.youtube.read_reach(file) == [Reach("a", day, None, None), Reach("b", day, 0, 0.0)]


def test_two_first_runs_at_once_share_the_job_that_one_of_them_makes(on_air: Callable[..., OnAir]):
    air = on_air()
    air.clock.move(9 * DAY)
    air.youtube.reach_files(air.first, air.first)
    # As if the other run had made it after this one looked.
    air.sandbox.order(match={"path": "/v1/jobs", "method": "GET"}, do={"answer": {"jobs": []}})
    result = air.pull(air.first)
    assert (result.with_impressions, result.reach_trouble) == (2, [])
    assert air.calls("jobs.create") == 2
